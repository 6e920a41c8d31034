/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * With require_balance, what a change charges is held of the payers' balances
 * until it is debited (rules/standing 4): of the account's payer, and of those
 * of the ancestors whose bills change with it.
 */
#ifndef REEVE_SERVICE_RESERVE_H
#define REEVE_SERVICE_RESERVE_H

#include "service/part.h"

/* The holds of a change, in the order in which its parts were written. */
struct reserve {
	struct reserve_part *first, *last; /* NULL: none */
};

/* Remembers a part of the change, if its part->reserve is not NULL. */
void reserve_add(const struct part *part, const struct invoices *annotated);

/*
 * Holds what was remembered. It locks the balances of payers, so it comes last in
 * a change. Problems: BILLING_ISSUE (a payer who must be able to pay cannot).
 */
struct problem *reserve_hold(const struct part *part) MUSTCHECK;

#endif
