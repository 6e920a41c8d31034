/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/last_admin.h"

#include "base/role.h"

/* An admin by the document alone, who is enabled. */
static bool
is_admin(struct json_object *document)
{
	const struct role_said said = { json_string_at(document, "role"),
		json_string_at(document, "priv_level") };
	struct json_object *enabled = json_at(document, "enabled");

	return document != NULL && role_of(&said, ROLE_USER) == ROLE_ADMIN &&
	    (enabled == NULL || json_object_get_boolean(enabled));
}

static bool
loses_admin(const struct object_change *change)
{
	return change->kind->logs_in && is_admin(change->before) &&
	    !is_admin(change->document);
}

struct problem *
last_admin_check(struct db *db, struct arena *a, const char *account_id,
    const struct object_change *changes, size_t count)
{
	struct problem *p;
	size_t i = 0;
	bool found;

	while (i < count && !loses_admin(&changes[i]))
		i++;
	if (i == count)
		return NULL;
	p = store_user_admin_check(db, a, account_id, &found);
	return p != NULL || found ? p : problem_text(a, PROBLEM_CONFLICT,
	    "this is the last admin of the account: make another one first");
}
