/* SPDX-License-Identifier: GPL-3.0-or-later */
/* services, services/{PLAN_ID}, services/status, overrides, manual,
 * reconciliation: what an account has, and every way to change it. */
#include "config.h"

#include <string.h>

#include "api/body.h"
#include "api/entity.h"
#include "api/handlers.h"
#include "api/service_change.h"
#include "api/service_proposal.h"
#include "api/service_summary.h"
#include "billing/overlay.h"
#include "billing/plan_schema.h"
#include "billing/quantity_document.h"
#include "service/follow.h"
#include "service/payer.h"
#include "service/quote.h"
#include "service/terms.h"

#define REASON_BYTES_MAX 255

static struct problem *
load(struct call *c, struct service *out)
{
	return store_service_load(
	    c->db, c->arena, c->account_id, SERVICE_LOOK, out);
}

/* ---- what GET shows ---- */

static struct json_object *
plans_of(struct arena *a, const struct service *service)
{
	return terms_assignments_json(a, &service->plans);
}

static struct json_object *
overrides_of(struct arena *a, const struct service *service)
{
	(void)a;
	return service->overrides;
}

static struct json_object *
manual_of(struct arena *a, const struct service *service)
{
	return json_own(a,
	    quantity_table_json(&service->quantities[QUANTITY_MANUAL]));
}

static struct json_object *
status_of(struct arena *a, const struct service *service)
{
	struct json_object *json = json_own(a, json_object_new_object());

	json_put_bool(json, "in_good_standing",
	    strcmp(service->standing, STANDING_GOOD) == 0);
	if (service->reason != NULL)
		json_put_string(json, "reason", service->reason);
	if (service->has_reason_code)
		json_put_int(json, "reason_code", service->reason_code);
	return json;
}

static struct problem *
show(struct call *c, struct json_object *(*represent)(struct arena *,
    const struct service *))
{
	struct service service;
	struct problem *p = load(c, &service);

	if (p == NULL)
		entity_answer(c, represent(c->arena, &service));
	return p;
}

static struct problem *
answer_earlier_form(struct call *c, const struct service *service)
{
	struct json_object *json;
	struct problem *p = summary_earlier_form(c, service, &json);

	if (p == NULL)
		entity_answer(c, json);
	return p;
}

struct problem *
services_current(struct call *c)
{
	struct service service;
	struct problem *p = load(c, &service);

	return p != NULL ? p : answer_earlier_form(c, &service);
}

struct problem *
services_show(struct call *c)
{
	return request_control_is(c->request, "details", "true") ?
	    services_current(c) : show(c, plans_of);
}

struct problem *
services_overrides_show(struct call *c)
{
	return show(c, overrides_of);
}

struct problem *
services_manual_show(struct call *c)
{
	return show(c, manual_of);
}

struct problem *
services_status_show(struct call *c)
{
	return show(c, status_of);
}

/* ---- plans ---- */

/* The id of the quote, if the body has no other member; else NULL. */
static const char *
only_quote(struct call *c)
{
	const char *id = json_string_at(c->body, "quote");

	if (id == NULL)
		id = request_control(c->request, "quote");
	return id != NULL && json_object_object_length(c->body) ==
	    (json_at(c->body, "quote") != NULL ? 1 : 0) ? id : NULL;
}

static struct problem *
take_billing_id(struct call *c, struct service *proposed)
{
	const struct payer_request request = {
		json_string_at(c->body, "billing_id"), c->session->account_id };

	return request.id == NULL ? NULL : payer_set(c->db, c->arena, proposed,
	    &request);
}

static struct problem *
propose_plans(struct call *c, const struct service *current,
    struct service *proposed)
{
	const struct assignment assignment = proposal_assignment(c,
	    current, proposed);
	const char *quote = only_quote(c);
	struct problem *p;

	if (quote != NULL)
		return quote_take(&assignment, quote, c->now);
	p = take_billing_id(c, proposed);
	return p != NULL ? p : proposal_take_plans(c, &assignment);
}

static const struct service_change assignments_change = {
	.propose = propose_plans,
	.represent = plans_of,
	.asks = true,
	.quotes = true,
};

struct problem *
services_change(struct call *c)
{
	struct service_change change = assignments_change;

	if (json_at(c->body, "billing_id") != NULL)
		change.answer = answer_earlier_form;
	return run_service_change(c, &change);
}

