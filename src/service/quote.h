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

/*
 * What is quoted of a proposal: plans with versions and overrides, account-wide
 * overrides, quantities, today, recurring. today NULL: not known. The arena's.
 */
struct json_object *quote_document(struct arena *a,
    const struct service *proposed, const struct invoices *annotated);

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
