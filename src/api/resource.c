/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/resource.h"

#include <string.h>

#include "api/actor.h"
#include "api/authorization.h"
#include "api/commit.h"
#include "api/entity.h"
#include "base/attr.h"
#include "base/schema.h"
#include "billing/number_features.h"
#include "billing/overlay.h"
#include "billing/schemas.h"
#include "service/object_document.h"

#define ID_LENGTH_MAX 64

/* ---- documents ---- */

struct problem *
resource_find(struct call *c, const struct kind *kind, const char *id,
    struct object **out)
{
	struct problem *p = NULL;

	*out = NULL;
	if (strlen(id) <= ID_LENGTH_MAX)
		p = store_object_show(
		    c->db, c->arena, c->account_id, kind, id, out);
	return p == NULL && *out == NULL ?
	    problem_bad_identifier(c->arena, id) : p;
}

struct json_object *
resource_body(struct call *c, struct json_object *given)
{
	struct json_object *document = json_own(c->arena,
	    json_public_copy(given));

	json_object_object_del(document, "id");
	json_object_object_del(document, "_read_only");
	return document;
}

struct json_object *
resource_changed(struct call *c, const struct kind *kind,
    struct json_object *before, struct json_object *body)
{
	return resource_merged(c, kind, before, body,
	    c->request->method == METHOD_PATCH);
}

struct json_object *
resource_merged(struct call *c, const struct kind *kind,
    struct json_object *before, struct json_object *body, bool stays)
{
	const struct object_edit edit = {
		.body = body,
		.stays = stays,
		.sells = caller_sells(c),
		.now = c->now,
		.authorization = kind->first_state == NULL ? NULL :
		    actor_authorization(c),
	};

	return object_document(c->arena, kind, before, &edit);
}

/* Adds the computed members of a number. */
static void
put_number(struct arena *a, struct json_object *json, const char *account_id)
{
	struct json_object *list = json_object_new_array();
	const char *const *names;
	size_t count = number_features_of(a, json, &names), i;

	for (i = 0; i < count; i++)
		json_object_array_add(list, json_object_new_string(names[i]));
	json_object_object_add(json, "features", list);
	json_object_object_del(json, NUMBER_FEATURES);
	json_put_string(json, "assigned_to", account_id);
}

/* Adds the computed members of what is assigned to an account. */
static void
put_assigned(struct json_object *json, const struct kind *kind,
    const char *account_id)
{
	json_put_string(json, "assigned_to", account_id);
	json_put_string(json, "status", "assigned");
	json_put_string(json, "type", kind->type);
}

static void
put_free(struct json_object *json)
{
	json_object_object_del(json, "assigned_to");
	json_put_string(json, "status", "available");
}

struct json_object *
resource_json(struct arena *a, const struct kind *kind, const char *account_id,
    const char *id, struct json_object *document)
{
	struct json_object *json = json_own(a, json_object_new_object());

	overlay_patch(json, document);
	kind_hide(kind, json);
	schema_defaults(schemas_of_kind(kind), json);
	json_put_string(json, "id", id);
	if (kind->has_features)
		put_number(a, json, account_id);
	if (kind->assigned)
		put_assigned(json, kind, account_id);
	return json;
}

struct json_object *
resource_shown(struct call *c, const struct kind *kind, const char *id,
    struct json_object *document)
{
	return resource_json(c->arena, kind, c->account_id, id, document);
}

/* Adds when it was made and changed; of a number also what its document says
 * of it, where Kazoo's clients look for that. */
static void
put_times(struct json_object *json, const struct object *o)
{
	struct json_object *read_only = json_object_new_object(), *value;
	static const char *const copied[] = { "state", "used_by", "features" };
	size_t i;

	json_put_int(json, "created", o->created);
	json_put_int(json, "updated", o->modified);
	json_put_int(read_only, "created", o->created);
	json_put_int(read_only, "modified", o->modified);
	for (i = 0; o->kind->has_features && i < NELEM(copied); i++)
		if ((value = json_at(json, copied[i])) != NULL)
			json_object_object_add(read_only, copied[i],
			    json_object_get(value));
	json_object_object_add(json, "_read_only", read_only);
}

