/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accounts of the tree. */
#ifndef REEVE_STORE_ACCOUNTS_H
#define REEVE_STORE_ACCOUNTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/page_query.h"
#include "store/db.h"

struct account {
	const char *id;
	const char *parent_id;   /* NULL: the master account */
	const char *reseller_id; /* nearest ancestor that is a reseller; of the
	                            master account: itself */
	bool is_reseller;
	bool is_master;
	bool enabled;
	int64_t expires; /* Gregorian seconds, 0: never */
	const char *name;
	const char *realm; /* NULL: none */
	const char *language;
	int64_t created;  /* Gregorian seconds */
	int64_t modified; /* Gregorian seconds */
	int64_t below;    /* show: descendants; list: depth below the top */
	int64_t deleted;  /* Gregorian seconds, 0: not deleted */
	struct json_object *document; /* public fields */
};

struct account_list {
	size_t count;
	struct account *accounts;
};

/*
 * Creates an account from the fields of *account (id, parent_id NULL for the
 * master account, name, realm, is_reseller, enabled, expires, language,
 * created, modified) and its public document (canonical JSON). now is its
 * arrival in this database; an imported account may be older. Problems:
 * BAD_IDENTIFIER (parent), CONFLICT (id, realm, a second master).
 */
struct problem *store_account_create(struct db *db, struct arena *a,
    const struct account *account, const char *document, int64_t now) MUSTCHECK;

/* id NULL: the master account. *out is NULL when there is no such account. */
struct problem *store_account_show(struct db *db, struct arena *a,
    const char *id, struct account **out) MUSTCHECK;

/*
 * Up to limit accounts at and below top (NULL: the master account), by id,
 * beginning behind the id after ("": from the start).
 */
struct problem *store_account_list(struct db *db, struct arena *a,
    const char *top, const char *after, int64_t limit,
    struct account_list *out) MUSTCHECK;

/*
 * Is a name free among the accounts of a parent, so that an account may have it?
 * Of two that ask in transactions at once, one waits for the other. Problems:
 * CONFLICT (name).
 */
struct problem *store_account_name_check(struct db *db, struct arena *a,
    const char *id, const char *parent_id, const char *name) MUSTCHECK;

/*
 * Changes name, realm, enabled, language and document of an account to those
 * of *account. The caller holds the lock of its services. Problems:
 * BAD_IDENTIFIER, CONFLICT (realm).
 */
struct problem *store_account_update(struct db *db, struct arena *a,
    const struct account *account, int64_t now) MUSTCHECK;

/*
 * Deletes an account, whose services have been emptied; its audit trail stays.
 * Problems: BAD_IDENTIFIER, HAS_DESCENDANTS.
 */
struct problem *store_account_delete(
    struct db *db, struct arena *a, const char *id, int64_t now) MUSTCHECK;

/*
 * Moves an account and its descendants below another. Problems: BAD_IDENTIFIER;
 * CONFLICT (to_id is one of them).
 */
struct problem *store_account_move(struct db *db, struct arena *a,
    const char *id, const char *to_id, int64_t now) MUSTCHECK;

/*
 * Makes an account a reseller, or no longer one. Problems: BAD_IDENTIFIER,
 * FORBIDDEN (the master account), HAS_DESCENDANTS (a reseller below).
 */
struct problem *store_account_resell(struct db *db, struct arena *a,
    const char *id, bool resell, int64_t now) MUSTCHECK;

/* An account as lists show it. */
struct account_line {
	const char *id;
	const char *name;
	const char *realm;   /* NULL: none, or not asked for */
	int64_t descendants;
	int64_t created;  /* Gregorian seconds */
	int64_t modified; /* Gregorian seconds */
	const char *tree;    /* ids of its ancestors with commas, the master's
	                        first; or NULL */
};

struct account_lines {
	size_t count;
	struct account_line *lines;
};

enum account_relation { RELATION_CHILDREN, RELATION_DESCENDANTS };

/* The children or the descendants of an account, by id. */
struct problem *store_account_kin(struct db *db, struct arena *a,
    enum account_relation relation, const char *id,
    const struct page_query *query, struct account_lines *out) MUSTCHECK;

/* The ancestors of an account, the master account first: id and name. */
struct problem *store_account_parents(struct db *db, struct arena *a,
    const char *id, struct account_lines *out) MUSTCHECK;

/* The short form of an account name at login: its letters, in lower case, and
 * digits. */
const char *store_account_name_key(struct arena *a, const char *name);

#endif
