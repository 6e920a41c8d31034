/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Documents that came from another system, and their states when they came: by
 * these, a later import sees what was changed here since, and what the other
 * system no longer has.
 */
#ifndef REEVE_STORE_IMPORTED_H
#define REEVE_STORE_IMPORTED_H

#include "store/db.h"

/* The kinds of others than objects, whose kinds are their nouns. */
#define IMPORTED_ACCOUNTS "accounts"
#define IMPORTED_PLANS "service_plans"
#define IMPORTED_SERVICES "services"
#define IMPORTED_KEY "api_key" /* no document: the key of an account */

struct imported {
	const char *account_id;
	const char *kind;
	const char *id;
	/* When it was modified there, in Gregorian seconds; of plans the version
	 * here, of services a digest of their terms, of a key its digest. */
	int64_t state;
};

/* Remembers a document. Problems: BAD_IDENTIFIER (account). */
struct problem *store_imported_note(struct db *db, struct arena *a,
    const struct imported *document) MUSTCHECK;

/* Reads the state of a document. *found is false if it was never imported. */
struct problem *store_imported_show(struct db *db, struct arena *a,
    struct imported *document, bool *found) MUSTCHECK;

struct problem *store_imported_forget(struct db *db, struct arena *a,
    const struct imported *document) MUSTCHECK;

struct imported_list {
	size_t count;
	struct imported *documents; /* without account_id */
};

/* Up to limit documents of an account, by kind and id, behind after. */
struct problem *store_imported_list(struct db *db, struct arena *a,
    const struct imported *after, int64_t limit, struct imported_list *out)
    MUSTCHECK;

#endif
