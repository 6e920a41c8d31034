/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rebuilds what sums the entries of an account: its day rows, month by month,
 * each in a transaction of its own, and its balance. A writer of the account
 * waits for one month at most.
 */
#ifndef REEVE_SERVICE_TRAIL_REBUILD_H
#define REEVE_SERVICE_TRAIL_REBUILD_H

#include <stdint.h>

#include "store/db.h"

/* Days "YYYY-MM-DD", both included. */
struct trail_days {
	const char *account_id;
	const char *from;
	const char *to;
	/* Called after each month, with its last day; may be NULL. */
	void (*progress)(void *state, const char *last_day);
	void *state;
};

/* *rows: the number of day rows written. A rebuild that stopped may begin with
 * the month that failed. Problems: BAD_IDENTIFIER (account), CONFLICT. */
struct problem *trail_rebuild(struct db *db, struct arena *a,
    const struct trail_days *days, int64_t *rows) MUSTCHECK;

#endif
