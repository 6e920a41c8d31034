/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The monthly charges of accounts, kept in their rows of figures (rules/customers): of
 * the invoices of each change, and of those that an import did not price.
 */
#ifndef REEVE_SERVICE_SUMS_H
#define REEVE_SERVICE_SUMS_H

#include "service/part.h"

/* The figures that a change changes. */
struct sums {
	struct sums_part *first; /* NULL: none */
};

/* Remembers a part of the change whose services were written. */
void sums_add(const struct part *part, const struct invoices *annotated);

/* Writes what was remembered. It locks balances, so it comes last in a change. */
struct problem *sums_save(const struct part *part) MUSTCHECK;

/* Prices an account's services and writes what they add up to, in a transaction
 * of the caller. Problems: BAD_IDENTIFIER (account); VALIDATION (overflow). */
struct problem *sums_price(struct db *db, struct arena *a,
    const char *account_id, int64_t now) MUSTCHECK;

/* Writes all of an account's row again, which may be deleted; a transaction of
 * its own. What is too large to be priced stays unknown. */
struct problem *sums_rebuild(struct db *db, struct arena *a,
    const char *account_id) MUSTCHECK;

/* Compares an account's row with what it is of; a transaction of its own. *why:
 * what is wrong, for people; NULL: nothing, or it is deleted. */
struct problem *sums_verify(struct db *db, struct arena *a,
    const char *account_id, const char **why) MUSTCHECK;

#endif
