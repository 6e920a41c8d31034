/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Binding quotes: a stored proposal and its price, compared with the later
 * change.
 */
#ifndef REEVE_SERVICE_QUOTE_H
#define REEVE_SERVICE_QUOTE_H

#include "service/assignment.h"
#include "store/quotes.h"
#include "store/services.h"

/* A proposal to be quoted. */
struct quote_order {
	const char *account_id; /* NULL: for a future account */
	const struct service *proposed;
	const struct invoices *annotated; /* compared with the current services
	                                     */
	int64_t now;    /* Gregorian seconds */
	int64_t life_s; /* validity */
	struct json_object *asker; /* as in struct quote */
};

/* Builds the empty services of a future account with a payer and a seller, as
 * the base of its quote. */
struct problem *quote_build_newcomer(struct arena *a, const char *payer_id,
    const char *seller_id, struct service *out) MUSTCHECK;

/*
 * Stores a proposal: plans with versions and overrides, account-wide overrides,
 * quantities, and its price. *out is the arena's.
 */
struct problem *quote_keep(struct db *db, struct arena *a,
    const struct quote_order *order, struct quote *out) MUSTCHECK;

/*
 * Finds a quote that an account may use now: its own, or one of its reseller
 * for a future account. Problems: BAD_IDENTIFIER (there is none), QUOTE_DIFFERS
 * (expired, or nobody knows who asked).
 */
struct problem *quote_find(struct db *db, struct arena *a, const char *id,
    const struct service *account, int64_t now, struct quote **out) MUSTCHECK;

/*
 * Copies the quoted plans, overrides and quantities to the proposal. Problems:
 * those of quote_find and assignment_add.
 */
struct problem *quote_take(const struct assignment *assignment,
    const char *id, int64_t now) MUSTCHECK;

/*
 * Checks that a proposal equals a quote. Problems: QUOTE_DIFFERS; its data has
 * the quoted and the current values of the members that differ.
 */
struct problem *quote_hold(struct arena *a, const struct quote *quote,
    const struct service *proposed, const struct invoices *annotated)
    MUSTCHECK;

#endif
