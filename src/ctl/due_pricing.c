/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The task of run-due that prices the services of accounts whose monthly charges
 * are not known, after an upgrade or an import. */
#include "config.h"

#include "ctl/due.h"
#include "service/sums.h"

static struct problem *
price(struct db *db, struct arena *a, void *state)
{
	const struct due_visit *v = state;

	return sums_price(db, a, v->account_id, v->period->start);
}

struct problem *
due_pricing(struct due_visit *v)
{
	struct problem *p = NULL;

	if (!v->dry)
		p = db_transaction(v->ctl->db, v->arena, price, v);
	/* It was deleted meanwhile, or is too large to bill: then no sum is
	 * known. */
	if (p != NULL && (p->kind == PROBLEM_BAD_IDENTIFIER ||
	    p->kind == PROBLEM_VALIDATION))
		return NULL;
	v->done = p == NULL;
	return p;
}
