/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Use cases of accounts: create, change, delete, promote to reseller, import. A
 * new account is always checked against the schema of accounts, gets a realm
 * and a language, an API key if a secret is configured, and is counted. The
 * caller opens the transaction.
 */
#ifndef REEVE_SERVICE_ACCOUNT_H
#define REEVE_SERVICE_ACCOUNT_H

#include "service/change.h"
#include "store/accounts.h"

/*
 * Refuses a name that another account of the parent (NULL: there is none) has, if
 * unique_account_names is on. Names are equal if their letters, in any case, and
 * digits are. The caller opens the transaction. Problems: VALIDATION "unique".
 */
struct problem *account_check_name(struct db *db, struct arena *a,
    const struct config *config, const char *id, const char *parent_id,
    const char *name) MUSTCHECK;

struct new_account {
	const char *id;
	const char *parent_id;        /* NULL: the master account */
	bool is_reseller;
	struct json_object *document; /* public fields; lent */
};

/*
 * Creates an account, audited as "created". The actor's acting_id is the
 * account whose bill includes the new one. Unasked, the name may be one that
 * another account of the parent has. Problems: VALIDATION (the document;
 * "unique": another account has the realm, or the name); BAD_IDENTIFIER (parent); CONFLICT
 * (id, a second master account); those of change_commit.
 */
struct problem *account_make(struct db *db, struct arena *a,
    const struct actor *actor, enum change_rule rule,
    const struct new_account *account) MUSTCHECK;

struct account_edit {
	const char *account_id;
	/* Sets the new document. Called with the current account, locked. It
	 * may refuse. */
	struct problem *(*edit)(struct arena *a, const struct account *known,
	    struct json_object **document, void *state);
	void *state;
};

/* Problems: BAD_IDENTIFIER; VALIDATION as for account_make; those of edit and
 * change_commit. */
struct problem *account_change(struct db *db, struct arena *a,
    const struct actor *actor, enum change_rule rule,
    const struct account_edit *edit) MUSTCHECK;

/*
 * Deletes an account and everything it pays for; its audit trail stays.
 * Problems: FORBIDDEN (the master account), HAS_DESCENDANTS, BAD_IDENTIFIER;
 * those of change_commit.
 */
struct problem *account_remove(struct db *db, struct arena *a,
    const struct actor *actor, enum change_rule rule,
    const struct account *account) MUSTCHECK;

/* Makes an account a reseller, or an ordinary account again. Problems: those of
 * account_resell. */
struct problem *account_promote(struct db *db, struct arena *a,
    const struct actor *actor, const char *account_id, bool promote) MUSTCHECK;

/* An account of another system, to be imported. */
struct account_copy {
	struct new_account account;
	int64_t expires;  /* Gregorian seconds, 0: never */
	int64_t created;  /* Gregorian seconds */
	int64_t modified; /* Gregorian seconds */
};

/*
 * Checks an account that is imported, without a database: *out gets its name,
 * realm, language and document, and whether it is enabled. Problems: VALIDATION
 * (the document).
 */
struct problem *account_copy_check(struct arena *a, const struct config *config,
    const struct account_copy *copy, struct account *out) MUSTCHECK;

/*
 * Imports an account unless it exists. Its quantities come with its services
 * document, its trail with the entries. An account without a name is named
 * after its realm, or else its id. *written: it did not exist. Problems: as
 * account_make, without those of a change.
 */
struct problem *account_take_over(struct db *db, struct arena *a,
    const struct actor *actor, const struct account_copy *copy,
    bool *written) MUSTCHECK;

/*
 * Replaces what was imported of an account, except its parent and its expiry;
 * no entry says so, except of a reseller that comes or goes. Problems:
 * BAD_IDENTIFIER, VALIDATION as for account_make, HAS_DESCENDANTS (a reseller
 * below).
 */
struct problem *account_replace(struct db *db, struct arena *a,
    const struct actor *actor, const struct account_copy *copy) MUSTCHECK;

#endif
