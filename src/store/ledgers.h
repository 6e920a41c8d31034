/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ledger entries (api.md 14). */
#ifndef REEVE_STORE_LEDGERS_H
#define REEVE_STORE_LEDGERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/money.h"
#include "store/db.h"

struct ledger {
	const char *account_id;
	const char *id;
	bool debit;
	const char *service;
	const char *source_id; /* may be NULL */
	money_t amount;        /* never negative */
	const char *usage_type; /* may be NULL */
	bool has_usage;
	int64_t usage_quantity;
	const char *usage_unit; /* may be NULL */
	int64_t period_start;   /* Gregorian seconds, 0: none */
	int64_t period_end;
	int64_t created;
	int64_t recorded;
	const char *document; /* canonical JSON of the public fields */
};

/*
 * Writes an entry and, if it has usage, its day row, unless the account has
 * an entry of this id: then *written is false. Problems: BAD_IDENTIFIER
 * (account).
 */
struct problem *ledger_import(struct db *db, struct arena *a,
    const struct ledger *ledger, bool *written) MUSTCHECK;

/* Called with each ledger entry of an account, by id; document lasts for the
 * call. False ends it. */
typedef bool ledger_fn(void *state, const char *account_id, const char *id,
    bool debit, int64_t created, struct json_object *document);

struct problem *ledger_each(struct db *db, struct arena *a,
    const char *account_id, ledger_fn *fn, void *state) MUSTCHECK;

#endif
