/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/service_proposal.h"

#include <string.h>

#include "api/body.h"
#include "base/schema.h"
#include "billing/schemas.h"
#include "store/plans.h"

struct assignment
proposal_assignment(struct call *c, const struct service *current,
    struct service *proposed)
{
	return (struct assignment){
		.db = c->db,
		.arena = c->arena,
		.proposed = proposed,
		.merges = body_merges(c),
		.assigned = &current->plans,
	};
}

static struct problem *
add_one(const struct assignment *assignment, struct json_object *element,
    const char *path)
{
	return json_object_is_type(element, json_type_string) ?
	    assignment_add(assignment, json_object_get_string(element), NULL,
	    path) : assignment_add(assignment, json_string_at(element, "id"),
	    element, path);
}

/* "plans" is what earlier clients call "add". Where there is an "add", it is
 * what clients were shown, and says nothing. */
static struct problem *
find_list(const struct call *c, const char **key, struct json_object **list)
{
	*key = json_at(c->body, "add") != NULL ? "add" : "plans";
	*list = json_at(c->body, *key);
	return *list == NULL ? NULL : schema_check(c->arena,
	    schemas_of(SCHEMA_ASSIGNMENTS), *list, *key, false);
}

static struct problem *
add_plans(const struct call *c, const struct assignment *assignment)
{
	const char *key;
	struct json_object *list;
	struct problem *p = find_list(c, &key, &list);
	size_t i, n;

	if (list == NULL)
		return NULL;
	n = p != NULL ? 0 : json_object_array_length(list);
	for (i = 0; i < n && p == NULL; i++)
		p = add_one(assignment, json_object_array_get_idx(list, i),
		    arena_printf(c->arena, "%s.%zu", key, i));
	return p;
}

struct problem *
proposal_unassign_all(const struct assignment *assignment,
    struct json_object *list, const char *name)
{
	struct problem *p = schema_check(assignment->arena,
	    schemas_of(SCHEMA_PLAN_IDS), list, name, false);
	size_t i, n = json_object_array_length(list);

	for (i = 0; i < n && p == NULL; i++)
		p = assignment_remove(assignment, json_object_get_string(
		    json_object_array_get_idx(list, i)));
	return p;
}

struct problem *
proposal_take_plans(struct call *c, const struct assignment *assignment)
{
	struct json_object *gone = json_array_at(c->body, "delete");
	struct problem *p = add_plans(c, assignment);

	if (p == NULL && gone != NULL)
		p = proposal_unassign_all(assignment, gone, "delete");
	return p != NULL ? p : assignment_override(assignment, c->body, "",
	    &assignment->proposed->overrides);
}

bool
proposal_names_plans(const struct call *c)
{
	return json_at(c->body, "add") != NULL ||
	    json_at(c->body, "plans") != NULL;
}

/* Does an element of the list name a plan that the vendor offers? */
static struct problem *
is_plan_of(struct call *c, struct json_object *element, const char *vendor_id,
    bool *is)
{
	const char *named = json_string_at(element, "vendor_id");
	struct plan *plan;
	struct problem *p;

	*is = named == NULL || strcmp(named, vendor_id) == 0;
	if (!*is)
		return NULL;
	p = store_plan_show(c->db, c->arena, &(struct plan_key){ vendor_id,
	    json_object_is_type(element, json_type_string) ?
	    json_object_get_string(element) : json_string_at(element, "id"),
	    0 }, PLAN_LOOK, &plan);
	*is = p == NULL && plan != NULL;
	return p;
}

struct problem *
proposal_names_only_plans_of(struct call *c, const char *vendor_id, bool *only)
{
	const char *key;
	struct json_object *list;
	struct problem *p = find_list(c, &key, &list);
	size_t i, n;

	*only = false;
	if (p != NULL || list == NULL)
		return p;
	n = json_object_array_length(list);
	*only = n > 0;
	for (i = 0; i < n && p == NULL && *only; i++)
		p = is_plan_of(c, json_object_array_get_idx(list, i),
		    vendor_id, only);
	return p;
}
