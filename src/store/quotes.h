/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stored quotes, by id. */
#ifndef REEVE_STORE_QUOTES_H
#define REEVE_STORE_QUOTES_H

#include "store/db.h"

struct quote {
	const char *id; /* of one that is created */
	const char *account_id; /* NULL: an account that does not exist yet */
	const char *vendor_id;  /* the vendor of the plans */
	int64_t created;        /* Gregorian seconds, of one that is created */
	int64_t expires;        /* Gregorian seconds */
	struct json_object *document; /* what was quoted */
	struct json_object *asker; /* {"account_id","account_name","user_id"};
	                              NULL: not noted by an earlier version */
};

struct problem *store_quote_create(struct db *db, struct arena *a,
    const struct quote *quote) MUSTCHECK;

/* *out is NULL when there is none of this id. */
struct problem *store_quote_show(struct db *db, struct arena *a, const char *id,
    struct quote **out) MUSTCHECK;

#endif
