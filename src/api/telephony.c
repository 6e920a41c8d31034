/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Nouns that pages of telephony ask before they open. Reeve has none of this, and
 * says so: an account has no directories, no calls go through here. Each noun has
 * its empty document.
 */
#include "config.h"

#include <string.h>

#include "api/entity.h"
#include "api/handlers.h"
#include "api/routes.h"

/* The answer to each route of this handler. */
static const struct empty {
	const char *path; /* below the account */
	const char *document;
} empty[] = {
	{ "access_lists", "{}" },
	{ "channels", "[]" },
	{ "configs/{NAME}", "{}" },
	{ "devices/status", "[]" },
	{ "directories", "[]" },
	{ "groups", "[]" },
	{ "multi_factor", "{\"multi_factor_providers\":[]}" },
	{ "security", "{\"account\":{},\"inherited_config\":{}}" },
};

struct problem *
telephony_show(struct call *c)
{
	const char *path = c->route->path + strlen("accounts/{ACCOUNT_ID}/");
	const char *document = NULL;
	const char *error;
	size_t i;

	for (i = 0; i < NELEM(empty); i++)
		if (strcmp(empty[i].path, path) == 0)
			document = empty[i].document;
	if (document == NULL)
		return problem_fault(c->arena, "%s has no document", path);
	entity_answer(c, json_parse(c->arena, document, strlen(document),
	    &error));
	return NULL;
}
