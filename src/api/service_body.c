/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/service_body.h"

#include <string.h>
#include <strings.h>

struct problem *
service_body_of(struct call *c, struct json_object *data,
    struct json_object **out)
{
	if (!json_object_is_type(data, json_type_object))
		return problem_invalid(c->arena, "data", "type",
		    "Value did not match type(s): object");
	*out = json_without_client_members(c->arena, data);
	return NULL;
}

struct problem *
service_body(struct call *c, struct json_object **out)
{
	return service_body_of(c, c->request->data, out);
}

static bool
says_yes(const char *text)
{
	return strcasecmp(text, "true") == 0 || strcmp(text, "1") == 0;
}

bool
service_charges_accepted(const struct call *c)
{
	struct json_object *given = json_at(c->request->data, "accept_charges");
	const char *text = given == NULL ?
	    request_control(c->request, "accept_charges") :
	    json_object_get_string(given);

	return text != NULL && says_yes(text);
}

bool
service_merges(const struct call *c)
{
	return c->request->method == METHOD_PATCH ||
	    request_control_is(c->request, "merge", "true");
}

static struct problem *
wrong_type(const struct call *c, const char *path, const char *type)
{
	return problem_invalid(c->arena, path, "type",
	    "Value did not match type(s): %s", type);
}

/* A member of a type; NULL and no problem: it is not there. */
static struct problem *
typed_member(const struct call *c, struct json_object *body, const char *prefix,
    const char *key, enum json_type type, struct json_object **out)
{
	*out = NULL;
	if (!json_object_object_get_ex(body, key, out) || *out == NULL ||
	    json_object_is_type(*out, type))
		return NULL;
	return wrong_type(c, problem_path(c->arena, prefix, key), type == json_type_int ?
	    "integer" : json_type_to_name(type));
}

/* ---- plans ---- */

struct assignment
service_assignment(struct call *c, struct service *proposed)
{
	return (struct assignment){
		.db = c->db,
		.arena = c->arena,
		.proposed = proposed,
		.merges = service_merges(c),
	};
}

static struct problem *
add_one(const struct call *c, const struct assignment *assignment,
    struct json_object *element, const char *path)
{
	struct json_object *id;
	struct problem *p;

	if (json_object_is_type(element, json_type_string))
		return assignment_add(assignment,
		    json_object_get_string(element), NULL, path);
	if (!json_object_is_type(element, json_type_object))
		return wrong_type(c, path, "string, object");
	p = typed_member(c, element, path, "id", json_type_string, &id);
	if (p == NULL && id == NULL)
		p = problem_invalid(c->arena, problem_path(c->arena, path,
		    "id"), "required", "Field is required but missing");
	return p != NULL ? p : assignment_add(assignment,
	    json_object_get_string(id), element, path);
}

static struct problem *
add_plans(const struct call *c, const struct assignment *assignment,
    struct json_object *body)
{
	const char *key = json_at(body, "add") != NULL ? "add" : "plans";
	struct json_object *list;
	struct problem *p;
	size_t i, n;

	p = typed_member(c, body, "", key, json_type_array, &list);
	n = p != NULL || list == NULL ? 0 : json_object_array_length(list);
	for (i = 0; i < n && p == NULL; i++)
		p = add_one(c, assignment, json_object_array_get_idx(list, i),
		    arena_printf(c->arena, "%s.%zu", key, i));
	return p;
}

struct problem *
service_unassign_all(struct call *c, struct service *proposed,
    struct json_object *list, const char *name)
{
	const struct assignment assignment = service_assignment(c, proposed);
	size_t i, n = json_object_array_length(list);
	struct problem *p = NULL;
	struct json_object *id;

	for (i = 0; i < n && p == NULL; i++) {
		id = json_object_array_get_idx(list, i);
		p = json_object_is_type(id, json_type_string) ?
		    assignment_remove(&assignment,
		    json_object_get_string(id)) :
		    wrong_type(c, arena_printf(c->arena, "%s.%zu", name, i),
		    "string");
	}
	return p;
}

struct problem *
service_take_plans(struct call *c, struct json_object *body,
    struct service *proposed)
{
	const struct assignment assignment = service_assignment(c, proposed);
	struct json_object *gone;
	struct problem *p;

	if ((p = add_plans(c, &assignment, body)) != NULL ||
	    (p = typed_member(c, body, "", "delete", json_type_array,
	    &gone)) != NULL || (gone != NULL &&
	    (p = service_unassign_all(c, proposed, gone, "delete")) != NULL))
		return p;
	return assignment_override(&assignment, body, "",
	    &proposed->overrides);
}
