/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What accounts have: users, devices and the like, as documents, each with what
 * it adds to its account's quantities (billing/kind.h).
 */
#ifndef REEVE_STORE_OBJECTS_H
#define REEVE_STORE_OBJECTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/page_query.h"
#include "billing/kind.h"
#include "store/db.h"

struct object {
	const struct kind *kind; /* NULL: a kind this program does not know */
	const char *noun;        /* of the kind */
	const char *id;
	int64_t created;  /* Gregorian seconds */
	int64_t modified; /* Gregorian seconds */
	struct json_object *document; /* public fields, without id */
};

struct object_list {
	size_t count;
	struct object *objects;
};

/* An object as it is kept. */
struct object_record {
	const char *account_id;
	const struct kind *kind;
	const char *id;
	const char *claim; /* what no other object may have; NULL: nothing */
	struct json_object *document;
	const char *sources; /* what it adds to the account's quantities: JSON
	                        [{category, item, quantity}, ...] */
};

/* What a user is for who logs in. */
struct user {
	const char *account_id;
	const char *id;
	const char *username; /* in lower case; "": none */
	const char *first_name; /* these three may be NULL */
	const char *last_name;
	const char *email;
	const char *priv_level;
	bool enabled;
};

/* *out is NULL when there is none. */
struct problem *object_show(struct db *db, struct arena *a,
    const char *account_id, const struct kind *kind, const char *id,
    struct object **out) MUSTCHECK;

/* The object of any account that claims something: of a kind that claims it in
 * its account, "ACCOUNT_ID/WHAT". *out is NULL when there is none. */
struct problem *object_by_claim(struct db *db, struct arena *a,
    const struct kind *kind, const char *claimed, struct object **out)
    MUSTCHECK;

/* An account's objects of a kind, by id. */
struct problem *object_list(struct db *db, struct arena *a,
    const char *account_id, const struct kind *kind,
    const struct page_query *query, struct object_list *out) MUSTCHECK;

/* Up to limit objects of all kinds, after one (NULL: from the first). */
struct problem *object_scan(struct db *db, struct arena *a,
    const char *account_id, const struct object *after, int64_t limit,
    struct object_list *out) MUSTCHECK;

/*
 * What an object is from now on; create: it is new. The caller holds the lock
 * of the account's services. Problems: BAD_IDENTIFIER (account), CONFLICT (id,
 * claim).
 */
struct problem *object_save(struct db *db, struct arena *a,
    const struct object_record *record, bool create, int64_t now) MUSTCHECK;

/* The caller holds the lock of the account's services. */
struct problem *object_delete(struct db *db, struct arena *a,
    const char *account_id, const struct kind *kind, const char *id) MUSTCHECK;

/*
 * Takes one over from elsewhere, with its moments (Gregorian seconds). What it
 * adds is no longer counted as taken over without an object. *written: it was
 * not there. Problems: BAD_IDENTIFIER (account), CONFLICT (claim).
 */
struct problem *object_import(struct db *db, struct arena *a,
    const struct object_record *record, int64_t created, int64_t modified,
    bool *written) MUSTCHECK;

/* credentials: what the user logs in with stays good. */
struct problem *user_save(struct db *db, struct arena *a,
    const struct user *user, bool credentials, int64_t now) MUSTCHECK;

/* ---- what an account's own quantities are the sum of ---- */

/* What one source ("account", "NOUN/ID") adds from now on: JSON [{category,
 * item, quantity}, ...]. The caller holds the lock of the account's services. */
struct problem *source_save(struct db *db, struct arena *a,
    const char *account_id, const char *source, const char *sources) MUSTCHECK;

/*
 * The same of what was taken over: what explains a part of the totals that came
 * with it is not counted twice; what is beyond them is added to them, and to
 * those of the accounts above.
 */
struct problem *source_explain(struct db *db, struct arena *a,
    const char *account_id, const char *source, const char *sources) MUSTCHECK;

/* More of what all sources add, written anew: JSON [{source, category,
 * item, quantity}, ...]; begin: what was known, less what was taken over, goes first. */
struct problem *source_replace(struct db *db, struct arena *a,
    const char *account_id, bool begin, const char *sources) MUSTCHECK;

struct source_item {
	const char *category;
	const char *item;
	int64_t n;
};

struct source_list {
	size_t count;
	struct source_item *items;
};

/* What was taken over and no object explains. */
struct problem *source_import_list(struct db *db, struct arena *a,
    const char *account_id, struct source_list *out) MUSTCHECK;

#endif
