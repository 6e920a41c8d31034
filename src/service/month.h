/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is done for an account because a month begins or ends: what recurs is
 * collected or reminded of, the balance is rolled over, quantities are kept.
 */
#ifndef REEVE_SERVICE_MONTH_H
#define REEVE_SERVICE_MONTH_H

#include "base/config.h"
#include "base/gregorian.h"
#include "store/db.h"

/* A month of an account. */
struct month {
	const struct config *config;
	const char *account_id;
	const char *account_name;
	char name[GREGORIAN_MONTH_SIZE]; /* "YYYYMM" */
	int64_t start;                   /* its first second, Gregorian */
	int64_t now;                     /* of what is written */
};

/* When what recurs in a month that begins at start is due: in its second
 * second. */
int64_t month_due(int64_t start);

/* What due_account_list knows each of these by. */
#define MONTH_COLLECT "collect"
#define MONTH_REMIND "remind"
#define MONTH_ROLL_OVER "rollover"
#define MONTH_KEEP_QUANTITIES "snapshot"

/*
 * Each is done once for an account and a month, in one transaction with the
 * mark of it; *done: it was now, and not by somebody else before. Problems:
 * BAD_IDENTIFIER (account).
 */

/*
 * Charges what recurs, as it is now: bookkeepers that move money are told to
 * collect, for the others a debit is written where recurring_debits is on. Of
 * an account that is disabled nothing is charged, and the month is done.
 */
struct problem *month_collect(struct db *db, struct arena *a,
    const struct month *month, bool *done) MUSTCHECK;

/* Has bookkeepers that move money remind of what will be due when the next
 * month begins. */
struct problem *month_remind(struct db *db, struct arena *a,
    const struct month *month, bool *done) MUSTCHECK;

/* Restates what the months before add up to, in an entry of the ledger. */
struct problem *month_roll_over(struct db *db, struct arena *a,
    const struct month *month, bool *done) MUSTCHECK;

/* Keeps the quantities that it began with. */
struct problem *month_keep_quantities(struct db *db, struct arena *a,
    const struct month *month, bool *done) MUSTCHECK;

#endif
