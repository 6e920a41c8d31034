/* SPDX-License-Identifier: GPL-3.0-or-later */
/* service_plans: the plans that an account offers, and that it is offered. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "api/actor.h"
#include "api/commit.h"
#include "api/entity.h"
#include "api/handlers.h"
#include "api/listing.h"
#include "api/routes.h"
#include "base/ids.h"
#include "billing/overlay.h"
#include "billing/plan_schema.h"
#include "service/follow.h"
#include "store/plans.h"

/* ---- one plan ---- */

/* The whole document, as it is shown; the arena's. */
static struct json_object *
whole_json(struct arena *a, const struct plan *plan)
{
	struct json_object *json = json_own(a, json_public_copy(plan->document));

	json_put_string(json, "id", plan->id);
	json_put_int(json, "version", plan->version);
	json_put_int(json, "created", plan->created);
	json_put_int(json, "modified", plan->modified);
	return json;
}

static struct problem *
read_version(struct call *c, int64_t *version)
{
	const char *text = request_query(c->request, "version");
	char *end;

	*version = 0;
	if (text == NULL)
		return NULL;
	*version = strtol(text, &end, 10);
	return *end == '\0' && *version >= 1 && *version <= INT32_MAX ? NULL :
	    problem_invalid(c->arena, "version", "type",
	    "Value did not match type(s): integer, from 1");
}

/* A plan of a vendor, as a problem where there is none. */
static struct problem *
find(struct call *c, const char *vendor_id, const char *id, int64_t version,
    enum plan_lock lock, struct plan **out)
{
	struct problem *p;

	if (strlen(id) > PLAN_ID_MAX)
		return problem_bad_identifier(c->arena, id);
	p = store_plan_show(c->db, c->arena, &(struct plan_key){ vendor_id, id,
	    version }, lock, out);
	return p == NULL && *out == NULL ?
	    problem_bad_identifier(c->arena, id) : p;
}

static struct problem *
show(struct call *c, const char *vendor_id)
{
	struct problem *p;
	struct plan *plan;
	int64_t version;

	if ((p = read_version(c, &version)) != NULL ||
	    (p = find(c, vendor_id, c->parameters[0], version, PLAN_LOOK,
	    &plan)) != NULL)
		return p;
	entity_answer(c, whole_json(c->arena, plan));
	return NULL;
}

struct problem *
plans_show(struct call *c)
{
	return show(c, c->account_id);
}

struct problem *
plans_available_show(struct call *c)
{
	return show(c, c->session->target_reseller_id);
}

/* ---- lists ---- */

/* A vendor, and the form of the list of its plans. */
struct catalogue {
	const char *vendor_id;
	bool counted; /* with the numbers of accounts */
};

static struct json_object *
listed_json(struct call *c, const struct catalogue *of,
    const struct plan *plan)
{
	struct json_object *json = whole_json(c->arena, plan);

	if (of->counted)
		json_put_int(json, "accounts", plan->accounts);
	return json;
}

static struct problem *
read_plans(struct call *c, void *state,
    const struct page_query *query, struct list_page *out)
{
	const struct catalogue *of = state;
	const struct plan *plan;
	struct plan_list plans;
	struct problem *p;
	size_t i;

	p = store_plan_list(c->db, c->arena, of->vendor_id, query,
	    of->counted, &plans);
	if (p != NULL)
		return p;
	out->count = plans.count;
	out->items = arena_alloc(c->arena, plans.count * sizeof(*out->items));
	for (i = 0; i < plans.count; i++) {
		plan = &plans.plans[i];
		out->items[i] = (struct list_item){
			.place = { plan->id, plan->created, 0 },
			.modified = plan->modified,
			.whole = listed_json(c, of, plan),
		};
	}
	return NULL;
}

static struct json_object *
short_json(struct call *c, void *state, struct json_object *plan)
{
	const struct catalogue *of = state;

	return members_named(c->arena, plan, of->counted ?
	    "id name description category version accounts" :
	    "id name description category");
}

