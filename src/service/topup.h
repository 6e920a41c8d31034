/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Top-ups: what somebody pays in, or what is paid in by itself when an
 * account's document says so (topup.amount, topup.threshold) and its balance is
 * below the threshold; the latter once in 24 hours.
 */
#ifndef REEVE_SERVICE_TOPUP_H
#define REEVE_SERVICE_TOPUP_H

#include "service/payment.h"

/* The order of one that somebody makes, of an amount above 0; whose it is, who
 * asks and which bookkeeper are left to the caller. */
struct payment_order topup_manual(money_t amount);

/*
 * Credits one at once, where there is no bookkeeper who could be asked. In a
 * transaction of the caller's. *ledger: the credit as ledgers show it, the
 * arena's. Problems: BAD_IDENTIFIER (account).
 */
struct problem *topup_credit(struct db *db, struct arena *a,
    const struct payment_order *order, int64_t now,
    struct json_object **ledger) MUSTCHECK;

/*
 * The order that tops an account up by itself. *why: there is none, for this
 * reason; NULL: there is, but for one in the last 24 hours, which pay_begin
 * sees. Problems: BAD_IDENTIFIER (account).
 */
struct problem *topup_automatic(struct db *db, struct arena *a,
    const char *account_id, int64_t now, struct payment_order *order,
    const char **why) MUSTCHECK;

/* Would it be topped up by itself? */
struct problem *topup_is_due(struct db *db, struct arena *a,
    const char *account_id, int64_t now, bool *due) MUSTCHECK;

#endif
