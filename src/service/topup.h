/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Top-ups by themselves: an account is topped up if its document says so
 * (topup.amount, topup.threshold) and its balance is below the threshold; once
 * in 24 hours.
 */
#ifndef REEVE_SERVICE_TOPUP_H
#define REEVE_SERVICE_TOPUP_H

#include "service/payment.h"

/* The order that tops an account up. *why: there is none, for this reason;
 * NULL: there is, but for one in the last 24 hours, which pay_begin sees. */
struct problem *topup_order(struct db *db, struct arena *a,
    const char *account_id, int64_t now, struct payment_order *order,
    const char **why) MUSTCHECK;

/* Would it be topped up? */
struct problem *topup_is_due(struct db *db, struct arena *a,
    const char *account_id, int64_t now, bool *due) MUSTCHECK;

#endif
