/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/payer.h"

#include <string.h>

static bool
is_among(const struct account_ids *ids, const char *id)
{
	size_t i;

	for (i = 0; i < ids->count; i++)
		if (strcmp(ids->ids[i], id) == 0)
			return true;
	return false;
}

/* The parent of the account pays if it, or an account above it, says so. */
static struct problem *
check_parent(struct db *db, struct arena *a, const char *account_id,
    const struct payer_request *request)
{
	struct account_ids above;
	struct problem *p = store_service_ancestors(db, a, account_id, &above);

	if (p != NULL)
		return p;
	if (above.count == 0 ||
	    strcmp(above.ids[above.count - 1], request->id) != 0) {
		p = problem_invalid(a, "billing_id", "invalid",
		    "Requested billing id is not the parent of this account");
		p->name = "invalid_billing_id";
		return p;
	}
	return is_among(&above, request->caller_id) ? NULL :
	    problem_new(a, PROBLEM_FORBIDDEN);
}

struct problem *
payer_set(struct db *db, struct arena *a, struct service *proposed,
    const struct payer_request *request)
{
	struct problem *p = NULL;

	if (strcmp(request->id, proposed->billing_id) == 0)
		return NULL;
	if (strcmp(request->id, proposed->account_id) != 0)
		p = check_parent(db, a, proposed->account_id, request);
	if (p == NULL)
		proposed->billing_id = request->id;
	return p;
}
