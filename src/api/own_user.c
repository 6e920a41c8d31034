/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/own_user.h"

#include "api/authorization.h"
#include "base/json.h"

/* Members of a user that say what they may do. */
static const char *const rights[] = { "priv_level", "role", "enabled",
	"restrictions" };

struct problem *
own_user_check(const struct call *c, struct json_object *shown,
    struct json_object *document)
{
	struct json_object *is, *said;
	size_t i;

	if (caller_role(c) == ROLE_ADMIN)
		return NULL;
	for (i = 0; i < NELEM(rights); i++) {
		is = json_at(shown, rights[i]);
		if (json_object_object_get_ex(c->body, rights[i], &said) &&
		    !json_object_equal(is, said))
			return problem_text(c->arena, PROBLEM_FORBIDDEN,
			    "%s: only an admin changes it", rights[i]);
		json_object_object_del(document, rights[i]);
		if (is != NULL)
			json_object_object_add(document, rights[i],
			    json_object_get(is));
	}
	return NULL;
}
