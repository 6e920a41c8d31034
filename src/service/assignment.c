/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/assignment.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "billing/overlay.h"
#include "billing/plan_schema.h"
#include "store/plans.h"

/* The members that an assignment may have. */
static const struct {
	const char *key;
	enum json_type type;
	const char *type_name;
} members[] = {
	{ "contract", json_type_object, "object" },
	{ "overrides", json_type_object, "object" },
	{ "vendor_id", json_type_string, "string" },
	{ "version", json_type_int, "integer" },
};

/* One of them; NULL and no problem: it is not there. */
static struct problem *
typed_member(const struct assignment *s, struct json_object *terms,
    const char *place, const char *key, struct json_object **out)
{
	size_t i;

	*out = NULL;
	if (!json_object_object_get_ex(terms, key, out) || *out == NULL)
		return NULL;
	for (i = 0; i < NELEM(members); i++)
		if (strcmp(members[i].key, key) == 0 &&
		    !json_object_is_type(*out, members[i].type))
			return problem_invalid(s->arena, problem_path(
			    s->arena, place, key), "type",
			    "Value did not match type(s): %s",
			    members[i].type_name);
	return NULL;
}

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
place_for(struct arena *a, struct assigned_plans *plans, const char *id)
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
 * What is there stays unless it is replaced, or merged with. A null in a plan's
 * overrides takes back an account-wide one, so it is kept.
 */
struct problem *
assignment_override(const struct assignment *s, struct json_object *given,
    const char *place, struct json_object **overrides)
{
	struct json_object *wanted, *merged;
	struct problem *p;

	p = typed_member(s, given, place, "overrides", &wanted);
	if (p != NULL || wanted == NULL)
		return p;
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

/* The vendor is the account's reseller, whoever is named. */
static struct problem *
check_vendor(const struct assignment *s, struct json_object *terms,
    const char *place)
{
	const char *reseller_id = s->proposed->reseller_id;
	struct json_object *vendor;
	struct problem *p;

	p = typed_member(s, terms, place, "vendor_id", &vendor);
	if (p == NULL && vendor != NULL &&
	    strcmp(json_object_get_string(vendor), reseller_id) != 0)
		p = problem_invalid(s->arena, problem_path(s->arena, place,
		    "vendor_id"), "invalid", "only plans of the account's "
		    "reseller %s can be assigned", reseller_id);
	return p;
}

static struct problem *
read_version(const struct assignment *s, struct json_object *terms,
    const char *place, int64_t *version)
{
	struct json_object *given;
	struct problem *p;

	*version = 0;
	p = typed_member(s, terms, place, "version", &given);
	if (p != NULL || given == NULL)
		return p;
	*version = json_object_get_int64(given);
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
	struct problem *p = plan_show(s->db, s->arena, &key, PLAN_KEEP, out);

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
	const struct assigned_plan *old = find_plan(plans, plan_id);
	struct json_object *contract, *overrides;
	struct assigned_plan *new;
	struct plan *plan;
	struct problem *p;
	int64_t version;

	overrides = old == NULL ? NULL : old->overrides;
	if ((p = check_vendor(s, terms, place)) != NULL ||
	    (p = read_version(s, terms, place, &version)) != NULL ||
	    (p = assignment_override(s, terms, place, &overrides)) != NULL ||
	    (p = typed_member(s, terms, place, "contract", &contract)) != NULL)
		return p;
	if (old != NULL && s->merges) {
		version = version == 0 ? old->pinned : version;
		contract = contract == NULL ? old->contract : contract;
	}
	if ((p = find_offered(s, plan_id, version, place, &plan)) != NULL)
		return p;
	new = place_for(s->arena, plans, plan_id);
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
