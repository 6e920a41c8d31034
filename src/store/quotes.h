/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Quotes that bind: what an account was told a change would cost, kept to be
 * held against the change itself.
 */
#ifndef REEVE_STORE_QUOTES_H
#define REEVE_STORE_QUOTES_H

#include "base/ids.h"
#include "store/services.h"

struct quote {
	const char *account_id; /* for whom; NULL: an account still to be */
	const char *vendor_id;  /* whose plans */
	int64_t expires;        /* Gregorian seconds */
	struct json_object *document; /* quote_document's */
};

/*
 * What is quoted of a proposal: plans with versions and overrides, account-wide
 * overrides, quantities, today, recurring. today NULL: not known. The arena's.
 */
struct json_object *quote_document(struct arena *a,
    const struct service *proposed, const struct invoices *annotated);

/* Keeps a quote of document; its new id is set. account_id may be NULL. */
struct problem *quote_create(struct db *db, struct arena *a,
    const char *account_id, const char *vendor_id, struct json_object *document,
    int64_t now, int64_t expires, char id[ID_SIZE]) MUSTCHECK;

/*
 * A quote that an account may use now: its own, or one for an account still to
 * be by the account's reseller. Problems: BAD_IDENTIFIER (there is none),
 * QUOTE_DIFFERS (expired).
 */
struct problem *quote_find(struct db *db, struct arena *a, const char *id,
    const struct service *account, int64_t now, struct quote **out) MUSTCHECK;

/*
 * Is what is proposed exactly what was quoted? Problems: QUOTE_DIFFERS; data
 * says what was quoted and what it would be now, of what differs.
 */
struct problem *quote_hold(struct arena *a, const struct quote *quote,
    const struct service *proposed, const struct invoices *annotated)
    MUSTCHECK;

#endif
