/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Quotes that bind: what an account was told a change would cost, held against
 * the change itself.
 */
#ifndef REEVE_SERVICE_QUOTE_H
#define REEVE_SERVICE_QUOTE_H

#include "service/assignment.h"
#include "store/quotes.h"
#include "store/services.h"

/* A proposal that is quoted. */
struct quote_order {
	const char *account_id; /* NULL: of an account still to be */
	const struct service *proposed;
	const struct invoices *annotated; /* against what the account has now */
	int64_t now;    /* Gregorian seconds */
	int64_t life_s; /* how long it is held to */
};

/* The services of an account still to be, of a payer and a seller: what it is
 * quoted against. */
struct problem *quote_newcomer(struct arena *a, const char *payer_id,
    const char *seller_id, struct service *out) MUSTCHECK;

/*
 * Keeps what is proposed: plans with versions and overrides, account-wide
 * overrides, quantities, and what it costs. *out is the arena's.
 */
struct problem *quote_keep(struct db *db, struct arena *a,
    const struct quote_order *order, struct quote *out) MUSTCHECK;

/*
 * A quote that an account may use now: its own, or one for an account still to
 * be by the account's reseller. Problems: BAD_IDENTIFIER (there is none),
 * QUOTE_DIFFERS (expired).
 */
struct problem *quote_find(struct db *db, struct arena *a, const char *id,
    const struct service *account, int64_t now, struct quote **out) MUSTCHECK;

/*
 * Makes the proposal exactly what was quoted. Problems: those of quote_find and
 * assignment_add.
 */
struct problem *quote_take(const struct assignment *assignment,
    const char *id, int64_t now) MUSTCHECK;

/*
 * Is what is proposed exactly what was quoted? Problems: QUOTE_DIFFERS; data
 * says what was quoted and what it would be now, of what differs.
 */
struct problem *quote_hold(struct arena *a, const struct quote *quote,
    const struct service *proposed, const struct invoices *annotated)
    MUSTCHECK;

#endif