struct json_object *
resource_object_json(struct arena *a, const char *account_id,
    const struct object *o)
{
	struct json_object *json = resource_json(a, o->kind, account_id, o->id,
	    o->document);

	if (o->kind->timed)
		put_times(json, o);
	return json;
}

struct json_object *
resource_object_shown(struct call *c, const struct object *o)
{
	return resource_object_json(c->arena, c->account_id, o);
}

struct problem *
resource_read(struct call *c, const struct kind *kind,
    const struct page_query *query, struct list_page *out)
{
	struct object_list list;
	struct problem *p;
	struct object *o;
	size_t i;

	p = store_object_list(
	    c->db, c->arena, c->account_id, kind, query, &list);
	if (p != NULL)
		return p;
	out->count = list.count;
	out->items = arena_alloc(c->arena, list.count * sizeof(*out->items));
	for (i = 0; i < list.count; i++) {
		o = &list.objects[i];
		out->items[i] = (struct list_item){
			.place = { o->id, o->created, 0 },
			.modified = o->modified,
			.whole = resource_object_shown(c, o),
		};
	}
	return NULL;
}

/* ---- the request ---- */

struct problem *
resource_add(struct resource_request *r, const struct kind *kind,
    const char *id, struct json_object *before, struct json_object *document,
    const char *place)
{
	const struct object_change change = {
		.kind = kind,
		.id = id,
		.before = before,
		.document = document,
		.place = place,
	};

	return object_batch_add(&r->batch, r->call->arena, &change);
}

static struct problem *
prepare(struct object_batch *batch, struct db *db, struct arena *a)
{
	struct resource_request *r = batch->state;

	(void)db;
	(void)a;
	return r->prepare(r);
}

static struct problem *
work(struct call *c, void *state)
{
	struct resource_request *r = state;
	const struct actor actor = actor_of_call(c);
	struct problem *p = object_batch_commit(c->db, c->arena, &actor,
	    &r->batch);

	return p != NULL ? p : r->answer(r);
}

struct problem *
resource_commit(struct resource_request *r)
{
	r->batch = (struct object_batch){
		.account_id = r->call->account_id,
		.rule = CHANGE_COUNTED,
		.forgives = r->call->request->method == METHOD_PATCH,
		.sells = caller_sells(r->call),
		.prepare = prepare,
		.state = r,
	};
	return commit_request(r->call, work, r);
}

/* ---- answers ---- */

struct json_object *
resource_change_json(struct resource_request *r,
    const struct object_change *change)
{
	const struct object object = {
		.kind = change->kind,
		.id = change->id,
		.created = change->created == 0 ? r->call->now : change->created,
		.modified = r->call->now,
		.document = change->document != NULL ? change->document :
		    change->before,
	};
	struct json_object *json = resource_object_shown(r->call, &object);
	struct json_object *read_only;

	if (change->document == NULL) {
		if (change->kind->assigned)
			put_free(json);
		read_only = json_object_at(json, "_read_only");
		if (read_only == NULL) {
			read_only = json_object_new_object();
			json_object_object_add(json, "_read_only", read_only);
		}
		json_put_bool(read_only, "deleted", true);
	}
	return json;
}

struct problem *
resource_answer(struct resource_request *r)
{
	const struct object_change *change = &r->batch.changes[0];

	r->call->response->entity = change->document != NULL;
	entity_answer(r->call, resource_change_json(r, change));
	return NULL;
}

struct problem *
resource_answer_created(struct resource_request *r)
{
	const struct object_change *change = &r->batch.changes[0];
	struct response *rs = r->call->response;

	rs->status = 201;
	rs->location = arena_printf(r->call->arena, "/v2/accounts/%s/%s/%s",
	    r->call->account_id, change->kind->noun, change->id);
	return resource_answer(r);
}
