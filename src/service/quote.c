/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/quote.h"

#include <string.h>

#include "base/ids.h"
#include "base/json.h"
#include "service/object_count.h"
#include "service/terms.h"

static struct json_object *
plans_json(const struct assigned_plans *plans)
{
	struct json_object *list = json_object_new_array(), *one;
	const struct assigned_plan *plan;
	size_t i;

	for (i = 0; i < plans->count; i++) {
		plan = &plans->plans[i];
		one = json_object_new_object();
		json_put_string(one, "id", plan->id);
		json_put_string(one, "vendor_id", plan->vendor_id);
		json_put_int(one, "version", plan->version);
		json_put_bool(one, "pinned", plan->pinned != 0);
		json_object_object_add(one, "overrides",
		    plan->overrides == NULL ? json_object_new_object() :
		    json_object_get(plan->overrides));
		if (plan->contract != NULL)
			json_object_object_add(one, "contract",
			    json_object_get(plan->contract));
		json_object_array_add(list, one);
	}
	return list;
}

static struct json_object *
quote_document(struct arena *a, const struct service *proposed,
    const struct invoices *annotated)
{
	struct json_object *json = json_own(a, json_object_new_object());

	json_object_object_add(json, "plans", plans_json(&proposed->plans));
	json_object_object_add(json, "overrides",
	    json_object_get(proposed->overrides));
	json_object_object_add(json, "quantities",
	    json_object_get(terms_quantities_json(a, proposed)));
	json_put_string(json, "billing_id", proposed->billing_id);
	json_put_money(json, "today", annotated->today);
	json_put_money(json, "recurring", annotated->recurring);
	if (annotated->prorates)
		json_put_money(json, "prorated", annotated->prorated);
	return json;
}

struct problem *
quote_build_newcomer(struct arena *a, const char *payer_id,
    const char *seller_id, struct service *out)
{
	*out = (struct service){
		.account_id = payer_id,
		.account_name = "",
		.billing_id = payer_id,
		.reseller_id = seller_id,
		.standing = STANDING_GOOD,
		.document = json_own(a, json_object_new_object()),
		.overrides = json_own(a, json_object_new_object()),
	};
	return account_count(a, out);
}

struct problem *
quote_keep(struct db *db, struct arena *a, const struct quote_order *order,
    struct quote *out)
{
	char *id = arena_alloc(a, ID_SIZE);

	id_new(id);
	*out = (struct quote){
		.id = id,
		.account_id = order->account_id,
		.vendor_id = order->proposed->reseller_id,
		.created = order->now,
		.expires = order->now + order->life_s,
		.asker = order->asker,
		.document = quote_document(a, order->proposed,
		    order->annotated),
	};
	return store_quote_create(db, a, out);
}

static bool
is_valid_for(const struct quote *quote, const struct service *account)
{
	return strcmp(quote->vendor_id, account->reseller_id) == 0 &&
	    (quote->account_id == NULL ||
	    strcmp(quote->account_id, account->account_id) == 0);
}

struct problem *
quote_find(struct db *db, struct arena *a, const char *id,
    const struct service *account, int64_t now, struct quote **out)
{
	struct problem *p;

	if (!id_valid(id))
		return problem_bad_identifier(a, id);
	if ((p = store_quote_show(db, a, id, out)) != NULL)
		return p;
	if (*out == NULL || !is_valid_for(*out, account))
		return problem_bad_identifier(a, id);
	if ((*out)->expires <= now)
		return problem_text(a, PROBLEM_QUOTE_DIFFERS,
		    "the quote has expired: ask for another");
	/* An earlier version let anybody quote overrides of their own. */
	return (*out)->asker != NULL ? NULL :
	    problem_text(a, PROBLEM_QUOTE_DIFFERS,
	    "the quote does not say who asked: ask for another");
}

struct problem *
quote_take(const struct assignment *assignment, const char *id, int64_t now)
{
	struct service *proposed = assignment->proposed;
	struct json_object *plans, *overrides, *terms;
	struct quote *quote;
	struct problem *p;
	size_t i, n;

	p = quote_find(assignment->db, assignment->arena, id, proposed, now,
	    &quote);
	if (p != NULL)
		return p;
	plans = json_array_at(quote->document, "plans");
	n = plans == NULL ? 0 : json_object_array_length(plans);
	proposed->plans.count = 0;
	for (i = 0; i < n && p == NULL; i++) {
		terms = json_object_array_get_idx(plans, i);
		/* Only a pinned version is part of the assignment. Any other
		 * version was the newest of its day, and is compared with the
		 * newest. */
		if (!json_true_at(terms, "pinned"))
			json_object_object_del(terms, "version");
		p = assignment_add(assignment, json_string_at(terms, "id"),
		    terms, "quote");
	}
	overrides = json_object_at(quote->document, "overrides");
	if (overrides != NULL)
		proposed->overrides = overrides;
	return p;
}

/* The members of one document that are missing in the other or have another
 * value. */
static struct json_object *
list_differing_members(struct arena *a, struct json_object *one,
    struct json_object *other)
{
	struct json_object *out = json_object_new_object(), *found;

	json_object_object_foreach(one, key, value) {
		found = NULL;
		json_object_object_get_ex(other, key, &found);
		/* Compared as text: json_money keeps an amount in its text
		 * only, and a stored amount may be of another type. */
		if (found == NULL || value == NULL ||
		    strcmp(json_canonical_text(a, value),
		    json_canonical_text(a, found)) != 0)
			json_object_object_add(out, key,
			    json_object_get(value));
	}
	return out;
}

static struct problem *
report_difference(struct arena *a, struct json_object *quoted,
    struct json_object *now)
{
	struct problem *p = problem_new(a, PROBLEM_QUOTE_DIFFERS);

	p->data = json_own(a, json_object_new_object());
	json_put_string(p->data, "message", p->text);
	json_object_object_add(p->data, "quoted", json_object_get(quoted));
	json_object_object_add(p->data, "now", json_object_get(now));
	return p;
}

struct problem *
quote_hold(struct arena *a, const struct quote *quote,
    const struct service *proposed, const struct invoices *annotated)
{
	struct json_object *document = quote_document(a, proposed, annotated);
	struct json_object *quoted, *now;

	quoted = json_own(a, list_differing_members(a, quote->document,
	    document));
	now = json_own(a, list_differing_members(a, document, quote->document));
	return json_object_object_length(quoted) == 0 &&
	    json_object_object_length(now) == 0 ? NULL : report_difference(a,
	    quoted, now);
}
