/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Holds: accepted charges of accounts count against their payers' balances until
 * they are debited (rules/standing 4). The caller holds the account's row of service.
 */
#ifndef REEVE_STORE_HOLDS_H
#define REEVE_STORE_HOLDS_H

#include "base/money.h"
#include "store/db.h"

/* A change of what an account's charges hold. */
struct hold {
	const char *account_id;
	const char *payer_id; /* who pays from now on */
	money_t fall;  /* what recurs no longer, 0 or more; taken off first */
	money_t rise;  /* what was accepted, 0 or more */
	money_t today; /* its part that is due at once, which stays until debited */
};

/* *available: the payer's balance less all that is held of it then. */
struct problem *store_hold_save(struct db *db, struct arena *a,
    const struct hold *hold, money_t *available) MUSTCHECK;

/* The account's charges are debited: they hold nothing. */
struct problem *store_hold_release(struct db *db, struct arena *a,
    const char *account_id) MUSTCHECK;

#endif
