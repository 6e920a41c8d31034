/* SPDX-License-Identifier: GPL-3.0-or-later */
/* services/quote: the cost of a change, which can be taken up later. */
#include "config.h"

#include "api/commit.h"
#include "api/entity.h"
#include "api/handlers.h"
#include "api/service_proposal.h"
#include "api/service_summary.h"
#include "billing/quantity_document.h"
#include "service/price.h"
#include "service/quote.h"

/* Replaces quantities of the account with those of the body. */
static struct problem *
take_what_if(struct call *c, struct service *proposed)
{
	struct json_object *tables = json_object_at(c->body, "quantities");
	struct json_object *given;
	struct problem *p = NULL;
	enum quantity_scope scope;
	const char *name;

	for (scope = 0; scope < QUANTITY_SCOPE__MAX && p == NULL; scope++) {
		name = quantity_scope_name(scope);
		given = json_at(tables, name);
		if (given == NULL)
			continue;
		/* A future account counts itself, too. */
		if (c->account_id != NULL)
			proposed->quantities[scope] =
			    (struct quantity_table){ .count = 0 };
		p = quantity_table_read(c->arena, given,
		    problem_path(c->arena, "quantities", name), QUANTITY_ASKED,
		    &proposed->quantities[scope]);
	}
	return p;
}

/* The seller of a future account, whose plans it would get. */
static const char *
seller_id(const struct session *s)
{
	return s->is_reseller || s->is_master ? s->account_id : s->reseller_id;
}

/* The versions of the plans, which the quote is bound to. */
static struct json_object *
versions_json(const struct assigned_plans *plans)
{
	struct json_object *json = json_object_new_object();
	size_t i;

	for (i = 0; i < plans->count; i++)
		json_put_int(json, plans->plans[i].id, plans->plans[i].version);
	return json;
}

static struct problem *
answer_quote(struct call *c, const struct service *proposed,
    const struct invoices *annotated)
{
	const struct quote_order order = { c->account_id, proposed, annotated,
		c->now, c->config->quote_expiry_s };
	struct json_object *summary, *quote;
	struct quote kept;
	struct problem *p = quote_keep(c->db, c->arena, &order, &kept);

	if (p != NULL)
		return p;
	summary = summary_of_service(c, proposed, annotated);
	quote = json_object_new_object();
	json_put_string(quote, "id", kept.id);
	json_put_int(quote, "created", c->now);
	json_put_int(quote, "expires", kept.expires);
	json_object_object_add(quote, "versions",
	    versions_json(&proposed->plans));
	json_object_object_add(summary, "quote", quote);
	entity_answer(c, summary);
	return NULL;
}

/* The plans that are named, and no others. */
static struct problem *
work(struct call *c, void *state)
{
	const struct proration proration = summary_proration(c);
	struct service current, proposed;
	struct invoices annotated;
	struct problem *p;

	(void)state;
	if (c->account_id == NULL)
		p = quote_build_newcomer(c->arena, c->session->account_id,
		    seller_id(c->session), &current);
	else
		p = store_service_load(
		    c->db, c->arena, c->account_id, SERVICE_LOOK, &current);
	if (p != NULL)
		return p;
	service_copy(c->arena, &current, &proposed);
	proposed.plans.count = 0;
	if ((p = proposal_take_plans(c, &proposed)) != NULL ||
	    (p = take_what_if(c, &proposed)) != NULL ||
	    (p = price_service(c->arena, &current, &proposed, &proration,
	    request_control_is(c->request, "explain", "true"),
	    &annotated)) != NULL)
		return p;
	return answer_quote(c, &proposed, &annotated);
}

struct problem *
services_quote(struct call *c)
{
	return commit_request(c, work, NULL);
}
