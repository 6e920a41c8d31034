/* SPDX-License-Identifier: GPL-3.0-or-later */
/* services/quote: the cost of a change, which can be taken up later. */
#include "config.h"

#include <string.h>

#include "api/authorization.h"
#include "api/commit.h"
#include "api/entity.h"
#include "api/handlers.h"
#include "api/service_proposal.h"
#include "api/service_summary.h"
#include "base/ids.h"
#include "billing/plan_schema.h"
#include "billing/quantity_document.h"
#include "service/price.h"
#include "service/quote.h"

/* Replaces quantities of an account with those of the body; newcomer: it is a
 * future account, which counts itself, too. */
static struct problem *
take_what_if(struct call *c, struct service *proposed, bool newcomer)
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
		if (!newcomer)
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

/* ---- the caller ---- */

/* Does the caller set terms? A future account is sold by its seller, or by
 * those who sell to that one. A clerk, who may quote, sets none. */
static bool
sets_terms(const struct call *c, bool newcomer)
{
	const struct session *s = c->session;

	if (caller_role(c) < ROLE_ADMIN)
		return false;
	if (c->account_id == NULL)
		return s->is_reseller || s->is_master;
	return caller_sells(c) ||
	    (newcomer && strcmp(s->account_id, c->account_id) == 0);
}

/* The first member of an assignment, or of the body, that its seller sets;
 * NULL: none. */
static const char *
find_term(struct json_object *given)
{
	static const char *const terms[] = { "overrides", "contract",
		"version" };
	struct json_object *value;
	size_t i;

	for (i = 0; i < NELEM(terms); i++) {
		value = json_at(given, terms[i]);
		if (value != NULL && !(json_object_is_type(value,
		    json_type_object) && json_object_object_length(value) == 0))
			return terms[i];
	}
	return NULL;
}

static struct problem *
refuse_term(struct call *c, struct json_object *given, const char *place)
{
	const char *term = find_term(given);

	return term == NULL ? NULL : problem_text(c->arena, PROBLEM_FORBIDDEN,
	    "%s: set by the account's seller only", problem_path(c->arena,
	    place, term));
}

/* Nobody but the seller quotes overrides, contracts and versions. */
static struct problem *
check_terms(struct call *c)
{
	static const char *const lists[] = { "add", "plans" };
	struct problem *p = refuse_term(c, c->body, "");
	struct json_object *list;
	size_t i, k, n;

	for (i = 0; i < NELEM(lists); i++) {
		list = json_array_at(c->body, lists[i]);
		n = list == NULL ? 0 : json_object_array_length(list);
		for (k = 0; k < n && p == NULL; k++)
			p = refuse_term(c, json_object_array_get_idx(list, k),
			    arena_printf(c->arena, "%s.%zu", lists[i], k));
	}
	return p;
}

static struct json_object *
asker_json(struct call *c)
{
	struct json_object *json = json_own(c->arena, json_object_new_object());

	json_put_string(json, "account_id", c->session->account_id);
	json_put_string(json, "account_name", c->session->account_name);
	json_put_string(json, "user_id", c->session->user_id);
	return json;
}

/* ---- a draft ---- */

/* The plan that the body carries, which is not saved; NULL: none. */
static struct json_object *
draft_of(const struct call *c)
{
	return json_object_at(c->body, "plan");
}

/* Its id; that of no plan, if it has none. */
static struct problem *
read_draft_id(struct call *c, struct json_object *draft, const char **out)
{
	struct json_object *id = json_at(draft, "id");
	char *fresh = arena_alloc(c->arena, ID_SIZE);

	if (id == NULL) {
		id_new(fresh);
		*out = fresh;
		return NULL;
	}
	*out = json_string_at(draft, "id");
	return *out != NULL && plan_id_valid(*out) ? NULL :
	    problem_invalid(c->arena, "plan.id", "pattern",
	    PLAN_ID_EXPECTED);
}

/* Nobody but those who may save a plan of the vendor price a draft of it. */
static struct problem *
read_draft(struct call *c, const struct service *proposed, bool newcomer,
    struct lent_plan *out)
{
	struct json_object *draft = draft_of(c);
	struct problem *p;

	if (!sets_terms(c, newcomer))
		return problem_text(c->arena, PROBLEM_FORBIDDEN,
		    "plan: priced for those who may save it only");
	*out = (struct lent_plan){ .vendor_id = proposed->reseller_id };
	if ((p = read_draft_id(c, draft, &out->id)) != NULL)
		return p;
	out->document = json_own(c->arena, json_public_copy(draft));
	json_object_object_del(out->document, "id");
	return plan_check(c->arena, out->document, "plan");
}

/*
 * The plans that are named, or else those that the account has; and the draft,
 * by which the account pays unless it has pinned a version of that plan.
 */
