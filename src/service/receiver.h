/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Receivers: who may be told about an account, and who is asked for its money.
 */
#ifndef REEVE_SERVICE_RECEIVER_H
#define REEVE_SERVICE_RECEIVER_H

#include "billing/bookkeeper.h"
#include "store/services.h"

/*
 * The document of the bookkeeper that a plan of the account names. *why: there
 * is none that can be told anything; NULL: out is good.
 */
struct problem *receiver_bookkeeper(struct db *db, struct arena *a,
    const char *account_id, const struct bookkeeper *bookkeeper,
    struct bookkeeper_document *out, const char **why) MUSTCHECK;

/*
 * The bookkeeper that an account's payments go through: the account's own if it
 * moves money, or else the first of its invoices' which does. *moves: it does.
 * Problems: BAD_IDENTIFIER (account).
 */
struct problem *receiver_of_payments(struct db *db, struct arena *a,
    const char *account_id, struct bookkeeper *out, bool *moves) MUSTCHECK;

#endif
