/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/named_objects.h"

#include <string.h>

#include "api/entity.h"
#include "base/json.h"
#include "service/number_refusal.h"

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
	json_object_object_del(whole, "_read_only");
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

/* Answers with an object; what is known of it stands beside it as well. */
static struct problem *
named_object_answer(struct call *c, const struct named_kind *named,
    struct json_object *shown)
{
	if (named->kind->timed)
		c->response->metadata = json_object_at(shown, "_read_only");
	entity_answer(c, shown);
	return NULL;
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
	return named_object_answer(c, named, resource_object_shown(c, object));
}

/* ---- changing ---- */

/* The new document; *after NULL: the object is deleted. */
static struct problem *
document_after(struct call *c, const struct named_change *change,
    struct object *object, const char *id, struct json_object **after)
{
	const struct named_kind *named = change->named;
	struct json_object *before = object == NULL ? NULL : object->document;
	struct problem *p = NULL;

	*after = NULL;
	if (change->action == NAMED_DELETE)
		return NULL;
	*after = change->stays ?
	    resource_merged(c, named->kind, before, change->body, true) :
	    resource_changed(c, named->kind, before, change->body);
	if (named->settle != NULL)
		p = named->settle(c, change, id, before, *after);
	if (named->id_member != NULL)
		json_put_string(*after, named->id_member, id);
	return p;
}

/* Refuses to create an object that the account has, or to change one that it
 * does not. */
static struct problem *
check_there(struct call *c, const struct named_change *change,
    const struct object *object, const char *id)
{
	bool number = change->named->kind == &kind_phone_numbers;

	if (object != NULL)
		return change->action != NAMED_CREATE ? NULL : number ?
		    refusal_of_number(c->arena, NUMBER_EXISTS, id, NULL) :
		    problem_text(c->arena, PROBLEM_CONFLICT,
		    "%s: the account has it already", id);
	if (change->action == NAMED_CREATE ||
	    change->action == NAMED_CREATE_OR_CHANGE)
		return NULL;
	return change->ids != NULL && number ?
	    refusal_of_number(c->arena, NUMBER_IS_UNKNOWN, id, NULL) :
	    problem_bad_identifier(c->arena, id);
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
	if ((p = check_there(c, change, object, id)) != NULL)
		return p;
	if (object != NULL && change->ids == NULL && (p = entity_match(c,
	    resource_object_shown(c, object))) != NULL)
		return p;
	if ((p = document_after(c, change, object, id, &after)) != NULL ||
	    (p = resource_add(r, kind, id, object == NULL ? NULL :
	    object->document, after, "")) != NULL)
		return p;
	if (object != NULL)
		r->batch.changes[r->batch.count - 1].created = object->created;
	return NULL;
}

/* Collects the refusal of a number, so that an answer names all of them. */
static struct problem *
collect_refusal(struct resource_request *r, const char *text, struct problem *p)
{
	const struct named_change *change = r->state;
	const char *id;

	if (r->batch.refused == NULL || !refusal_is_number(p))
		return p;
	if (change->named->read_id(r->call, text, "", &id) != NULL)
		id = text;
	json_object_object_add(r->batch.refused, id, json_object_get(p->data));
	return NULL;
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
	if (change->named->kind == &kind_phone_numbers)
		r->batch.refused = json_own(r->call->arena,
		    json_object_new_object());
	for (i = 0; i < count && p == NULL; i++) {
		one = json_object_array_get_idx(change->ids, i);
		field = arena_printf(r->call->arena, "%s.%zu",
		    change->named->ids, i);
		p = json_object_is_type(one, json_type_string) ?
		    collect_refusal(r, json_object_get_string(one),
		    add_one(r, json_object_get_string(one), field)) :
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

static struct problem *
answer_one(struct resource_request *r)
{
	const struct named_change *change = r->state;
	struct problem *p = change->created ? resource_answer_created(r) :
	    resource_answer(r);

	if (change->named->kind->timed)
		r->call->response->metadata = json_object_at(
		    resource_change_json(r, &r->batch.changes[0]),
		    "_read_only");
	return p;
}

struct problem *
named_object_change(struct call *c, struct named_change *change)
{
	change->body = resource_body(c, c->body);
	change->created = c->request->method == METHOD_PUT;
	return named_objects_change(c, change, answer_one);
}
