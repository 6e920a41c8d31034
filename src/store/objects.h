/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Objects of accounts: users, devices and the other kinds of billing/kind.h.
 * Each is a document with what it adds to its account's quantities.
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
	/* Public fields, without id; of hidden members also their texts, but a
	 * tree where neither secret opens them. */
	struct json_object *document;
};

struct object_list {
	size_t count;
	struct object *objects;
};

/* An object as it is stored. */
struct object_record {
	const char *account_id;
	const struct kind *kind;
	const char *id;
	const char *claim; /* a value no other object may have; NULL: none */
	struct json_object *document;
	const char *sources; /* what it adds to the account's quantities: JSON
	                        [{category, item, quantity}, ...] */
};

/* The login side of a user object. */
struct user {
	const char *account_id;
	const char *id;
	const char *username; /* in lower case; "": none */
	const char *first_name; /* these three may be NULL */
	const char *last_name;
	const char *email;
	const char *priv_level;
	const char *role; /* NULL: priv_level decides */
	bool enabled;
};

/* *out is NULL when there is none. */
struct problem *store_object_show(struct db *db, struct arena *a,
    const char *account_id, const struct kind *kind, const char *id,
    struct object **out) MUSTCHECK;

/* The object, of any account, that holds a claim. Of a kind whose claims are
 * unique in an account, claimed is "ACCOUNT_ID/VALUE". *out is NULL when there
 * is none. */
struct problem *store_object_by_claim(struct db *db, struct arena *a,
    const struct kind *kind, const char *claimed, struct object **out)
    MUSTCHECK;

/* An account's objects of a kind, by id. */
struct problem *store_object_list(struct db *db, struct arena *a,
    const char *account_id, const struct kind *kind,
    const struct page_query *query, struct object_list *out) MUSTCHECK;

/* A user, and how many of its objects of a kind are wanted. */
struct object_owner {
	const char *account_id;
	const struct kind *kind;
	const char *user_id;
	int64_t limit;
};

/* Objects whose owner_id is the user, by id. */
struct problem *store_object_owned_list(struct db *db, struct arena *a,
    const struct object_owner *owner, struct object_list *out) MUSTCHECK;

/* Up to limit objects of all kinds, behind after (NULL: from the first). */
struct problem *store_object_scan(struct db *db, struct arena *a,
    const char *account_id, const struct object *after, int64_t limit,
    struct object_list *out) MUSTCHECK;

/*
 * Creates or replaces an object; create: it must be new. The caller holds the
 * lock of the account's services. Problems: BAD_IDENTIFIER (account), CONFLICT
 * (id, claim), FAULT (no secret is configured for hidden members).
 */
struct problem *store_object_save(struct db *db, struct arena *a,
    const struct object_record *record, bool create, int64_t now) MUSTCHECK;

/* The caller holds the lock of the account's services. */
struct problem *store_object_delete(struct db *db, struct arena *a,
    const char *account_id, const struct kind *kind, const char *id) MUSTCHECK;

/*
 * Imports an object; created and modified are Gregorian seconds. What it adds
 * is subtracted from the imported quantities without an object. *written is
 * false if the account has it. Problems: BAD_IDENTIFIER (account), CONFLICT
 * (claim).
 */
struct problem *store_object_import(struct db *db, struct arena *a,
    const struct object_record *record, int64_t created, int64_t modified,
    bool *written) MUSTCHECK;

/* A stored object whose kind has hidden members, and its document as stored. */
struct secret_object {
	const char *account_id;
	const char *id;
	const char *document;
};

struct secret_objects {
	size_t count;
	struct secret_object *objects;
};

/* Up to limit objects of a kind, of all accounts, by account and id, behind
 * after ("", "": from the first). */
struct problem *store_object_secret_list(struct db *db, struct arena *a,
    const struct kind *kind, const struct secret_object *after, int64_t limit,
    struct secret_objects *out) MUSTCHECK;

/* Seals the hidden members of a stored document under the configured secret,
 * unless it was changed meanwhile. *opened: false if neither secret opens all of
 * them; those stay as they are. */
struct problem *store_object_reseal(struct db *db, struct arena *a,
    const struct kind *kind, const struct secret_object *object, bool *opened)
    MUSTCHECK;

/* credentials: the user's credentials still work; else they are deleted. Tokens of
 * a user who is disabled, or whose rights changed, are deleted. */
struct problem *store_user_save(struct db *db, struct arena *a,
    const struct user *user, bool credentials, int64_t now) MUSTCHECK;

/* Has the account an admin who is enabled? The caller holds the lock of its
 * services. */
struct problem *store_user_admin_check(struct db *db, struct arena *a,
    const char *account_id, bool *found) MUSTCHECK;

/* ---- sources: an account's own quantities are their sum ---- */

/* Replaces what a source ("account", "NOUN/ID") adds: JSON [{category, item,
 * quantity}, ...]. The caller holds the lock of the account's services. */
struct problem *store_source_save(struct db *db, struct arena *a,
    const char *account_id, const char *source, const char *sources) MUSTCHECK;

/*
 * As source_save, for an import: the part of the source that explains imported
 * totals is not counted twice; the rest is added to them and to the cascades of
 * the ancestors.
 */
struct problem *store_source_explain(struct db *db, struct arena *a,
    const char *account_id, const char *source, const char *sources) MUSTCHECK;

/* Rewrites all sources but the imported quantities, a part at a time: JSON
 * [{source, category, item, quantity}, ...]. begin: the known ones are deleted
 * first. */
struct problem *store_source_replace(struct db *db, struct arena *a,
    const char *account_id, bool begin, const char *sources) MUSTCHECK;

struct source_item {
	const char *source; /* set by store_source_list */
	const char *category;
	const char *item;
	int64_t n;
};

struct source_list {
	size_t count;
	struct source_item *items;
};

/* The imported quantities that no object explains. */
struct problem *store_source_import_list(struct db *db, struct arena *a,
    const char *account_id, struct source_list *out) MUSTCHECK;

/* All sources except the imported quantities without an object. */
struct problem *store_source_list(struct db *db, struct arena *a,
    const char *account_id, struct source_list *out) MUSTCHECK;

#endif
