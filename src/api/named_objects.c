/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/named_objects.h"

#include <string.h>

#include "api/entity.h"

/* ---- reading ---- */

static struct problem *
read_page(struct call *c, void *state, const struct page_query *query,
    struct list_page *out)
{
	const struct named_kind *const *named = state;
	struct problem *p = resource_read(c, (*named)->kind, query, out);
	size_t i;

	for (i = 0; p == NULL && i < out->count; i++) {
		json_put_int(out->items[i].whole, "created",
		    out->items[i].place.created);
		json_put_int(out->items[i].whole, "updated",
		    out->items[i].modified);
	}
	return p;
}

static struct json_object *
keyed_json(struct call *c, void *state, struct json_object *whole)
{
	(void)c;
	(void)state;
	json_object_object_del(whole, "id"); /* it is the key */
	return whole;
}

struct problem *
named_objects_list(struct call *c, const struct named_kind *named)
{
	const struct listing listing = {
		.file_name = named->kind->noun,
		.keyed = named->keyed,
		.read = read_page,
		.shown = named->keyed ? keyed_json : NULL,
		.state = &named,
	};

	return listing_answer(c, &listing);
}

struct problem *
named_object_show(struct call *c, const struct named_kind *named)
{
	struct object *object;
	const char *id;
	struct problem *p;

	if ((p = named->read_id(c, c->parameters[0], "id", &id)) != NULL ||
	    (p = resource_find(c, named->kind, id, &object)) != NULL)
		return p;
	entity_answer(c, resource_shown(c, named->kind, id, object->document));
	return NULL;
}

/* ---- changing ---- */

/* The new document; *after NULL: the object is deleted. */
static struct problem *
document_after(struct call *c, const struct named_change *change,
    struct object *object, const char *id, struct json_object **after)
{
	const struct named_kind *named = change->named;
	struct json_object *before = object == NULL ? NULL : object->document;

	if (object == NULL && (change->action == NAMED_CHANGE ||
	    change->action == NAMED_DELETE))
		return problem_bad_identifier(c->arena, id);
	*after = NULL;
	if (change->action == NAMED_DELETE)
		return NULL;
	*after = change->stays ?
	    resource_merged(c, named->kind, before, change->body, true) :
	    resource_changed(c, named->kind, before, change->body);
	if (change->state != NULL)
		json_put_string(*after, "state", change->state);
	if (named->id_member != NULL)
		json_put_string(*after, named->id_member, id);
	return NULL;
}

static bool
is_listed_twice(const struct resource_request *r, const char *id)
{
	size_t i;

	for (i = 0; i < r->batch.count; i++)
		if (strcmp(r->batch.changes[i].id, id) == 0)
			return true;
	return false;
}

static struct problem *
add_one(struct resource_request *r, const char *text, const char *field)
{
	const struct named_change *change = r->state;
	const struct kind *kind = change->named->kind;
	struct call *c = r->call;
	struct json_object *after = NULL;
	struct object *object;
	const char *id;
	struct problem *p;

	if ((p = change->named->read_id(c, text, field, &id)) != NULL)
		return p;
	if (is_listed_twice(r, id))
		return NULL;
	p = store_object_show(
	    c->db, c->arena, c->account_id, kind, id, &object);
	if (p != NULL)
		return p;
	if (object != NULL && change->action == NAMED_CREATE)
		return problem_text(c->arena, PROBLEM_CONFLICT,
		    "%s: the account has it already", id);
	if (object != NULL && change->ids == NULL && (p = entity_match(c,
	    resource_shown(c, kind, id, object->document))) != NULL)
		return p;
	if ((p = document_after(c, change, object, id, &after)) != NULL)
		return p;
	return resource_add(r, kind, id,
	    object == NULL ? NULL : object->document, after, "");
}

static struct problem *
prepare(struct resource_request *r)
{
	const struct named_change *change = r->state;
	struct json_object *one;
	struct problem *p = NULL;
	const char *field;
	size_t i, count;

	if (change->ids == NULL)
		return add_one(r, r->call->parameters[0], "id");
	count = json_object_array_length(change->ids);
	for (i = 0; i < count && p == NULL; i++) {
		one = json_object_array_get_idx(change->ids, i);
		field = arena_printf(r->call->arena, "%s.%zu",
		    change->named->ids, i);
		p = json_object_is_type(one, json_type_string) ?
		    add_one(r, json_object_get_string(one), field) :
		    problem_invalid(r->call->arena, field, "type",
		    "Value did not match type(s): string");
	}
	return p;
}

struct problem *
named_objects_change(struct call *c, struct named_change *change,
    struct problem *(*answer)(struct resource_request *r))
{
	struct resource_request r = {
		.call = c,
		.prepare = prepare,
		.answer = answer,
		.state = change,
	};

	return resource_commit(&r);
}

struct problem *
named_object_change(struct call *c, struct named_change *change)
{
	change->body = resource_body(c, c->body);
	change->created = c->request->method == METHOD_PUT;
	return named_objects_change(c, change, change->created ?
	    resource_answer_created : resource_answer);
}
