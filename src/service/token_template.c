/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/token_template.h"

#include <string.h>

#include "base/json.h"
#include "base/token_rules.h"
#include "store/auth.h"
#include "store/services.h"

/* All that tokens are made by, but the command line, which is above templates. */
static const struct token_maker makers[] = {
	{ "cb_user_auth", "admin" },
	{ "cb_user_auth", "user" },
	{ "cb_api_auth", "admin" },
};

/* Ends the tokens that would have other rules under this template. */
static struct problem *
end_others(struct db *db, struct arena *a, const char *account_id,
    const char *template)
{
	struct token_selection those = { .account_id = account_id };
	struct problem *p = NULL;
	size_t i;

	for (i = 0; i < NELEM(makers) && p == NULL; i++) {
		those.method = makers[i].method;
		those.priv_level = makers[i].priv_level;
		those.rules = token_rules_of(a, template, &makers[i]);
		p = store_token_end(db, a, &those);
	}
	return p;
}

static struct json_object *
note(struct arena *a, const char *template)
{
	struct json_object *note = json_own(a, json_object_new_object());

	json_put_string(note, "event", template == NULL ?
	    "token_restrictions_removed" : "token_restrictions_set");
	return note;
}

static bool
is_same(const char *one, const char *other)
{
	return one == NULL || other == NULL ? one == other :
	    strcmp(one, other) == 0;
}

struct problem *
template_change(struct db *db, struct arena *a, const struct actor *actor,
    const struct template_edit *wanted)
{
	struct change change = change_by(actor, CHANGE_UNASKED,
	    wanted->account_id);
	struct service service;
	const char *current;
	struct problem *p;

	if ((p = store_service_load(db, a, wanted->account_id, SERVICE_LOCK,
	    &service)) != NULL ||
	    (p = store_token_template_show(db, a, wanted->account_id,
	    &current)) != NULL ||
	    (p = wanted->check(current, wanted->state)) != NULL ||
	    is_same(current, wanted->template))
		return p;
	if ((p = store_token_template_save(db, a, wanted->account_id,
	    wanted->template, actor->now)) != NULL ||
	    (!service.is_master && (p = end_others(db, a, wanted->account_id,
	    wanted->template)) != NULL))
		return p;
	change.note = note(a, wanted->template);
	return change_note(db, a, &change, &service);
}
