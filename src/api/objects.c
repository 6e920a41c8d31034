/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * users, devices, vmboxes...: every kind whose objects are made by PUT of the
 * noun; and limits, whitelabel, of which an account has one.
 */
#include "config.h"

#include <string.h>

#include "api/entity.h"
#include "api/handlers.h"
#include "api/own_user.h"
#include "api/owned.h"
#include "api/resource.h"
#include "base/ids.h"
#include "base/schema.h"
#include "billing/schemas.h"
#include "service/user_document.h"

/* ---- schemas ---- */

struct problem *
schemas_list(struct call *c)
{
	enum schema_name name;

	json_begin_array(&c->response->json);
	for (name = SCHEMA_NONE + 1; name < SCHEMA__MAX; name++)
		json_string(&c->response->json, schemas_name(name));
	json_end(&c->response->json);
	return NULL;
}

struct problem *
schemas_show(struct call *c)
{
	const struct schema *schema = schemas_named(c->parameters[0]);

	if (schema == NULL)
		return problem_bad_identifier(c->arena, c->parameters[0]);
	json_tree(&c->response->json, schema_document(schema));
	return NULL;
}

/* ---- reading ---- */

static struct problem *
read_objects(struct call *c, void *state,
    const struct page_query *query, struct list_page *out)
{
	(void)state;
	return resource_read(c, c->kind, query, out);
}

static struct json_object *
short_json(struct call *c, void *state, struct json_object *whole)
{
	struct json_object *json = members_named(c->arena, whole,
	    arena_printf(c->arena, "id %s", c->kind->listed));

	(void)state;
	if (c->kind->logs_in)
		json_object_object_add(json, "features", user_document_features(whole));
	return json;
}

/* Kazoo's own clients ask for whole documents so. */
static bool
wants_short(const struct call *c)
{
	return c->kind->listed != NULL &&
	    !request_control_is(c->request, "full_docs", "true");
}

struct problem *
objects_list(struct call *c)
{
	const struct listing listing = {
		.file_name = c->kind->noun,
		.read = read_objects,
		.shown = wants_short(c) ? short_json : NULL,
	};

	if (c->kind == &kind_port_requests)
		return port_requests_list(c);
	return listing_answer(c, &listing);
}

struct problem *
objects_show(struct call *c)
{
	struct object *object;
	struct problem *p = resource_find(
	    c, c->kind, c->parameters[0], &object);

	if (p == NULL)
		entity_answer(c, resource_object_shown(c, object));
	return p;
}

/* ---- one object ---- */

static const char *
fresh_id(struct call *c)
{
	char *id = arena_alloc(c->arena, ID_SIZE);

	id_new(id);
	return id;
}

static struct problem *
prepare_new(struct resource_request *r)
{
	struct call *c = r->call;

	return resource_add(r, c->kind, fresh_id(c), NULL,
	    resource_changed(c, c->kind, NULL, resource_body(c, c->body)), "");
}

struct problem *
objects_create(struct call *c)
{
	struct resource_request r = {
		.call = c,
		.prepare = prepare_new,
		.answer = resource_answer_created,
	};

	return resource_commit(&r);
}

/* The object's id is the state of the request: the one in the path, or the
 * noun itself. */
static struct problem *
prepare_change(struct resource_request *r)
{
	struct call *c = r->call;
	struct json_object *shown, *document = NULL;
	struct object *object;
	struct problem *p;

	if ((p = resource_find(c, c->kind, r->state, &object)) != NULL)
		return p;
	shown = resource_object_shown(c, object);
	if ((p = entity_match(c, shown)) != NULL)
		return p;
	if (c->request->method != METHOD_DELETE)
		document = resource_changed(c, c->kind, object->document,
		    resource_body(c, c->body));
	if (document != NULL && c->kind == &kind_users &&
	    (p = own_user_check(c, shown, document)) != NULL)
		return p;
	p = resource_add(r, c->kind, object->id, object->document, document,
	    "");
	if (p == NULL)
		r->batch.changes[0].created = object->created;
	return p != NULL || document != NULL ? p : owned_add(r, object);
}

