/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Top-ups. A manual top-up is ordered by a user. An automatic top-up is made if
 * the account's document has topup.amount and topup.threshold and the balance
 * is below the threshold, at most once in 24 hours.
 */
#ifndef REEVE_SERVICE_TOPUP_H
#define REEVE_SERVICE_TOPUP_H

#include "service/payment.h"

/* The order of a manual top-up, of an amount above 0. The caller sets account,
 * actor and bookkeeper. */
struct payment_order topup_order_manual(money_t amount);

/*
 * Credits a top-up at once, for an account without a bookkeeper that moves
 * money. The caller opens the transaction. *ledger: the credit as ledgers show
 * it, the arena's. Problems: BAD_IDENTIFIER (account).
 */
struct problem *topup_credit(struct db *db, struct arena *a,
    const struct payment_order *order, int64_t now,
    struct json_object **ledger) MUSTCHECK;

/*
 * The order of an automatic top-up. *why: the reason why none is due, or NULL.
 * pay_begin checks for another one in the last 24 hours. Problems:
 * BAD_IDENTIFIER (account).
 */
struct problem *topup_order_automatic(struct db *db, struct arena *a,
    const char *account_id, int64_t now, struct payment_order *order,
    const char **why) MUSTCHECK;

/* *due: an automatic top-up is due. */
struct problem *topup_is_due(struct db *db, struct arena *a,
    const char *account_id, int64_t now, bool *due) MUSTCHECK;

#endif
