/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * allotments: free seconds by class of number (rules/ledgers 14). What is used
 * of them are entries of the ledger "allotments", the class being their type of
 * usage.
 */
#include "config.h"

#include <string.h>

#include "api/authorization.h"
#include "api/entity.h"
#include "api/handlers.h"
#include "api/resource.h"
#include "base/gregorian.h"
#include "http/paging.h"
#include "store/ledgers.h"

#define LEDGER "allotments"

/* 400, and not 404: clients of this API know it so. */
static struct problem *
find(struct call *c, struct object **out)
{
	struct problem *p = store_object_show(c->db, c->arena, c->account_id,
	    &kind_allotments, kind_allotments.noun, out);

	if (p != NULL || *out != NULL)
		return p;
	p = problem_new(c->arena, PROBLEM_VALIDATION);
	p->name = p->text = "allotments are not configured for this account yet";
	p->data = json_own(c->arena, json_object_new_object());
	return p;
}

struct problem *
allotments_show(struct call *c)
{
	struct object *object;
	struct problem *p = find(c, &object);

	if (p == NULL)
		entity_answer(c, object->document);
	return p;
}

/* ---- setting them ---- */

static struct problem *
prepare(struct resource_request *r)
{
	struct call *c = r->call;
	struct json_object *before;
	struct object *object;
	struct problem *p;

	p = store_object_show(c->db, c->arena, c->account_id, &kind_allotments,
	    kind_allotments.noun, &object);
	if (p != NULL)
		return p;
	before = object == NULL ? NULL : object->document;
	if (before != NULL && (p = entity_match(c, before)) != NULL)
		return p;
	return resource_add(r, &kind_allotments, kind_allotments.noun,
	    before, resource_changed(c, &kind_allotments, before,
	    resource_body(c, c->body)), "");
}

static struct problem *
answer(struct resource_request *r)
{
	r->call->response->entity = true;
	entity_answer(r->call, r->batch.changes[0].document);
	return NULL;
}

struct problem *
allotments_change(struct call *c)
{
	struct resource_request r = {
		.call = c,
		.prepare = prepare,
		.answer = answer,
	};
	struct problem *p;

	if (caller_sells(c) || c->session->target_reseller_is_master)
		return resource_commit(&r);
	p = problem_new(c->arena, PROBLEM_VALIDATION);
	p->name = p->text = "sub-accounts of non-master resellers must contact "
	    "the reseller to change their allotments";
	return p;
}

/* ---- what is used of them ---- */

/* When a cycle that a moment is in begins. The first day there is, day 0, was a
 * Saturday. */
static int64_t
cycle_start(const char *cycle, int64_t moment)
{
	int64_t day = gregorian_day_number(moment);

	if (strcmp(cycle, "minutely") == 0)
		return moment - moment % 60;
	if (strcmp(cycle, "hourly") == 0)
		return moment - moment % 3600;
	if (strcmp(cycle, "weekly") == 0)
		return (day - (day + 5) % 7) * GREGORIAN_DAY;
	return strcmp(cycle, "monthly") == 0 ? gregorian_month_start(moment) :
	    day * GREGORIAN_DAY;
}

static int64_t
cycle_end(const char *cycle, int64_t start)
{
	if (strcmp(cycle, "minutely") == 0)
		return start + 60;
	if (strcmp(cycle, "hourly") == 0)
		return start + 3600;
	if (strcmp(cycle, "weekly") == 0)
		return start + 7 * GREGORIAN_DAY;
	return strcmp(cycle, "monthly") == 0 ? gregorian_next_month(start) :
	    start + GREGORIAN_DAY;
}

/* The time whose use is shown: manual: from and to; else the cycle of each
 * class around at. */
struct use_query {
	bool manual;
	int64_t at, from, to;
};

static struct problem *
read_use_query(struct call *c, struct use_query *out)
{
	bool from_given, to_given;
	struct problem *p;

	out->at = c->now;
	if ((p = moment_read(c->request, "created_from", &from_given,
	    &out->from)) != NULL ||
	    (p = moment_read(c->request, "created_to", &to_given,
	    &out->to)) != NULL)
		return p;
	out->manual = from_given && to_given;
	if (out->manual && out->to < out->from)
		return problem_invalid(c->arena, "created_from", "date_range",
		    "created_to is prior to created_from");
	if (from_given != to_given)
		out->at = from_given ? out->from : out->to;
	return NULL;
}

static struct problem *
consumed_of(struct call *c, const struct use_query *use, const char *class,
    struct json_object *allotment, struct json_object *into)
{
	const char *cycle = json_string_at(allotment, "cycle");
	struct ledger_usage_query query = {
		.account_id = c->account_id,
		.service = LEDGER,
		.type = class,
		.from = use->from,
		.to = use->to,
	};
	struct ledger_usage usage;
	struct json_object *json;
	struct problem *p;

	/* Imported documents were not checked by the schema. */
	if (cycle == NULL)
		return NULL;
	if (!use->manual) {
		query.from = cycle_start(cycle, use->at);
		query.to = cycle_end(cycle, query.from);
	}
	p = store_ledger_usage_sum(c->db, c->arena, &query, &usage);
	if (p != NULL || usage.entries == 0)
		return p;
	json = json_object_new_object();
	json_put_string(json, "cycle", use->manual ? "manual" : cycle);
	json_put_int(json, "consumed_from", query.from);
	json_put_int(json, "consumed_to", query.to);
	json_put_int(json, "consumed", usage.quantity);
	json_object_object_add(into, class, json);
	return NULL;
}

struct problem *
allotments_consumed(struct call *c)
{
	struct json_object *json = json_own(c->arena, json_object_new_object());
	struct object *object;
	struct use_query use;
	struct problem *p;

	if ((p = read_use_query(c, &use)) != NULL ||
	    (p = find(c, &object)) != NULL)
		return p;
	json_object_object_foreach(object->document, class, allotment) {
		p = consumed_of(c, &use, class, allotment, json);
		if (p != NULL)
			return p;
	}
	entity_answer(c, json);
	return NULL;
}
