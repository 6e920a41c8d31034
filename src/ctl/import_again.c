/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/import_source.h"

#include <string.h>

#include "base/secret.h"
#include "service/imported_quantities.h"
#include "store/imported.h"
#include "store/objects.h"

struct problem *
import_again_lock(struct import_source *s)
{
	struct service service;

	return s->importer->since == 0 ? NULL : store_service_load(s->db,
	    s->arena, s->account_id, SERVICE_LOCK_PATH, &service);
}

struct problem *
import_again_settle(struct db *db, struct arena *a, const char *account_id,
    int64_t now)
{
	struct service before;
	struct problem *p = store_service_load(db, a, account_id, SERVICE_LOOK,
	    &before);

	return p != NULL ? p : imported_quantities_settle(db, a, &before, NULL,
	    now);
}

int64_t
import_again_digest(const char *text)
{
	unsigned char digest[DIGEST_BYTES];
	int64_t number = 0;
	size_t i;

	secret_digest(text, strlen(text), digest);
	for (i = 0; i < sizeof(number) - 1; i++)
		number = number << 8 | digest[i];
	return number;
}

struct problem *
import_again_note(struct import_source *s, const struct import_here *here)
{
	return store_imported_note(s->db, s->arena, &(struct imported){
	    here->account_id, here->kind, s->id, here->state });
}

static void
leave(struct import_source *s, const char *why)
{
	s->outcome.note = arena_printf(s->arena, "%s; %s", why,
	    s->outcome.note);
}

struct problem *
import_again_decide(struct import_source *s, const struct import_here *here,
    bool *replace)
{
	struct imported known = { here->account_id, here->kind, s->id, 0 };
	struct import_here was;
	bool same = s->outcome.result == IMPORT_KNOWN &&
	    s->outcome.note == NULL;
	struct problem *p;
	bool found;

	*replace = false;
	if ((p = store_imported_show(s->db, s->arena, &known, &found)) != NULL)
		return p;
	/* Earlier versions did not remember it. */
	if (!found && s->outcome.result == IMPORT_KNOWN) {
		s->first_noted = true;
		was = (struct import_here){ here->account_id, here->kind,
		    same ? here->state : s->modified, false };
		return import_again_note(s, &was);
	}
	if (s->importer->since == 0)
		return NULL;
	/* Here it was changed last, but there as well. */
	if (!same && found && s->outcome.result == IMPORT_KNOWN &&
	    s->modified > known.state) {
		s->outcome.result = IMPORT_CONFLICT;
		s->outcome.note = arena_printf(s->arena,
		    "what is here differs: %s", s->differing);
	}
	if (same) {
		*replace = here->has_more && known.state == here->state &&
		    s->modified > known.state;
	} else if (s->outcome.result == IMPORT_CONFLICT) {
		if (!found)
			leave(s, "it is not known to have been imported");
		else if (known.state != here->state)
			leave(s, "it was changed here as well");
		else
			*replace = true;
	}
	if (*replace) {
		s->outcome.result = IMPORT_REPLACED;
		s->outcome.note = NULL;
	}
	return NULL;
}
