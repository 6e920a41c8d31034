/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ledgers of an account in a rehearsal: the old system's balance and sums,
 * and Reeve's, from the same entries. The old balance is the newest rollover with
 * what came since; Reeve's is the sum of all entries (rules/ledgers 11 and 13).
 */
#ifndef REEVE_CTL_REHEARSAL_LEDGER_H
#define REEVE_CTL_REHEARSAL_LEDGER_H

#include <stdbool.h>

#include "base/gregorian.h"
#include "base/ids.h"
#include "base/json.h"
#include "billing/quantity_table.h"

/* A rollover that is not the sum of what came before it. Of those that are wrong
 * by the same amount, one behind another, the first. */
struct rehearsal_break {
	char month[GREGORIAN_MONTH_SIZE];
	money_t said; /* by the rollover */
	money_t sum;  /* what Reeve counts before this month */
};

#define REHEARSAL_BREAKS_MAX 12

struct rehearsal_ledger {
	int64_t entries;
	money_t old_balance;
	money_t balance;
	/* Amounts by month (YYYYMM) and service, without rollovers: the month in
	 * whose database the entry was, and that of its moment. */
	struct quantity_table old_months;
	struct quantity_table months;
	size_t break_count;
	struct rehearsal_break breaks[REHEARSAL_BREAKS_MAX];
	bool leaves_out; /* an entry is not imported */
	bool overflow; /* more than can be counted */

	/* ---- of the walk through the entries ---- */
	bool begun;      /* an entry was counted */
	bool has_before; /* an entry of an earlier month was seen */
	char first[GREGORIAN_MONTH_SIZE]; /* the month of the first one */
	char month[GREGORIAN_MONTH_SIZE]; /* of the current one */
	money_t before;  /* the old balance before this month */
	money_t sum;     /* of this month, without rollover */
	bool has_rollover; /* this month */
	money_t rollover;
	money_t entries_sum; /* of all, whether imported or not */
	money_t entries_before; /* the same, before this month */
	money_t balance_before; /* Reeve's, before this month */
	money_t fault; /* of the last rollover */
};

/* Adds an entry, as rehearsal_take.c writes it. Entries come in the order of
 * their ids. */
void rehearsal_ledger_add(struct arena *a, struct rehearsal_ledger *l,
    const char *id, struct json_object *entry);

/* After the last entry: the balances are complete. */
void rehearsal_ledger_end(struct rehearsal_ledger *l);

#endif