static struct problem *
list(struct call *c, const char *vendor_id, bool counted)
{
	struct catalogue of = { vendor_id, counted };
	const struct listing listing = {
		.file_name = "service_plans",
		.read = read_plans,
		.shown = request_control_is(c->request, "details", "true") ?
		    NULL : short_json,
		.state = &of,
	};

	return listing_answer(c, &listing);
}

struct problem *
plans_list(struct call *c)
{
	return list(c, c->account_id, request_control_is(c->request,
	    "accounts", "true"));
}

struct problem *
plans_available_list(struct call *c)
{
	return list(c, c->session->target_reseller_id, false);
}

static struct problem *
read_versions(struct call *c, void *state, const struct page_query *query,
    struct list_page *out)
{
	const struct plan_version *one;
	struct plan_versions list;
	struct json_object *json;
	struct problem *p;
	size_t i;

	(void)state;
	p = store_plan_version_list(c->db, c->arena, c->account_id,
	    c->parameters[0], query, &list);
	if (p != NULL)
		return p;
	out->count = list.count;
	out->items = arena_alloc(c->arena, list.count * sizeof(*out->items));
	for (i = 0; i < list.count; i++) {
		one = &list.versions[i];
		json = json_own(c->arena, json_object_new_object());
		json_put_int(json, "version", one->version);
		json_put_string(json, "name", one->name);
		json_put_int(json, "created", one->created);
		json_put_int(json, "accounts", one->accounts);
		out->items[i] = (struct list_item){
			.place = { NULL, one->created, one->version },
			.whole = json,
		};
	}
	return NULL;
}

struct problem *
plans_versions(struct call *c)
{
	static const struct listing listing = {
		.file_name = "versions",
		.order = LISTING_BY_SEQUENCE,
		.read = read_versions,
	};
	struct plan *plan;
	struct problem *p = find(c, c->account_id, c->parameters[0], 0,
	    PLAN_LOOK, &plan);

	return p != NULL ? p : listing_answer(c, &listing);
}

/* ---- saving ---- */

/* The plan of a body, without the members that clients may not set. */
static struct json_object *
plan_document(struct call *c)
{
	static const char *const ours[] = { "version", "created", "modified" };
	struct json_object *document = json_own(c->arena,
	    json_public_copy(c->body));
	size_t i;

	for (i = 0; i < NELEM(ours); i++)
		json_object_object_del(document, ours[i]);
	return document;
}

/* An id that can be addressed: not one of the words of the routes. */
static struct problem *
check_id(struct call *c, const char *id)
{
	if (!plan_id_valid(id))
		return problem_invalid(c->arena, "id", "pattern",
		    PLAN_ID_EXPECTED);
	if (route_reserves(id))
		return problem_invalid(c->arena, "id", "reserved",
		    "'%s' is a word of the API and cannot be a plan's id", id);
	return NULL;
}

static struct problem *
save(struct call *c, struct plan *plan, bool create)
{
	const struct actor actor = actor_of_call(c);
	const struct plan_revision revision = {
		.vendor_id = c->account_id,
		.plan = plan,
		.author = actor.audit,
		.create = create,
	};
	struct problem *p;

	json_object_object_del(plan->document, "id");
	if ((p = plan_check(c->arena, plan->document, "")) != NULL ||
	    (p = store_plan_save(c->db, c->arena, &revision, c->now)) != NULL)
		return p;
	c->response->entity = true;
	entity_answer(c, whole_json(c->arena, plan));
	return NULL;
}

/* ---- its assigned accounts ---- */

/* Runs after the plan was saved and its answer written. */
static struct problem *
follow_saved(struct call *c, const char *plan_id)
{
	struct json_object *unapplied = json_own(c->arena, json_object_new_object());
	const struct followed_plan followed = { c->account_id, plan_id };
	const struct actor actor = actor_of_call(c);
	struct problem *p = follow_everywhere(c->db, c->arena, &actor,
	    &followed, unapplied);
	const char *location = c->response->location;
	int status = c->response->status;
	struct json_object *whole;
	struct plan *plan;

	if (p != NULL || json_object_object_length(unapplied) == 0 ||
	    (p = find(c, c->account_id, plan_id, 0, PLAN_LOOK, &plan)) != NULL)
		return p;
	/* Too large to be billed: they go on paying by the earlier version. */
	whole = whole_json(c->arena, plan);
	json_object_object_add(whole, "unapplied", json_object_get(unapplied));
	response_restart(c->response);
	c->response->status = status;
	c->response->location = location;
	entity_answer(c, whole);
	return NULL;
}

