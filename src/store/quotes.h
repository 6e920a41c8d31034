/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quotes that were given, by id. */
#ifndef REEVE_STORE_QUOTES_H
#define REEVE_STORE_QUOTES_H

#include "base/ids.h"
#include "store/db.h"

struct quote {
	const char *account_id; /* for whom; NULL: an account still to be */
	const char *vendor_id;  /* whose plans */
	int64_t expires;        /* Gregorian seconds */
	struct json_object *document; /* service/quote.h */
};

/* Keeps a quote of document; its new id is set. account_id may be NULL. */
struct problem *quote_create(struct db *db, struct arena *a,
    const char *account_id, const char *vendor_id, struct json_object *document,
    int64_t now, int64_t expires, char id[ID_SIZE]) MUSTCHECK;

/* *out is NULL when there is none of this id. */
struct problem *quote_show(struct db *db, struct arena *a, const char *id,
    struct quote **out) MUSTCHECK;

#endif
