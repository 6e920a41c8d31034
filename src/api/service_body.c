/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/service_body.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "billing/audit_lines.h"
#include "billing/overlay.h"

#define QUANTITY_MAX LINE_COUNT_MAX

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

/* ---- quantities ---- */

/* The database does not tell names apart by blanks at their ends. */
static struct problem *
check_name(struct call *c, const char *name, const char *path)
{
	size_t length = strlen(name);

	return length > 0 && name[0] != ' ' && name[length - 1] != ' ' &&
	    utf8_characters(name) <= SERVICE_NAME_MAX ? NULL :
	    problem_invalid(c->arena, path, "maxLength",
	    "a name has 1 to %d characters, and no blank at either end",
	    SERVICE_NAME_MAX);
}

static struct problem *
check_quantity(struct call *c, struct json_object *value, const char *path)
{
	int64_t n;

	if (value == NULL)
		return NULL;
	if (!json_object_is_type(value, json_type_int))
		return wrong_type(c, path, "integer");
	n = json_object_get_int64(value);
	if (n < 0)
		return problem_invalid(c->arena, path, "minimum",
		    "Value must be at least 0");
	if (n > QUANTITY_MAX)
		return problem_invalid(c->arena, path, "maximum",
		    "Value must be at most %" PRId64, QUANTITY_MAX);
	return NULL;
}

static struct problem *
check_quantities(struct call *c, struct json_object *body, const char *prefix)
{
	struct problem *p;
	const char *path;

	json_object_object_foreach(body, category, items) {
		path = problem_path(c->arena, prefix, category);
		if ((p = check_name(c, category, path)) != NULL)
			return p;
		if (items == NULL)
			continue;
		if (!json_object_is_type(items, json_type_object))
			return wrong_type(c, path, "object");
		json_object_object_foreach(items, item, value) {
			if ((p = check_name(c, item, problem_path(c->arena, path,
			    item))) != NULL || (p = check_quantity(c, value,
			    problem_path(c->arena, path, item))) != NULL)
				return p;
		}
	}
	return NULL;
}

/* Categories in which nothing is left go. */
static void
drop_empty(struct call *c, struct json_object *table)
{
	size_t n = (size_t)json_object_object_length(table), i, count = 0;
	const char **empty = arena_alloc(c->arena, n * sizeof(*empty));

	json_object_object_foreach(table, category, items)
		if (json_object_object_length(items) == 0)
			empty[count++] = arena_strdup(c->arena, category);
	for (i = 0; i < count; i++)
		json_object_object_del(table, empty[i]);
}

struct problem *
service_take_quantities(struct call *c, struct json_object *body,
    struct json_object *into, const char *prefix)
{
	struct problem *p = check_quantities(c, body, prefix);

	if (p == NULL) {
		overlay(into, body);
		drop_empty(c, into);
	}
	return p;
}
