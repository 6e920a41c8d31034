/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accounts of the tree and their users. */
#ifndef REEVE_STORE_ACCOUNTS_H
#define REEVE_STORE_ACCOUNTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/secret.h"
#include "store/db.h"

struct account {
	const char *id;
	const char *parent_id;   /* NULL: the master account */
	const char *reseller_id; /* nearest reseller above; master: itself */
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
};

struct account_list {
	size_t count;
	struct account *accounts;
};

/*
 * Creates an account from the fields of *account (id, parent_id NULL for the
 * master account, name, realm, is_reseller, enabled, expires, language,
 * created, modified) and its public document (canonical JSON). Problems:
 * BAD_IDENTIFIER (parent), CONFLICT (id, realm, a second master).
 */
struct problem *account_create(struct db *db, struct arena *a,
    const struct account *account, const char *document) MUSTCHECK;

/* *out is NULL when there is no such account. */
struct problem *account_show(struct db *db, struct arena *a, const char *id,
    struct account **out) MUSTCHECK;

/*
 * Up to limit accounts at and below top (NULL: the master account), by id,
 * those after the id after ("" from the start).
 */
struct problem *account_list(struct db *db, struct arena *a, const char *top,
    const char *after, int64_t limit, struct account_list *out) MUSTCHECK;

/* What a login may give for a name: its lower-case letters and digits. */
const char *account_name_key(struct arena *a, const char *name);

struct user {
	const char *id;
	const char *account_id;
	const char *username; /* lower-case, "" if it has none */
	const char *first_name; /* these three may be NULL */
	const char *last_name;
	const char *email;
	const char *priv_level;
	bool enabled;
	int64_t created;
	int64_t modified;
};

/* Problems: BAD_IDENTIFIER (account), CONFLICT (id or username taken). */
struct problem *user_create(struct db *db, struct arena *a,
    const struct user *user, const char *document) MUSTCHECK;

/*
 * Lets a user log in with a credential (hex of md5 or sha1 of
 * "username:password"): kept as its HMAC under the configured secret, to be
 * found, and as argon2id, to be checked. method is "md5" or "sha".
 */
struct problem *user_credential_set(struct db *db, struct arena *a,
    const struct config *config, const struct user *user, const char *method,
    const char *credential) MUSTCHECK;

#endif
