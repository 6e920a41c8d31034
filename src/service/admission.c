/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/admission.h"

#include <string.h>

#include "base/json.h"
#include "billing/invoice_document.h"
#include "service/cascade.h"
#include "service/quote.h"
#include "service/terms.h"
#include "store/ledgers.h"
#include "store/objects.h"

static struct problem *
hold_quote(const struct part *part, const struct invoices *annotated)
{
	struct quote *quote;
	struct problem *p;

	p = quote_find(part->db, part->arena, part->change->quote_id,
	    part->after, part->change->now, &quote);
	return p != NULL ? p :
	    quote_hold(part->arena, quote, part->after, annotated);
}

static struct problem *
refuse_charges(struct arena *a, const struct invoices *annotated,
    const struct invoices *acting)
{
	struct problem *p = problem_new(a, PROBLEM_CHARGES);
	size_t i;

	p->data = json_own(a, invoices_json(annotated));
	for (i = 0; i < acting->count; i++)
		if (invoice_has_changes(&acting->invoices[i]))
			json_object_array_add(p->data,
			    invoice_json(&acting->invoices[i], true));
	return p;
}

static struct problem *
report_billing_issue(const struct part *part, const char *reason,
    const char *message, money_t amount)
{
	struct problem *p = problem_new(part->arena, PROBLEM_BILLING_ISSUE);

	p->data = json_own(part->arena, json_object_new_object());
	json_put_string(p->data, "reason", reason);
	json_put_string(p->data, "message", message != NULL ? message : p->text);
	json_put_money(p->data, "amount", amount);
	return p;
}

/* The amount that an account may owe. */
static struct problem *
read_postpay_limit(const struct part *part, const char *account_id,
    money_t *limit)
{
	struct json_object *amount;
	struct object *object;
	struct problem *p;

	*limit = 0;
	p = store_object_show(part->db, part->arena, account_id, &kind_limits,
	    kind_limits.noun, &object);
	if (p != NULL || object == NULL ||
	    !json_true_at(object->document, "allow_postpay"))
		return p;
	amount = json_at(object->document, "max_postpay_amount");
	if (amount != NULL &&
	    !money_parse(json_object_to_json_string(amount), limit))
		*limit = 0;
	return NULL;
}

/*
 * Without a bookkeeper that moves money, balance and postpay allowance must
 * cover the cost. With one, the bookkeeper reports accounts that owe too much.
 */
static struct problem *
check_balance(const struct part *part, const struct service *payer,
    money_t amount)
{
	struct billed_state state;
	money_t balance, limit, left;
	struct problem *p;

	terms_state(payer, &state);
	if (bookkeeper_moves_money(&state.bookkeeper))
		return NULL;
	if ((p = store_ledger_balance(part->db, part->arena, payer->account_id,
	    &balance)) != NULL ||
	    (p = read_postpay_limit(part, payer->account_id, &limit)) != NULL)
		return p;
	if (money_add(balance, limit, &left) && left >= amount)
		return NULL;
	return report_billing_issue(part, "not_enough_funds",
	    "There is not enough credit for this.", amount);
}

/* The cost of a change to its payer: the charge of today, or the monthly
 * increase if higher. */
static money_t
compute_cost(const struct invoices *annotated)
{
	/* An increase costs at least the prorated rest of this month. */
	money_t min = annotated->prorated > 0 ? annotated->prorated : 0;
	money_t amount;

	return money_subtract(annotated->recurring, annotated->recurring_before,
	    &amount) && money_add(amount < min ? min : amount,
	    annotated->today, &amount) ? amount : MONEY_MAX;
}

/* The payer of an increase must be in good standing. */
static struct problem *
check_standing(const struct part *part, const struct service *billed,
    const struct invoices *annotated)
{
	struct service payer = *billed;
	struct problem *p;

	if (!invoices_cost_more(annotated))
		return NULL;
	if (strcmp(billed->billing_id, billed->account_id) != 0 &&
	    (p = store_service_load(part->db, part->arena, billed->billing_id,
	    SERVICE_LOOK, &payer)) != NULL)
		return p;
	if (strcmp(payer.standing, STANDING_GOOD) != 0)
		return report_billing_issue(part, payer.standing, payer.reason,
		    compute_cost(annotated));
	return part->change->needs_balance ?
	    check_balance(part, &payer, compute_cost(annotated)) : NULL;
}

struct problem *
admission_check(const struct part *part, const struct invoices *annotated)
{
	const struct change *change = part->change;
	struct service before, after;
	struct invoices acting = { .count = 0 };
	struct problem *p;

	if (change->quote_id != NULL)
		return hold_quote(part, annotated);
	if (change->acting_id != NULL && (p = cascade_price(part,
	    change->acting_id, &before, &after, &acting)) != NULL)
		return p;
	if (change->must_accept && !change->accepted && (invoices_cost_more(annotated) ||
	    invoices_cost_more(&acting)))
		return refuse_charges(part->arena, annotated, &acting);
	if (!change->needs_standing)
		return NULL;
	p = check_standing(part, part->after, annotated);
	return p != NULL || change->acting_id == NULL ? p :
	    check_standing(part, &after, &acting);
}
