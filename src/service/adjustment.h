/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adjustments: manual credits and debits, without a bookkeeper. */
#ifndef REEVE_SERVICE_ADJUSTMENT_H
#define REEVE_SERVICE_ADJUSTMENT_H

#include "store/payments.h"

/* Texts and metadata may each be NULL. */
struct adjustment {
	enum payment_type type; /* PAYMENT_CREDIT or PAYMENT_DEBIT */
	const char *account_id;
	const char *account_name;
	money_t amount; /* above 0 */
	const char *description;
	const char *reason; /* used in the ledger without a description */
	const char *credit_type;
	const char *order_id;
	struct json_object *metadata;
	struct json_object *audit; /* the actor */
};

/*
 * Writes a completed adjustment and its entry in the account's ledger. The
 * caller opens the transaction. Problems: BAD_IDENTIFIER (account).
 */
struct problem *adjustment_make(struct db *db, struct arena *a,
    const struct adjustment *adjustment, int64_t now, struct payment *out)
    MUSTCHECK;

#endif
