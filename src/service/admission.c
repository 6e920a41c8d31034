/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/admission.h"

#include <string.h>

#include "base/json.h"
#include "service/cascade.h"
#include "service/price.h"
#include "service/quote.h"
#include "service/shown_invoices.h"

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

static bool
is_to_be_accepted(const struct change *change,
    const struct invoices *annotated, const struct invoices *acting)
{
	return change->must_accept && !change->accepted &&
	    ((change->asks_owner && invoices_cost_more(annotated)) ||
	    (change->asks_actor && invoices_cost_more(acting)));
}

/* Adds the invoices of an account to those that are shown. */
static struct problem *
ask(const struct part *part, const char *account_id,
    const struct invoices *invoices, bool changed_only,
    struct json_object *list)
{
	struct problem *p = NULL;
	size_t i;

	for (i = 0; i < invoices->count && p == NULL; i++)
		if (!changed_only ||
		    invoice_has_changes(&invoices->invoices[i]))
			p = shown_invoice_add(part->db, part->arena,
			    account_id, &invoices->invoices[i], true, list);
	return p;
}

/* Shows the account's invoices, and those of the actor that change; only the
 * actor's where nobody else is asked. */
static struct problem *
refuse_charges(const struct part *part, const struct invoices *annotated,
    const struct invoices *acting)
{
	const struct change *change = part->change;
	struct problem *refusal = problem_new(part->arena, PROBLEM_CHARGES);
	struct problem *p = NULL;

	refusal->data = json_own(part->arena, json_object_new_array());
	if (change->asks_owner)
		p = ask(part, part->after->account_id, annotated, false,
		    refusal->data);
	if (p == NULL && (change->asks_actor || !change->asks_owner))
		p = ask(part, change->acting_id, acting, change->asks_owner,
		    refusal->data);
	return p != NULL ? p : refusal;
}

struct problem *
admission_billing_issue(const struct part *part, const char *reason,
    const char *message, money_t amount)
{
	struct problem *p = problem_new(part->arena, PROBLEM_BILLING_ISSUE);

	p->data = json_own(part->arena, json_object_new_object());
	json_put_string(p->data, "reason", reason);
	json_put_string(p->data, "message", message != NULL ? message : p->text);
	json_put_money(p->data, "amount", amount);
	return p;
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
		return admission_billing_issue(part, payer.standing,
		    payer.reason, price_cost(annotated));
	return NULL;
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
	if (is_to_be_accepted(change, annotated, &acting))
		return refuse_charges(part, annotated, &acting);
	if (!change->needs_standing)
		return NULL;
	p = check_standing(part, part->after, annotated);
	return p != NULL || change->acting_id == NULL ? p :
	    check_standing(part, &after, &acting);
}