static struct problem *
take_draft(struct call *c, struct assignment assignment, bool newcomer)
{
	struct assigned_plans *plans = &assignment.proposed->plans;
	const bool named = proposal_names_plans(c);
	struct lent_plan draft;
	struct problem *p;

	if ((p = read_draft(c, assignment.proposed, newcomer, &draft)) != NULL)
		return p;
	assignment.lent = &draft;
	if (named)
		plans->count = 0;
	if ((p = proposal_take_plans(c, &assignment)) != NULL ||
	    (named && assignment_find(plans, draft.id) != NULL))
		return p;
	assignment.merges = assignment.keeps_terms = true;
	return assignment_add(&assignment, draft.id, NULL, "plan");
}

/* Nothing is kept, so there is nothing to be taken up. */
static struct problem *
answer_draft(struct call *c, const struct service *proposed,
    const struct invoices *annotated)
{
	struct json_object *summary, *quote;
	struct problem *p = summary_of_service(c, proposed, annotated,
	    &summary);

	if (p != NULL)
		return p;
	quote = json_object_new_object();
	json_put_bool(quote, "draft", true);
	json_object_object_add(summary, "quote", quote);
	entity_answer(c, summary);
	return NULL;
}

/* ---- the quote ---- */

static struct problem *
answer_quote(struct call *c, const struct service *proposed,
    const struct invoices *annotated, bool newcomer)
{
	const struct quote_order order = { newcomer ? NULL : c->account_id,
		proposed, annotated, c->now, c->config->quote_expiry_s,
		asker_json(c) };
	struct json_object *summary, *quote;
	struct quote kept;
	struct problem *p = quote_keep(c->db, c->arena, &order, &kept);

	if (p != NULL || (p = summary_of_service(c, proposed, annotated,
	    &summary)) != NULL)
		return p;
	quote = json_object_new_object();
	json_put_string(quote, "id", kept.id);
	json_put_int(quote, "created", c->now);
	json_put_int(quote, "expires", kept.expires);
	json_object_object_add(quote, "asked_by", json_object_get(kept.asker));
	json_object_object_add(quote, "versions",
	    versions_json(&proposed->plans));
	json_object_object_add(summary, "quote", quote);
	entity_answer(c, summary);
	return NULL;
}

/*
 * The plans that are named, and no others. A caller who sets no terms quotes
 * what the account has with the terms it has.
 */
static struct problem *
take_named(struct call *c, const struct service *current,
    struct service *proposed, bool newcomer)
{
	struct assignment assignment = proposal_assignment(c, current,
	    proposed);
	struct problem *p = NULL;

	if (draft_of(c) != NULL)
		return take_draft(c, assignment, newcomer);
	if (!sets_terms(c, newcomer)) {
		assignment.merges = assignment.keeps_terms = true;
		p = check_terms(c);
	}
	proposed->plans.count = 0;
	return p != NULL ? p : proposal_take_plans(c, &assignment);
}

/* ---- for whom ---- */

/* The base of a quote for a future account. */
static struct problem *
build_newcomer(struct call *c, const char *seller, struct service *out)
{
	return quote_build_newcomer(c->arena, c->account_id != NULL ?
	    c->account_id : c->session->account_id, seller, out);
}

/*
 * A reseller's own plans are for its customers: quoted at its URL, they are
 * priced for a future one of them, as without an account in the path. Nobody
 * could assign them to the reseller.
 */
static struct problem *
find_quoted(struct call *c, struct service *current, bool *newcomer)
{
	struct problem *p;

	*newcomer = c->account_id == NULL;
	if (*newcomer)
		return build_newcomer(c, seller_id(c->session), current);
	p = store_service_load(c->db, c->arena, c->account_id, SERVICE_LOOK,
	    current);
	if (p != NULL || !current->is_reseller ||
	    strcmp(current->reseller_id, c->account_id) == 0)
		return p;
	if (draft_of(c) != NULL)
		*newcomer = strcmp(c->session->account_id, c->account_id) == 0;
	else
		p = proposal_names_only_plans_of(c, c->account_id, newcomer);
	return p != NULL || !*newcomer ? p :
	    build_newcomer(c, c->account_id, current);
}

static struct problem *
work(struct call *c, void *state)
{
	const struct proration proration = summary_proration(c);
	struct service current, proposed;
	struct invoices annotated;
	struct problem *p;
	bool newcomer;

	(void)state;
	if ((p = find_quoted(c, &current, &newcomer)) != NULL)
		return p;
	service_copy(c->arena, &current, &proposed);
	if ((p = take_named(c, &current, &proposed, newcomer)) != NULL ||
	    (p = take_what_if(c, &proposed, newcomer)) != NULL ||
	    (p = price_service(c->arena, &current, &proposed, &proration,
	    request_control_is(c->request, "explain", "true"),
	    &annotated)) != NULL)
		return p;
	return draft_of(c) != NULL ? answer_draft(c, &proposed, &annotated) :
	    answer_quote(c, &proposed, &annotated, newcomer);
}

struct problem *
services_quote(struct call *c)
{
	return draft_of(c) != NULL ? work(c, NULL) :
	    commit_request(c, work, NULL);
}