static struct problem *
propose_assignment(struct call *c, const struct service *current,
    struct service *proposed)
{
	const struct assignment assignment = proposal_assignment(c,
	    current, proposed);

	return assignment_add(&assignment, c->parameters[0], c->body, "");
}

struct problem *
services_plan_assign(struct call *c)
{
	struct service_change change = assignments_change;

	change.propose = propose_assignment;
	return run_service_change(c, &change);
}

static struct problem *
propose_removal(struct call *c, const struct service *current,
    struct service *proposed)
{
	const struct assignment assignment = proposal_assignment(c,
	    current, proposed);

	return assignment_remove(&assignment, c->parameters[0]);
}

struct problem *
services_plan_unassign(struct call *c)
{
	struct service_change change = assignments_change;

	change.propose = propose_removal;
	return run_service_change(c, &change);
}

/* DELETE service_plans with a list, whatever it is called. */
static struct problem *
propose_removals(struct call *c, const struct service *current,
    struct service *proposed)
{
	static const char *const names[] = { "delete", "plans", "add" };
	const struct assignment assignment = proposal_assignment(c,
	    current, proposed);
	struct json_object *list = NULL;
	size_t i;

	for (i = 0; i < NELEM(names) && list == NULL; i++)
		list = json_array_at(c->body, names[i]);
	return list == NULL ? problem_invalid(c->arena, "delete", "required",
	    "Field is required but missing") :
	    proposal_unassign_all(&assignment, list, names[i - 1]);
}

struct problem *
services_plans_unassign(struct call *c)
{
	struct service_change change = assignments_change;

	change.propose = propose_removals;
	return run_service_change(c, &change);
}

/* ---- overrides and manual quantities ---- */

static struct problem *
propose_overrides(struct call *c, const struct service *current,
    struct service *proposed)
{
	struct problem *p = plan_check_overrides(c->arena, c->body, "");

	(void)current;
	if (p != NULL)
		return p;
	if (!body_merges(c))
		proposed->overrides = json_own(c->arena,
		    json_object_new_object());
	overlay_patch(proposed->overrides, c->body);
	return NULL;
}

struct problem *
services_overrides_change(struct call *c)
{
	static const struct service_change change = {
		.propose = propose_overrides,
		.represent = overrides_of,
		.asks = true,
	};

	return run_service_change(c, &change);
}

static struct problem *
propose_manual(struct call *c, const struct service *current,
    struct service *proposed)
{
	struct quantity_table *manual = &proposed->quantities[QUANTITY_MANUAL];

	(void)current;
	if (!body_merges(c))
		*manual = (struct quantity_table){ .count = 0 };
	return quantity_table_read(c->arena, c->body, "", QUANTITY_ASKED,
	    manual);
}

struct problem *
services_manual_change(struct call *c)
{
	static const struct service_change change = {
		.propose = propose_manual,
		.represent = manual_of,
		.asks = true,
	};

	return run_service_change(c, &change);
}

/* ---- standing ---- */

static struct problem *
propose_status(struct call *c, const struct service *current,
    struct service *proposed)
{
	const char *reason = json_string_at(c->body, "reason");

	(void)current;
	if (reason != NULL && strlen(reason) > REASON_BYTES_MAX)
		return problem_invalid(c->arena, "reason", "maxLength",
		    "String must not be more than %d bytes", REASON_BYTES_MAX);
	proposed->standing = json_true_at(c->body, "in_good_standing") ?
	    STANDING_GOOD : STANDING_DELINQUENT;
	proposed->reason = reason;
	proposed->has_reason_code = json_int_at(c->body, "reason_code",
	    &proposed->reason_code);
	return NULL;
}

struct problem *
services_status_change(struct call *c)
{
	static const struct service_change change = {
		.propose = propose_status,
		.represent = status_of,
	};

	return run_service_change(c, &change);
}

/* ---- reconciliation ---- */

static struct problem *
propose_count(struct call *c, const struct service *current,
    struct service *proposed)
{
	(void)current;
	return follow_reconcile(c->db, c->arena, proposed);
}

struct problem *
services_reconcile(struct call *c)
{
	static const struct service_change change = {
		.propose = propose_count,
		.represent = terms_quantities_json,
		.cascades = true,
	};

	return run_service_change(c, &change);
}
