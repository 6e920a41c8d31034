/* SPDX-License-Identifier: GPL-3.0-or-later */
/* whitelabel/{DOMAIN}: whose pages a domain shows. */
#include "config.h"

#include "api/whitelabel.h"

#include "api/entity.h"
#include "api/handlers.h"
#include "api/resource.h"
#include "service/portal.h"

/* *out NULL: there is none in use. */
static struct problem *
find(struct call *c, struct whitelabel **out)
{
	const struct whitelabel_search search = {
		.domain = c->parameters[0],
		.reserved = portal_host(c->arena, c->config),
		.now = c->now,
	};

	return store_whitelabel_find(c->db, c->arena, &search, out);
}

struct problem *
whitelabel_in_use(struct call *c, struct whitelabel **out)
{
	struct problem *p = find(c, out);

	return p != NULL || *out != NULL ? p :
	    problem_bad_identifier(c->arena, c->parameters[0]);
}

/* As everybody sees it; NULL: an empty one. */
static struct json_object *
public_json(struct call *c, const struct whitelabel *seen)
{
	struct json_object *json;

	if (seen == NULL)
		return json_own(c->arena, json_object_new_object());
	json = resource_json(c->arena, &kind_whitelabel, "",
	    kind_whitelabel.noun, seen->document);
	json_object_object_del(json, "billing"); /* none of the public's business */
	return json;
}

/* A page asks with fallback=true before it knows whether there is one, and which
 * of the pictures there are: what is not there is no error to it. */
struct problem *
whitelabel_lookup(struct call *c)
{
	const bool fallback = request_control_is(c->request, "fallback",
	    "true");
	struct whitelabel *seen;
	struct json_object *json;
	struct problem *p = fallback ? find(c, &seen) :
	    whitelabel_in_use(c, &seen);

	if (p != NULL)
		return p;
	json = public_json(c, seen);
	if (fallback && seen != NULL) {
		json_put_bool(json, "logo", seen->has_logo);
		json_put_bool(json, "icon", seen->has_icon);
	}
	entity_answer(c, json);
	return NULL;
}
