/* SPDX-License-Identifier: GPL-3.0-or-later */
/* port_requests/{ID}/{STATE}: a port request comes into a state. */
#include "config.h"

#include "api/entity.h"
#include "api/handlers.h"
#include "api/resource.h"
#include "service/object_document.h"

static struct problem *
prepare_transition(struct resource_request *r)
{
	struct call *c = r->call;
	const struct kind *kind = &kind_port_requests;
	struct json_object *after;
	struct object *object;
	struct problem *p;

	if ((p = resource_find(c, kind, c->parameters[0], &object)) != NULL ||
	    (p = entity_match(c, resource_shown(c, kind, object->id,
	    object->document))) != NULL)
		return p;
	after = json_own(c->arena, json_public_copy(object->document));
	port_request_enter(c->arena, after, c->parameters[1], c->now);
	return resource_add(r, kind, object->id, object->document, after,
	    "");
}

static struct problem *
answer_transition(struct resource_request *r)
{
	const struct object_change *change = &r->batch.changes[0];

	entity_answer(r->call, resource_shown(r->call, change->kind,
	    change->id, change->document));
	return NULL;
}

struct problem *
port_requests_transition(struct call *c)
{
	struct resource_request r = {
		.call = c,
		.prepare = prepare_transition,
		.answer = answer_transition,
	};

	return resource_commit(&r);
}
