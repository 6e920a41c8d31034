/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Monthly tasks of an account: collect recurring charges or remind of them,
 * roll over the balance, store the quantities.
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
	int64_t now;                     /* date of the written rows */
};

/* The due time of recurring charges of a month that begins at start: its second
 * second. */
int64_t month_due(int64_t start);

/* Names of the tasks in due_account_list. */
#define MONTH_COLLECT "collect"
#define MONTH_REMIND "remind"
#define MONTH_ROLL_OVER "rollover"
#define MONTH_KEEP_QUANTITIES "snapshot"

/*
 * Each task is done once per account and month, in one transaction with its
 * mark. *done: this call did it, and no other before. Problems: BAD_IDENTIFIER
 * (account).
 */

/*
 * Charges recurring items as they are now: bookkeepers that move money are
 * asked to collect; for others a debit is written if recurring_debits is on. So
 * they hold nothing of the payer's balance any longer. A disabled account is not
 * charged, and the month counts as done.
 */
struct problem *month_collect(struct db *db, struct arena *a,
    const struct month *month, bool *done) MUSTCHECK;

/* Asks bookkeepers that move money to remind of the charges due when the next
 * month begins. */
struct problem *month_remind(struct db *db, struct arena *a,
    const struct month *month, bool *done) MUSTCHECK;

/* Writes the sum of all earlier months as an entry of the ledger. */
struct problem *month_roll_over(struct db *db, struct arena *a,
    const struct month *month, bool *done) MUSTCHECK;

/* Stores the quantities at the start of the month. */
struct problem *month_keep_quantities(struct db *db, struct arena *a,
    const struct month *month, bool *done) MUSTCHECK;

#endif
