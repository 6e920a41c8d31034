/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/payer.h"

#include <string.h>

static struct problem *
is_above(struct db *db, struct arena *a, const char *account_id,
    const char *id, bool *above)
{
	struct account_ids ancestors;
	struct problem *p = store_service_ancestors(
	    db, a, account_id, &ancestors);
	size_t i;

	*above = false;
	for (i = 0; p == NULL && i < ancestors.count; i++)
		*above = *above || strcmp(ancestors.ids[i], id) == 0;
	return p;
}

struct problem *
payer_set(struct db *db, struct arena *a, struct service *proposed,
    const char *id)
{
	struct problem *p;
	bool above;

	if (strcmp(id, proposed->account_id) != 0 &&
	    strcmp(id, proposed->billing_id) != 0) {
		p = is_above(db, a, proposed->account_id, id, &above);
		if (p != NULL)
			return p;
		if (!above) {
			p = problem_invalid(a, "billing_id", "invalid",
			    "Requested billing id is not the parent of this "
			    "account");
			p->name = "invalid_billing_id";
			return p;
		}
	}
	proposed->billing_id = id;
	return NULL;
}
