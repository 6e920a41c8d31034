/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Receivers: the bookkeepers that may be told about an account, and the one
 * that collects its payments.
 */
#ifndef REEVE_SERVICE_RECEIVER_H
#define REEVE_SERVICE_RECEIVER_H

#include "billing/bookkeeper.h"
#include "store/services.h"

/*
 * Finds the document of a bookkeeper that a plan of the account names. *why:
 * the reason why it cannot be told anything, or NULL if *out is set.
 */
struct problem *receiver_find_bookkeeper(struct db *db, struct arena *a,
    const char *account_id, const struct bookkeeper *bookkeeper,
    struct bookkeeper_document *out, const char **why) MUSTCHECK;

/* The name of a bookkeeper for people: its document's, else one that says which
 * it is. */
struct problem *receiver_find_name(struct db *db, struct arena *a,
    const char *account_id, const struct bookkeeper *bookkeeper,
    const char **name) MUSTCHECK;

/*
 * Finds the bookkeeper for an account's payments: the account's own if it moves
 * money, else the first bookkeeper of its invoices that does. *moves: there is
 * one. Problems: BAD_IDENTIFIER (account).
 */
struct problem *receiver_find_for_payments(struct db *db, struct arena *a,
    const char *account_id, struct bookkeeper *out, bool *moves) MUSTCHECK;

/*
 * True if a seller assigned a bookkeeper to an account: the account is the
 * seller's, and a plan of theirs that it has, with its overrides, names the
 * bookkeeper, or overrides of another's plan name it and it is theirs, or the
 * account's own bookkeeper is this one and theirs.
 */
bool receiver_is_assigned_by(struct arena *a, const char *seller_id,
    const struct service *account, const struct bookkeeper *bookkeeper);

#endif
