/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/owned.h"

#include <string.h>

#include "base/json.h"

#define NAME "object_types"

/* The kinds that a request names, each once, in the order of kind_at. */
struct owned_kinds {
	struct resource_request *r;
	const char *user_id;
	bool named[64];
};

static struct problem *
refuse(const struct resource_request *r, const char *code, const char *text)
{
	return problem_invalid(r->call->arena, NAME, code, "%s", text);
}

/* Takes the noun of a kind, its type in a Kazoo, or "all". */
static struct problem *
take_name(struct owned_kinds *kinds, const char *name)
{
	const struct kind *noun = kind_of_noun(name), *type = kind_of_type(name);
	const struct kind *kind;
	bool known = false, all = strcmp(name, "all") == 0;
	size_t i;

	for (i = 0; i < NELEM(kinds->named) && (kind = kind_at(i)) != NULL; i++)
		if (kind->owned && (all || kind == noun || kind == type))
			kinds->named[i] = known = true;
	return known ? NULL : problem_invalid(kinds->r->call->arena, NAME,
	    "enum", "%s: no kind of objects that users own", name);
}

/* Takes the names of a text with commas. */
static struct problem *
take_text(struct owned_kinds *kinds, const char *text)
{
	struct arena *a = kinds->r->call->arena;
	struct problem *p = NULL;
	size_t length;

	for (;;) {
		length = strcspn(text, ",");
		p = take_name(kinds, arena_strndup(a, text, length));
		if (p != NULL || text[length] == '\0')
			return p;
		text += length + 1;
	}
}

static struct problem *
take_list(struct owned_kinds *kinds, struct json_object *list)
{
	size_t i, count = json_object_array_length(list);
	struct json_object *one;
	struct problem *p = NULL;

	for (i = 0; i < count && p == NULL; i++) {
		one = json_object_array_get_idx(list, i);
		p = json_object_is_type(one, json_type_string) ?
		    take_name(kinds, json_object_get_string(one)) :
		    refuse(kinds->r, "type",
		    "Value did not match type(s): string");
	}
	return p;
}

static struct problem *
add_kind(const struct owned_kinds *kinds, const struct kind *kind)
{
	struct resource_request *r = kinds->r;
	struct call *c = r->call;
	size_t room = OBJECTS_AT_ONCE - r->batch.count, i;
	struct object_list list;
	struct problem *p;

	p = store_object_owned_list(c->db, c->arena, &(struct object_owner){
	    c->account_id, kind, kinds->user_id, (int64_t)room + 1 }, &list);
	if (p == NULL && list.count > room)
		p = problem_invalid(c->arena, NAME, "maxItems",
		    "A request deletes at most %d objects", OBJECTS_AT_ONCE);
	for (i = 0; p == NULL && i < list.count; i++)
		p = resource_add(r, kind, list.objects[i].id,
		    list.objects[i].document, NULL, "");
	return p;
}

/* Reads the list in data or beside it, or the text of the query. */
static struct problem *
take_kinds(struct owned_kinds *kinds, bool *given)
{
	const struct request *rq = kinds->r->call->request;
	const char *text = request_query(rq, NAME);
	struct json_object *json = json_at(rq->data, NAME);

	if (json == NULL)
		json = json_at(rq->envelope, NAME);
	*given = text != NULL || json != NULL;
	if (text != NULL || json_object_is_type(json, json_type_string))
		return take_text(kinds, text != NULL ? text :
		    json_object_get_string(json));
	if (json_object_is_type(json, json_type_array))
		return take_list(kinds, json);
	return json == NULL ? NULL : refuse(kinds->r, "type",
	    "Value did not match type(s): array, string");
}

struct problem *
owned_add(struct resource_request *r, const struct object *object)
{
	struct owned_kinds kinds = { .r = r, .user_id = object->id };
	const struct kind *kind;
	struct problem *p;
	bool given;
	size_t i;

	p = take_kinds(&kinds, &given);
	if (p != NULL || !given)
		return p;
	if (object->kind != &kind_users)
		return refuse(r, "unsupported", "only users own objects");
	for (i = 0; p == NULL && i < NELEM(kinds.named) &&
	    (kind = kind_at(i)) != NULL; i++)
		if (kinds.named[i])
			p = add_kind(&kinds, kind);
	return p;
}