static struct problem *
create_plan(struct call *c, void *state)
{
	struct plan plan = { .document = state };
	struct json_object *id = json_at(plan.document, "id");
	char *fresh = arena_alloc(c->arena, ID_SIZE);
	struct problem *p;

	if (id != NULL && !json_object_is_type(id, json_type_string))
		return problem_invalid(c->arena, "id", "type",
		    "Value did not match type(s): string");
	id_new(fresh);
	plan.id = id == NULL ? fresh :
	    arena_strdup(c->arena, json_object_get_string(id));
	if ((p = check_id(c, plan.id)) != NULL)
		return p;
	/* The transaction may be repeated, so the body must keep its id. */
	plan.document = json_own(c->arena, json_public_copy(plan.document));
	if ((p = save(c, &plan, true)) != NULL)
		return p;
	c->response->status = 201;
	c->response->location = arena_printf(c->arena,
	    "/v2/accounts/%s/service_plans/%s", c->account_id, plan.id);
	return NULL;
}

struct problem *
plans_create(struct call *c)
{
	struct problem *p = commit_request(c, create_plan, plan_document(c));

	if (p != NULL)
		return p;
	return follow_saved(c, strrchr(c->response->location, '/') + 1);
}

/* POST replaces the plan with the body; PATCH merges the body into it. */
static struct problem *
change_plan(struct call *c, void *state)
{
	struct json_object *body = state, *document = NULL, *old;
	struct problem *p;
	struct plan *plan;

	if ((p = find(c, c->account_id, c->parameters[0], 0, PLAN_LOCK,
	    &plan)) != NULL ||
	    (p = entity_match(c, whole_json(c->arena, plan))) != NULL)
		return p;
	if (json_at(body, "id") != NULL && (json_string_at(body, "id") == NULL ||
	    strcmp(json_string_at(body, "id"), plan->id) != 0))
		return problem_invalid(c->arena, "id", "invalid",
		    "a plan's id cannot change");
	json_object_deep_copy(c->request->method == METHOD_PATCH ?
	    plan->document : body, &document, NULL);
	json_own(c->arena, document);
	if (c->request->method == METHOD_PATCH)
		overlay_patch(document, body);
	json_object_object_del(document, "id");
	old = plan->document;
	plan->document = document;
	if (!json_object_equal(old, document))
		return save(c, plan, false);
	c->response->entity = true;
	entity_answer(c, whole_json(c->arena, plan));
	return NULL;
}

struct problem *
plans_change(struct call *c)
{
	struct problem *p = commit_request(c, change_plan, plan_document(c));

	return p != NULL ? p : follow_saved(c, c->parameters[0]);
}

static struct problem *
delete_plan(struct call *c, void *state)
{
	int64_t assigned;
	struct problem *p;
	struct plan *plan;

	(void)state;
	if ((p = find(c, c->account_id, c->parameters[0], 0, PLAN_LOCK,
	         &plan)) != NULL ||
	    (p = entity_match(c, whole_json(c->arena, plan))) != NULL ||
	    (p = store_plan_delete(c->db, c->arena, c->account_id, plan->id,
	         c->now, &assigned)) != NULL)
		return p;
	if (assigned > 0)
		return problem_text(c->arena, PROBLEM_CONFLICT,
		    "the plan is assigned to %lld account%s: unassign it first",
		    (long long)assigned, assigned == 1 ? "" : "s");
	entity_answer(c, whole_json(c->arena, plan));
	return NULL;
}

struct problem *
plans_delete(struct call *c)
{
	return commit_request(c, delete_plan, NULL);
}
