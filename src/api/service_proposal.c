/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/service_proposal.h"

#include "api/body.h"
#include "base/schema.h"
#include "billing/schemas.h"

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
add_plans(const struct call *c, const struct assignment *assignment)
{
	const char *key = json_at(c->body, "add") != NULL ? "add" : "plans";
	struct json_object *list = json_at(c->body, key);
	struct problem *p;
	size_t i, n;

	if (list == NULL)
		return NULL;
	p = schema_check(c->arena, schemas_of(SCHEMA_ASSIGNMENTS), list, key,
	    false);
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
