/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/service_body.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "billing/audit_lines.h"
#include "billing/overlay.h"
#include "billing/plan_schema.h"
#include "store/plans.h"

#define QUANTITY_MAX LINE_COUNT_MAX

static const char *const foreign_members[] = { "ui_metadata", "accept_charges" };

/* The arena's. */
static struct json_object *
without_foreign(struct call *c, struct json_object *given)
{
	struct json_object *out = json_own(c->arena, json_object_new_object());
	size_t i;

	json_object_object_foreach(given, key, value) {
		for (i = 0; i < NELEM(foreign_members); i++)
			if (strcmp(key, foreign_members[i]) == 0)
				break;
		if (i == NELEM(foreign_members))
			json_object_object_add(out, key,
			    json_object_get(value));
	}
	return out;
}

struct problem *
service_body_of(struct call *c, struct json_object *data,
    struct json_object **out)
{
	if (!json_object_is_type(data, json_type_object))
		return problem_invalid(c->arena, "data", "type",
		    "Value did not match type(s): object");
	*out = without_foreign(c, data);
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

static struct assigned_plan *
find_plan(const struct assigned_plans *plans, const char *id)
{
	size_t i;

	for (i = 0; i < plans->count; i++)
		if (strcmp(plans->plans[i].id, id) == 0)
			return &plans->plans[i];
	return NULL;
}

/* The plan's place in the proposal: where it is, or after all others. */
static struct assigned_plan *
place_for(struct call *c, struct assigned_plans *plans, const char *id)
{
	struct assigned_plan *place = find_plan(plans, id), *longer;

	if (place != NULL)
		return place;
	longer = arena_alloc(c->arena, (plans->count + 1) * sizeof(*longer));
	if (plans->count > 0)
		memcpy(longer, plans->plans, plans->count * sizeof(*longer));
	plans->plans = longer;
	longer[plans->count].id = arena_strdup(c->arena, id);
	return &longer[plans->count++];
}

/*
 * What an assignment says of overrides: what is there stays unless it is
 * replaced, or merged with. All else of an assignment is replaced
 * (domain.md 8.2).
 */
static struct problem *
take_overrides(struct call *c, struct json_object *assignment,
    const char *prefix, struct json_object **overrides)
{
	struct json_object *given, *merged;
	struct problem *p;

	p = typed_member(c, assignment, prefix, "overrides", json_type_object,
	    &given);
	if (p != NULL || given == NULL)
		return p;
	given = without_foreign(c, given);
	p = plan_check_overrides(c->arena, given, problem_path(c->arena, prefix, "overrides"));
	if (p != NULL)
		return p;
	/* A null in a plan's overrides takes back an account-wide one. */
	if (!service_merges(c)) {
		*overrides = given;
		return NULL;
	}
	merged = json_own(c->arena, json_object_new_object());
	overlay_patch(merged, *overrides);
	overlay_patch(merged, given);
	*overrides = merged;
	return NULL;
}

/* The vendor is the account's reseller, whoever is named. */
static struct problem *
check_vendor(struct call *c, const struct service *proposed,
    struct json_object *assignment, const char *prefix)
{
	struct json_object *vendor;
	struct problem *p;

	p = typed_member(c, assignment, prefix, "vendor_id", json_type_string,
	    &vendor);
	if (p == NULL && vendor != NULL &&
	    strcmp(json_object_get_string(vendor), proposed->reseller_id) != 0)
		p = problem_invalid(c->arena, problem_path(c->arena, prefix, "vendor_id"),
		    "invalid", "only plans of the account's reseller %s can be "
		    "assigned", proposed->reseller_id);
	return p;
}

static struct problem *
read_version(struct call *c, struct json_object *assignment,
    const char *prefix, int64_t *version)
{
	struct json_object *given;
	struct problem *p;

	*version = 0;
	p = typed_member(c, assignment, prefix, "version", json_type_int,
	    &given);
	if (p != NULL || given == NULL)
		return p;
	*version = json_object_get_int64(given);
	return *version >= 1 && *version <= INT32_MAX ? NULL :
	    problem_invalid(c->arena, problem_path(c->arena, prefix, "version"), "minimum",
	    "Value must be at least 1, and a version there is");
}

struct problem *
service_assign(struct call *c, struct service *proposed, const char *plan_id,
    struct json_object *assignment, const char *prefix)
{
	struct json_object *contract, *overrides = NULL;
	const struct assigned_plan *old = find_plan(&proposed->plans, plan_id);
	struct assigned_plan *place;
	struct plan *plan;
	struct problem *p;
	int64_t version;

