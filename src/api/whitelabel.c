/* SPDX-License-Identifier: GPL-3.0-or-later */
/* whitelabel/{DOMAIN}: whose pages a domain shows. */
#include "config.h"

#include "api/entity.h"
#include "api/handlers.h"
#include "api/resource.h"

struct problem *
whitelabel_lookup(struct call *c)
{
	struct json_object *json;
	struct object *object;
	struct problem *p;

	p = store_object_by_claim(c->db, c->arena, &kind_whitelabel,
	    c->parameters[0], &object);
	if (p != NULL)
		return p;
	if (object == NULL)
		return problem_bad_identifier(c->arena, c->parameters[0]);
	json = resource_json(c->arena, object->kind, "", object->id,
	    object->document);
	json_object_object_del(json, "billing"); /* none of the public's business */
	entity_answer(c, json);
	return NULL;
}
