/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The difference between an entry and the one that it repeats (rules/ledgers
 * 3). Source, account and period are the same, or it were no repeat; who wrote
 * it, and the account's name at that time, are not compared. A reading
 * end. Pure.
 */
#ifndef REEVE_BILLING_LEDGER_DIFFERENCE_H
#define REEVE_BILLING_LEDGER_DIFFERENCE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/money.h"

enum ledger_member {
	LEDGER_AMOUNT, /* a credit is another amount than a debit */
	LEDGER_DESCRIPTION,
	LEDGER_METADATA,
	LEDGER_USAGE_QUANTITY,
	LEDGER_USAGE_TYPE,
	LEDGER_USAGE_UNIT,
	LEDGER_MEMBERS /* their number */
};

/* The path of each in an entry's document. */
extern const char *const ledger_member_names[LEDGER_MEMBERS];

/* The content of an entry. */
struct ledger_statement {
	bool debit;
	money_t amount;       /* never negative */
	const char *document; /* canonical JSON; lent */
};

/* Returns the members that differ: bit n for member n. 0: they say the same. An
 * empty text or object says as much as none. */
unsigned ledger_differences(const struct ledger_statement *one,
    const struct ledger_statement *other);

/* Their names: "amount, usage.unit"; the arena's. */
const char *ledger_difference_names(struct arena *a, unsigned differences);

#endif
