/* SPDX-License-Identifier: GPL-3.0-or-later */
/* whitelabel/{DOMAIN}: whose pages a domain shows. */
#include "config.h"

#include "api/whitelabel.h"

#include "api/entity.h"
#include "api/handlers.h"
#include "api/resource.h"
#include "service/portal.h"

struct problem *
whitelabel_in_use(struct call *c, struct whitelabel **out)
{
	const struct whitelabel_search search = {
		.domain = c->parameters[0],
		.reserved = portal_host(c->arena, c->config),
		.now = c->now,
	};
	struct problem *p = store_whitelabel_find(c->db, c->arena, &search,
	    out);

	return p != NULL || *out != NULL ? p :
	    problem_bad_identifier(c->arena, c->parameters[0]);
}

struct problem *
whitelabel_lookup(struct call *c)
{
	struct whitelabel *seen;
	struct json_object *json;
	struct problem *p = whitelabel_in_use(c, &seen);

	if (p != NULL)
		return p;
	json = resource_json(c->arena, &kind_whitelabel, "",
	    kind_whitelabel.noun, seen->document);
	json_object_object_del(json, "billing"); /* none of the public's business */
	entity_answer(c, json);
	return NULL;
}