	if (old != NULL)
		overrides = old->overrides;
	if ((p = check_vendor(c, proposed, assignment, prefix)) != NULL ||
	    (p = read_version(c, assignment, prefix, &version)) != NULL ||
	    (p = take_overrides(c, assignment, prefix, &overrides)) != NULL ||
	    (p = typed_member(c, assignment, prefix, "contract",
	    json_type_object, &contract)) != NULL)
		return p;
	if (old != NULL && service_merges(c)) {
		version = version == 0 ? old->pinned : version;
		contract = contract == NULL ? old->contract : contract;
	}
	if ((p = plan_show(c->db, c->arena, &(struct plan_key){
	    proposed->reseller_id, plan_id, version }, PLAN_KEEP,
	    &plan)) != NULL)
		return p;
	if (plan == NULL && version != 0)
		return problem_invalid(c->arena, problem_path(c->arena, prefix, "version"),
		    "invalid", "plan %s has no version %" PRId64, plan_id,
		    version);
	if (plan == NULL)
		return problem_bad_identifier(c->arena, plan_id);
	place = place_for(c, &proposed->plans, plan_id);
	place->vendor_id = proposed->reseller_id;
	place->version = plan->version;
	place->pinned = version;
	place->document = plan->document;
	place->overrides = overrides;
	place->contract = contract;
	return NULL;
}

struct problem *
service_unassign(struct call *c, struct service *proposed, const char *plan_id)
{
	struct assigned_plans *plans = &proposed->plans;
	struct assigned_plan *place = find_plan(plans, plan_id);
	size_t after;

	if (place == NULL)
		return problem_bad_identifier(c->arena, plan_id);
	after = plans->count - (size_t)(place - plans->plans) - 1;
	memmove(place, place + 1, after * sizeof(*place));
	plans->count--;
	return NULL;
}

static struct problem *
add_one(struct call *c, struct json_object *element, const char *path,
    struct service *proposed)
{
	struct json_object *id;
	struct problem *p;

	if (json_object_is_type(element, json_type_string))
		return service_assign(c, proposed,
		    json_object_get_string(element), NULL, path);
	if (!json_object_is_type(element, json_type_object))
		return wrong_type(c, path, "string, object");
	p = typed_member(c, element, path, "id", json_type_string, &id);
	if (p == NULL && id == NULL)
		p = problem_invalid(c->arena, problem_path(c->arena, path, "id"), "required",
		    "Field is required but missing");
	return p != NULL ? p : service_assign(c, proposed,
	    json_object_get_string(id), element, path);
}

static struct problem *
add_plans(struct call *c, struct json_object *body, struct service *proposed)
{
	const char *key = json_at(body, "add") != NULL ? "add" : "plans";
	struct json_object *list;
	struct problem *p;
	size_t i, n;

	p = typed_member(c, body, "", key, json_type_array, &list);
	n = p != NULL || list == NULL ? 0 : json_object_array_length(list);
	for (i = 0; i < n && p == NULL; i++)
		p = add_one(c, json_object_array_get_idx(list, i),
		    arena_printf(c->arena, "%s.%zu", key, i), proposed);
	return p;
}

struct problem *
service_unassign_all(struct call *c, struct service *proposed,
    struct json_object *list, const char *name)
{
	size_t i, n = json_object_array_length(list);
	struct problem *p = NULL;
	struct json_object *id;

	for (i = 0; i < n && p == NULL; i++) {
		id = json_object_array_get_idx(list, i);
		p = json_object_is_type(id, json_type_string) ?
		    service_unassign(c, proposed, json_object_get_string(id)) :
		    wrong_type(c, arena_printf(c->arena, "%s.%zu", name, i),
		    "string");
	}
	return p;
}

struct problem *
service_take_plans(struct call *c, struct json_object *body,
    struct service *proposed)
{
	struct json_object *gone;
	struct problem *p;

	if ((p = add_plans(c, body, proposed)) != NULL ||
	    (p = typed_member(c, body, "", "delete", json_type_array,
	    &gone)) != NULL || (gone != NULL &&
	    (p = service_unassign_all(c, proposed, gone, "delete")) != NULL))
		return p;
	return take_overrides(c, body, "", &proposed->overrides);
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