static struct problem *
commit_one(struct call *c, const char *id,
    struct problem *(*prepare)(struct resource_request *r),
    struct problem *(*answer)(struct resource_request *r))
{
	struct resource_request r = {
		.call = c,
		.prepare = prepare,
		.answer = answer,
		.state = arena_strdup(c->arena, id),
	};

	return resource_commit(&r);
}

struct problem *
objects_change(struct call *c)
{
	return commit_one(c, c->parameters[0], prepare_change,
	    resource_answer);
}

/* ---- many at once ---- */

static struct problem *
prepare_collection(struct resource_request *r)
{
	struct call *c = r->call;
	size_t i, n = json_object_array_length(c->body);
	struct json_object *body;
	struct problem *p = NULL;

	for (i = 0; i < n && p == NULL; i++) {
		body = resource_body(c, json_without_client_members(c->arena,
		    json_object_array_get_idx(c->body, i)));
		p = resource_add(r, c->kind, fresh_id(c), NULL,
		    resource_changed(c, c->kind, NULL, body),
		    arena_printf(c->arena, "%zu", i));
	}
	return p;
}

static struct problem *
answer_collection(struct resource_request *r)
{
	struct json_object *list = json_own(r->call->arena,
	    json_object_new_array());
	const struct object_change *change;
	size_t i;

	for (i = 0; i < r->batch.count; i++) {
		change = &r->batch.changes[i];
		if (change->kind == r->call->kind)
			json_object_array_add(list, json_object_get(
			    resource_change_json(r, change)));
	}
	r->call->response->status = 201;
	entity_answer(r->call, list);
	return NULL;
}

struct problem *
objects_create_many(struct call *c)
{
	struct resource_request r = {
		.call = c,
		.prepare = prepare_collection,
		.answer = answer_collection,
	};

	return resource_commit(&r);
}

/* ---- one object for each account ---- */

/* Nobody but the reseller sets what the reseller sets, unless that is the
 * master account (rules/accounts 5). */
static struct problem *
check_setter(const struct call *c)
{
	const struct session *s = c->session;

	return !c->kind->set_by_reseller || s->is_master ||
	    s->target_reseller_is_master ||
	    strcmp(s->target_reseller_id, s->account_id) == 0 ? NULL :
	    problem_text(c->arena, PROBLEM_FORBIDDEN,
	    "please contact your phone provider to add limits");
}

struct problem *
settings_show(struct call *c)
{
	struct object *object;
	struct problem *p;

	p = store_object_show(
	    c->db, c->arena, c->account_id, c->kind, c->kind->noun, &object);
	if (p != NULL)
		return p;
	if (object == NULL && !c->kind->always_there)
		return problem_bad_identifier(c->arena, c->kind->noun);
	entity_answer(c, resource_shown(c, c->kind, c->kind->noun,
	    object == NULL ? NULL : object->document));
	return NULL;
}

static struct problem *
prepare_setting(struct resource_request *r)
{
	struct call *c = r->call;
	struct json_object *before;
	struct object *object;
	struct problem *p;

	p = store_object_show(
	    c->db, c->arena, c->account_id, c->kind, c->kind->noun, &object);
	if (p != NULL)
		return p;
	before = object == NULL ? NULL : object->document;
	if (before != NULL && c->request->method == METHOD_PUT)
		return problem_text(c->arena, PROBLEM_CONFLICT,
		    "the account has a %s already: change it", c->kind->noun);
	if ((p = entity_match(c, resource_shown(c, c->kind, c->kind->noun,
	    before))) != NULL)
		return p;
	return resource_add(r, c->kind, c->kind->noun, before,
	    resource_changed(c, c->kind, before, resource_body(c, c->body)),
	    "");
}

static struct problem *
answer_setting(struct resource_request *r)
{
	struct problem *p = resource_answer(r);

	if (r->call->request->method == METHOD_PUT) {
		r->call->response->status = 201;
		r->call->response->location = r->call->request->path;
	}
	return p;
}

struct problem *
settings_change(struct call *c)
{
	struct problem *p = check_setter(c);

	return p != NULL ? p : commit_one(c, c->kind->noun, prepare_setting,
	    answer_setting);
}

struct problem *
settings_delete(struct call *c)
{
	struct problem *p = check_setter(c);

	return p != NULL ? p : commit_one(c, c->kind->noun, prepare_change,
	    resource_answer);
}
