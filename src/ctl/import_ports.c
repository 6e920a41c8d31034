/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells of imported port requests and numbers of which two accounts, or two
 * requests, have one: all are imported, and one at most is completed. */
#include "config.h"

#include "ctl/import_source.h"

#include <string.h>

#include "base/json.h"
#include "billing/port_state.h"
#include "service/object.h"
#include "service/port_request.h"

#define TOLD_MAX 5 /* numbers that a note names */

static void
tell(struct import_source *s, const char *what)
{
	s->outcome.note = s->outcome.note == NULL ? what :
	    arena_printf(s->arena, "%s; %s", s->outcome.note, what);
}

/* Is a holder the object itself, or of no concern to it? */
static bool
is_fine(const struct import_source *s, const struct object *object,
    const struct number_holder *holder)
{
	bool own = strcmp(holder->account_id, s->account_id) == 0;

	/* An account ports into numbers of its own. */
	return own && (holder->port_id[0] == '\0' ||
	    object->kind == &kind_phone_numbers ||
	    strcmp(holder->port_id, object->id) == 0);
}

static const char *
describe(struct import_source *s, const struct object *object,
    const struct number_holder *holder, bool lost)
{
	if (holder->port_id[0] == '\0')
		return arena_printf(s->arena, "%s is a phone number of account "
		    "%s", holder->number, holder->account_id);
	return arena_printf(s->arena, "%s %s port request %s of account %s",
	    holder->number, object->kind == &kind_phone_numbers ?
	    "is also in" : lost ? "was taken from the younger" :
	    "is held by the older", holder->port_id, holder->account_id);
}

static bool
holds_still(const struct number_holders *holders,
    const struct number_holder *holder)
{
	size_t i;

	for (i = 0; i < holders->count; i++)
		if (strcmp(holders->holders[i].number, holder->number) == 0 &&
		    strcmp(holders->holders[i].port_id, holder->port_id) == 0)
			return true;
	return false;
}

/* The numbers of an object that are taken from others, or are to be; NULL: it
 * takes none. */
static struct json_object *
numbers_taken(struct import_source *s, const struct object *object)
{
	struct json_object *numbers;

	if (object->kind == &kind_port_requests)
		return porting_holds(port_request_state(object->document)) ?
		    json_object_at(object->document, "numbers") : NULL;
	if (object->kind != &kind_phone_numbers)
		return NULL;
	numbers = json_own(s->arena, json_object_new_object());
	json_object_object_add(numbers, object->id, NULL);
	return numbers;
}

struct problem *
import_ports_before(struct import_source *s, const struct object *object,
    struct number_holders *out)
{
	struct problem *p;

	*out = (struct number_holders){ .count = 0 };
	if (object->kind != &kind_port_requests)
		return NULL;
	p = port_request_normalize(s->arena, s->importer->actor.config,
	    object->document, true, "");
	return p != NULL ? p : port_number_holders(s->db, s->arena,
	    numbers_taken(s, object), out);
}

struct problem *
import_ports_tell(struct import_source *s, const struct object *object,
    const struct number_holders *before)
{
	const char *state = json_string_at(object->document, "port_state");
	struct number_holders after;
	size_t i, found = 0;
	struct problem *p;

	if ((p = port_number_holders(s->db, s->arena, numbers_taken(s, object),
	    &after)) != NULL)
		return p;
	for (i = 0; i < after.count; i++)
		if (!is_fine(s, object, &after.holders[i]) &&
		    found++ < TOLD_MAX)
			tell(s, describe(s, object, &after.holders[i], false));
	for (i = 0; i < before->count; i++)
		if (!is_fine(s, object, &before->holders[i]) &&
		    !holds_still(&after, &before->holders[i]) &&
		    found++ < TOLD_MAX)
			tell(s, describe(s, object, &before->holders[i], true));
	if (found > TOLD_MAX)
		tell(s, arena_printf(s->arena, "and %zu more",
		    found - TOLD_MAX));
	if (object->kind == &kind_port_requests && state != NULL &&
	    !porting_known(state))
		tell(s, arena_printf(s->arena, "'%s' is no state of a port "
		    "request: its account's seller makes it unconfirmed or "
		    "canceled", state));
	return NULL;
}
