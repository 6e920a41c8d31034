/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/price.h"

#include "service/terms.h"

struct problem *
price_service(struct arena *a, const struct service *current,
    const struct service *proposed, const struct proration *proration,
    bool explain, struct invoices *annotated)
{
	struct billed_state before, after;
	struct invoices old, new;
	struct problem *p;

	terms_state(current, &before);
	terms_state(proposed, &after);
	if ((p = invoices_price(a, &before, explain, &old)) != NULL ||
	    (p = invoices_price(a, &after, explain, &new)) != NULL)
		return p;
	return invoices_annotate(a, &old, &new, proration, annotated);
}

money_t
price_cost(const struct invoices *annotated)
{
	/* An increase costs at least the prorated rest of this month. */
	money_t min = annotated->prorated > 0 ? annotated->prorated : 0;
	money_t amount;

	return money_subtract(annotated->recurring, annotated->recurring_before,
	    &amount) && money_add(amount < min ? min : amount,
	    annotated->today, &amount) ? amount : MONEY_MAX;
}

money_t
price_fall(const struct invoices *annotated)
{
	money_t amount;

	if (annotated->recurring >= annotated->recurring_before)
		return 0;
	return money_subtract(annotated->recurring_before, annotated->recurring,
	    &amount) ? amount : MONEY_MAX;
}
