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
