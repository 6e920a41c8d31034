/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/trail_rebuild.h"

#include "service/sums.h"
#include "store/audit.h"
#include "store/ledgers.h"

/* Rebuilds the next month. *from becomes the day after it on arena a, or
 * NULL. */
static struct problem *
rebuild_month(struct db *db, struct arena *a, const struct trail_days *days,
    const char **from, int64_t *rows)
{
	struct audit_month *month;
	struct problem *p;
	int64_t written;

	p = store_audit_month_next(
	    db, a, days->account_id, *from, days->to, &month);
	*from = p == NULL && month != NULL ? month->next_day : NULL;
	if (p != NULL || month == NULL)
		return p;
	p = store_audit_day_rebuild(db, a, days->account_id, month->first_day,
	    month->last_day, &written);
	if (p != NULL)
		return p;
	*rows += written;
	if (days->progress != NULL)
		days->progress(days->state, month->last_day);
	return NULL;
}

struct problem *
trail_rebuild(struct db *db, struct arena *a, const struct trail_days *days,
    int64_t *rows)
{
	const char *from = days->from;
	struct problem *p = NULL;

	*rows = 0;
	while (p == NULL && from != NULL)
		p = rebuild_month(db, a, days, &from, rows);
	if (p == NULL)
		p = store_ledger_balance_rebuild(db, a, days->account_id);
	return p != NULL ? p : sums_rebuild(db, a, days->account_id);
}
