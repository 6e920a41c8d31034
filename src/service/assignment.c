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

struct assigned_plan *
assignment_find(const struct assigned_plans *plans, const char *id)
{
	size_t i;

	for (i = 0; i < plans->count; i++)
		if (strcmp(plans->plans[i].id, id) == 0)
			return &plans->plans[i];
	return NULL;
}

/* An assignment of a plan of a former seller; old may be NULL. */
static bool
is_former(const struct assignment *s, const struct assigned_plan *old)
{
	return old != NULL &&
	    strcmp(old->vendor_id, s->proposed->reseller_id) != 0;
}

/* The assignment that a new one of the plan replaces: in the proposal, or one
 * that it takes up again. */
static const struct assigned_plan *
find_replaced(const struct assignment *s, const char *id)
{
	const struct assigned_plan *old = assignment_find(&s->proposed->plans, id);

	if (old != NULL || s->assigned == NULL)
		return old;
	old = assignment_find(s->assigned, id);
	return s->keeps_terms || is_former(s, old) ? old : NULL;
}

/* The assignment of a plan in the proposal; a new plan comes last. */
static struct assigned_plan *
find_or_add_plan(struct arena *a, struct assigned_plans *plans, const char *id)
{
	struct assigned_plan *place = assignment_find(plans, id), *longer;

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

/* The vendor is the account's reseller, or the former one whose plan it has;
 * any other name is refused. */
static struct problem *
check_vendor(const struct assignment *s, const struct assigned_plan *old,
    struct json_object *terms, const char *place)
{
	const char *reseller_id = s->proposed->reseller_id;
	const char *vendor = json_string_at(terms, "vendor_id");

	return vendor == NULL || strcmp(vendor, reseller_id) == 0 ||
	    (is_former(s, old) && strcmp(vendor, old->vendor_id) == 0) ? NULL :
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

static bool
is_lent(const struct assignment *s, const char *plan_id)
{
	return s->lent != NULL && strcmp(s->lent->id, plan_id) == 0 &&
	    strcmp(s->lent->vendor_id, s->proposed->reseller_id) == 0;
}

/* The plan as it would be after saved; saved may be NULL. */
static struct plan *
lend_plan(const struct assignment *s, const struct plan *saved)
{
	struct plan *plan = arena_alloc(s->arena, sizeof(*plan));

	*plan = (struct plan){
		.id = s->lent->id,
		.version = saved == NULL ? 1 : saved->newest + 1,
		.document = s->lent->document,
	};
	return plan;
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

	if (p == NULL && version == 0 && is_lent(s, plan_id))
		*out = lend_plan(s, *out);
	if (p != NULL || *out != NULL)
		return p;
	return version == 0 ? problem_bad_identifier(s->arena, plan_id) :
	    problem_invalid(s->arena, problem_path(s->arena, place, "version"),
	    "invalid", "plan %s has no version %" PRId64, plan_id, version);
}

/* An assignment's own terms, as a request gives them. */
struct own_terms {
	int64_t version; /* 0: none */
	struct json_object *overrides, *contract; /* or NULL */
};

static void
put_terms(const struct assignment *s, const struct assigned_plan *of,
    const struct own_terms *terms)
{
	struct assigned_plan plan = *of;

	plan.overrides = terms->overrides;
	plan.contract = terms->contract;
	*find_or_add_plan(s->arena, &s->proposed->plans, plan.id) = plan;
}

/* The plan stays at its version, whatever its vendor offers now. */
static struct problem *
put_former(const struct assignment *s, const struct assigned_plan *old,
    const struct own_terms *terms, const char *place)
{
	if (terms->version != 0 && terms->version != old->version)
		return problem_invalid(s->arena, problem_path(s->arena, place,
		    "version"), "invalid", "the plan of a former reseller "
		    "stays at version %" PRId64, old->version);
	put_terms(s, old, terms);
	return NULL;
}

static struct problem *
put_offered(const struct assignment *s, const char *plan_id,
    const struct own_terms *terms, const char *place)
{
	struct plan *plan;
	struct problem *p = find_offered(s, plan_id, terms->version, place,
	    &plan);

	if (p != NULL)
		return p;
	put_terms(s, &(struct assigned_plan){
	    .id = arena_strdup(s->arena, plan_id),
	    .vendor_id = s->proposed->reseller_id,
	    .version = plan->version,
	    .pinned = terms->version,
	    .document = plan->document,
	}, terms);
	return NULL;
}

/* A plan that no vendor is named of is the reseller's if they offer one of this
 * id. */
static struct problem *
is_meant(const struct assignment *s, const struct assigned_plan *former,
    struct json_object *given, bool *meant)
{
	const char *vendor = json_string_at(given, "vendor_id");
	struct problem *p;
	struct plan *plan;

	*meant = vendor != NULL && strcmp(vendor, former->vendor_id) == 0;
	if (vendor != NULL)
		return NULL;
	p = store_plan_show(s->db, s->arena, &(struct plan_key){
	    s->proposed->reseller_id, former->id, 0 }, PLAN_LOOK, &plan);
	*meant = p == NULL && plan == NULL && !is_lent(s, former->id);
	return p;
}

struct problem *
assignment_add(const struct assignment *s, const char *plan_id,
    struct json_object *given, const char *place)
{
	const struct assigned_plan *old = find_replaced(s, plan_id);
	struct own_terms terms = {
		.contract = json_object_at(given, "contract"),
	};
	struct problem *p;
	bool former = false;

	p = given == NULL ? NULL : schema_check(s->arena,
	    schemas_of(SCHEMA_ASSIGNMENT), given, place, false);
	if (p != NULL || (p = check_vendor(s, old, given, place)) != NULL ||
	    (is_former(s, old) &&
	    (p = is_meant(s, old, given, &former)) != NULL))
		return p;
	/* Nothing of a former seller's assignment is left beside another's. */
	if (is_former(s, old) && !former)
		old = NULL;
	if (old != NULL)
		terms.overrides = old->overrides;
	if ((p = read_version(s, given, place, &terms.version)) != NULL ||
	    (p = assignment_override(s, given, place,
	    &terms.overrides)) != NULL)
		return p;
	if (old != NULL && s->merges) {
		terms.version = terms.version == 0 ? old->pinned :
		    terms.version;
		terms.contract = terms.contract == NULL ? old->contract :
		    terms.contract;
	}
	return former ? put_former(s, old, &terms, place) :
	    put_offered(s, plan_id, &terms, place);
}

struct problem *
assignment_remove(const struct assignment *s, const char *plan_id)
{
	struct assigned_plans *plans = &s->proposed->plans;
	struct assigned_plan *place = assignment_find(plans, plan_id);
	size_t after;

	if (place == NULL)
		return problem_bad_identifier(s->arena, plan_id);
	after = plans->count - (size_t)(place - plans->plans) - 1;
	memmove(place, place + 1, after * sizeof(*place));
	plans->count--;
	return NULL;
}
