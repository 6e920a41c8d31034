/* SPDX-License-Identifier: GPL-3.0-or-later */
/* apps_store/blacklist: the applications an account does not see. */
#include "config.h"

#include "api/apps_offered.h"
#include "api/entity.h"
#include "api/handlers.h"
#include "api/resource.h"

static struct json_object *
blacklist_json(struct call *c, struct json_object *document)
{
	struct json_object *list = json_array_at(document, "blacklist");
	struct json_object *json = json_own(c->arena, json_object_new_object());

	json_object_object_add(json, "blacklist", list == NULL ?
	    json_object_new_array() : json_object_get(list));
	return json;
}

struct problem *
apps_store_blacklist(struct call *c)
{
	struct json_object *document;
	struct problem *p;
	bool there;

	p = apps_store_load(c, &document, &there);
	if (p == NULL)
		entity_answer(c, blacklist_json(c, document));
	return p;
}

static struct problem *
prepare_blacklist(struct resource_request *r)
{
	struct call *c = r->call;
	struct json_object *before, *after, *list;
	struct problem *p;
	bool there;

	if ((p = apps_store_load(c, &before, &there)) != NULL ||
	    (p = entity_match(c, blacklist_json(c, before))) != NULL)
		return p;
	list = json_at(c->body, "blacklist");
	after = json_own(c->arena, json_public_copy(before));
	json_object_object_add(after, "blacklist", list == NULL ?
	    json_object_new_array() : json_object_get(list));
	return resource_add(r, &kind_apps_store, kind_apps_store.noun,
	    there ? before : NULL, after, "");
}

static struct problem *
answer_saved_blacklist(struct resource_request *r)
{
	entity_answer(r->call, blacklist_json(r->call,
	    r->batch.changes[0].document));
	return NULL;
}

struct problem *
apps_store_blacklist_change(struct call *c)
{
	struct resource_request r = {
		.call = c,
		.prepare = prepare_blacklist,
		.answer = answer_saved_blacklist,
	};

	return resource_commit(&r);
}
