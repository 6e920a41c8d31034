/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/assignment.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "base/schema.h"
#include "billing/overlay.h"
#include "billing/plan_schema.h"
#include "billing/schemas.h"
#include "store/plans.h"

static struct assigned_plan *
find_plan(const struct assigned_plans *plans, const char *id)
{
	size_t i;

	for (i = 0; i < plans->count; i++)
		if (strcmp(plans->plans[i].id, id) == 0)
			return &plans->plans[i];
	return NULL;
}

/* The assignment that a new one of the plan replaces: in the proposal, or one
 * that it takes up again. */
static const struct assigned_plan *
find_replaced(const struct assignment *s, const char *id)
{
	const struct assigned_plan *old = find_plan(&s->proposed->plans, id);

	return old != NULL || s->assigned == NULL || !s->keeps_terms ? old :
	    find_plan(s->assigned, id);
}

/* The assignment of a plan in the proposal; a new plan comes last. */
static struct assigned_plan *
find_or_add_plan(struct arena *a, struct assigned_plans *plans, const char *id)
{
	struct assigned_plan *place = find_plan(plans, id), *longer;

	if (place != NULL)
		return place;
	longer = arena_alloc(a, (plans->count + 1) * sizeof(*longer));
	if (plans->count > 0)
		memcpy(longer, plans->plans, plans->count * sizeof(*longer));
	plans->plans = longer;
	longer[plans->count].id = arena_strdup(a, id);
	return &longer[plans->count++];
}

/*
 * Existing overrides stay unless they are replaced or merged. A null in a
 * plan's overrides cancels an account-wide override, so it is kept.
 */
struct problem *
assignment_override(const struct assignment *s, struct json_object *given,
    const char *place, struct json_object **overrides)
{
	struct json_object *wanted = json_object_at(given, "overrides");
	struct json_object *merged;
	struct problem *p;

	if (wanted == NULL)
		return NULL;
	wanted = json_without_client_members(s->arena, wanted);
	p = plan_check_overrides(s->arena, wanted, problem_path(s->arena,
	    place, "overrides"));
	if (p != NULL)
		return p;
	if (!s->merges) {
		*overrides = wanted;
		return NULL;
	}
	merged = json_own(s->arena, json_object_new_object());
	overlay_patch(merged, *overrides);
	overlay_patch(merged, wanted);
	*overrides = merged;
	return NULL;
}

/* The vendor is always the account's reseller; any other name is refused. */
static struct problem *
check_vendor(const struct assignment *s, struct json_object *terms,
    const char *place)
{
	const char *reseller_id = s->proposed->reseller_id;
	const char *vendor = json_string_at(terms, "vendor_id");

	return vendor == NULL || strcmp(vendor, reseller_id) == 0 ? NULL :
	    problem_invalid(s->arena, problem_path(s->arena, place,
	    "vendor_id"), "invalid", "only plans of the account's "
	    "reseller %s can be assigned", reseller_id);
}

static struct problem *
read_version(const struct assignment *s, struct json_object *terms,
    const char *place, int64_t *version)
{
	*version = 0;
	if (!json_int_at(terms, "version", version))
		return NULL;
	return *version >= 1 && *version <= INT32_MAX ? NULL :
	    problem_invalid(s->arena, problem_path(s->arena, place, "version"),
	    "minimum", "Value must be at least 1, and a version there is");
}

/* version 0: the newest. */
static struct problem *
find_offered(const struct assignment *s, const char *plan_id, int64_t version,
    const char *place, struct plan **out)
{
	const struct plan_key key = { s->proposed->reseller_id, plan_id,
		version };
	struct problem *p = store_plan_show(
	    s->db, s->arena, &key, PLAN_KEEP, out);

	if (p != NULL || *out != NULL)
		return p;
	return version == 0 ? problem_bad_identifier(s->arena, plan_id) :
	    problem_invalid(s->arena, problem_path(s->arena, place, "version"),
	    "invalid", "plan %s has no version %" PRId64, plan_id, version);
}

struct problem *
assignment_add(const struct assignment *s, const char *plan_id,
    struct json_object *terms, const char *place)
{
	struct assigned_plans *plans = &s->proposed->plans;
	const struct assigned_plan *old = find_replaced(s, plan_id);
	struct json_object *contract = json_object_at(terms, "contract");
	struct json_object *overrides = old == NULL ? NULL : old->overrides;
	struct assigned_plan *new;
	struct plan *plan;
	struct problem *p;
	int64_t version;

	p = terms == NULL ? NULL : schema_check(s->arena,
	    schemas_of(SCHEMA_ASSIGNMENT), terms, place, false);
	if (p != NULL || (p = check_vendor(s, terms, place)) != NULL ||
	    (p = read_version(s, terms, place, &version)) != NULL ||
	    (p = assignment_override(s, terms, place, &overrides)) != NULL)
		return p;
	if (old != NULL && s->merges) {
		version = version == 0 ? old->pinned : version;
		contract = contract == NULL ? old->contract : contract;
	}
	if ((p = find_offered(s, plan_id, version, place, &plan)) != NULL)
		return p;
	new = find_or_add_plan(s->arena, plans, plan_id);
	new->vendor_id = s->proposed->reseller_id;
	new->version = plan->version;
	new->pinned = version;
	new->document = plan->document;
	new->overrides = overrides;
	new->contract = contract;
	return NULL;
}

struct problem *
assignment_remove(const struct assignment *s, const char *plan_id)
{
	struct assigned_plans *plans = &s->proposed->plans;
	struct assigned_plan *place = find_plan(plans, plan_id);
	size_t after;

	if (place == NULL)
		return problem_bad_identifier(s->arena, plan_id);
	after = plans->count - (size_t)(place - plans->plans) - 1;
	memmove(place, place + 1, after * sizeof(*place));
	plans->count--;
	return NULL;
}
