/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/reserve.h"

#include <string.h>

#include "base/json.h"
#include "service/admission.h"
#include "service/price.h"
#include "service/terms.h"
#include "store/holds.h"
#include "store/objects.h"

struct reserve_part {
	struct reserve_part *next;
	struct hold hold;
	bool must_cover; /* the payer must be able to pay the rise */
};

/* True for the changed account, and for the ancestor who acts. A quote has been
 * promised, so the balance is not looked at. */
static bool
is_asked(const struct part *part)
{
	const struct change *change = part->change;
	const char *id = part->after->account_id;

	return change->needs_balance && change->quote_id == NULL &&
	    (strcmp(id, change->account_id) == 0 ||
	    (change->acting_id != NULL && strcmp(id, change->acting_id) == 0));
}

void
reserve_add(const struct part *part, const struct invoices *annotated)
{
	struct reserve *reserve = part->reserve;
	const struct hold hold = {
		.account_id = part->after->account_id,
		.payer_id = part->after->billing_id,
		.fall = price_fall(annotated),
		.rise = price_cost(annotated),
		.today = annotated->today,
	};
	struct reserve_part *one;

	if (reserve == NULL || (hold.fall == 0 && hold.rise == 0 &&
	    strcmp(part->before->billing_id, part->after->billing_id) == 0))
		return;
	one = arena_alloc(part->arena, sizeof(*one));
	*one = (struct reserve_part){ NULL, hold,
		is_asked(part) && invoices_cost_more(annotated) };
	if (reserve->last == NULL)
		reserve->first = one;
	else
		reserve->last->next = one;
	reserve->last = one;
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
 * The postpay allowance must cover the lack of a payer whose bookkeeper moves no
 * money. One that does reports accounts that owe too much.
 */
static struct problem *
check_lack(const struct part *part, const struct hold *hold, money_t available)
{
	struct billed_state state;
	struct service payer;
	money_t limit, left;
	struct problem *p;

	p = store_service_load(part->db, part->arena, hold->payer_id,
	    SERVICE_LOOK, &payer);
	if (p != NULL)
		return p;
	terms_state(&payer, &state);
	if (bookkeeper_moves_money(&state.bookkeeper))
		return NULL;
	if ((p = read_postpay_limit(part, hold->payer_id, &limit)) != NULL)
		return p;
	return money_add(available, limit, &left) && left >= 0 ? NULL :
	    admission_billing_issue(part, "not_enough_funds",
	    "There is not enough credit for this.", hold->rise);
}

struct problem *
reserve_hold(const struct part *part)
{
	const struct reserve_part *one = part->reserve == NULL ? NULL :
	    part->reserve->first;
	struct problem *p = NULL;
	money_t available;

	for (; p == NULL && one != NULL; one = one->next) {
		p = store_hold_save(part->db, part->arena, &one->hold,
		    &available);
		if (p == NULL && one->must_cover && available < 0)
			p = check_lack(part, &one->hold, available);
	}
	return p;
}
