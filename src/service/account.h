/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Accounts: made, changed, deleted, made resellers, taken over. However one is
 * made, it is held against the schema of accounts, has a realm and a language,
 * an API key where a secret is configured, and is counted. Everything is inside
 * a transaction of the caller's.
 */
#ifndef REEVE_SERVICE_ACCOUNT_H
#define REEVE_SERVICE_ACCOUNT_H

#include "service/change.h"
#include "store/accounts.h"

struct new_account {
	const char *id;
	const char *parent_id;        /* NULL: it is the master account */
	bool is_reseller;
	struct json_object *document; /* public fields; lent */
};

/*
 * Makes an account, audited as "created". The actor's acting_id: the account
 * whose bill includes the new one. Problems: VALIDATION (the document; its realm
 * is another's: "unique"); BAD_IDENTIFIER (parent); CONFLICT (id, a second
 * master account); those of change_commit.
 */
struct problem *account_make(struct db *db, struct arena *a,
    const struct actor *actor, enum change_rule rule,
    const struct new_account *account) MUSTCHECK;

struct account_edit {
	const char *account_id;
	/* Says what its document is from now on, under the lock of the account,
	 * as it is known then. It may refuse. */
	struct problem *(*edit)(struct arena *a, const struct account *known,
	    struct json_object **document, void *state);
	void *state;
};

/* Problems: BAD_IDENTIFIER; VALIDATION, as above; those of edit and
 * change_commit. */
struct problem *account_change(struct db *db, struct arena *a,
    const struct actor *actor, enum change_rule rule,
    const struct account_edit *edit) MUSTCHECK;

/*
 * Deletes an account, with all it pays for; its audit trail stays. Problems:
 * FORBIDDEN (the master account), HAS_DESCENDANTS, BAD_IDENTIFIER; those of
 * change_commit.
 */
struct problem *account_remove(struct db *db, struct arena *a,
    const struct actor *actor, enum change_rule rule,
    const struct account *account) MUSTCHECK;

/* Makes an account a reseller, or no longer one. Problems: those of
 * account_resell. */
struct problem *account_promote(struct db *db, struct arena *a,
    const struct actor *actor, const char *account_id, bool promote) MUSTCHECK;

/* An account as it was elsewhere. */
struct account_copy {
	struct new_account account;
	int64_t expires;  /* Gregorian seconds, 0: never */
	int64_t created;  /* Gregorian seconds */
	int64_t modified; /* Gregorian seconds */
};

/*
 * Takes an account over, unless it is here. Its quantities come with its services
 * document, its trail with the entries of it. One without a name is given its
 * realm, or its id. *written: it was not here. Problems: as account_make, without
 * those of a change.
 */
struct problem *account_take_over(struct db *db, struct arena *a,
    const struct actor *actor, const struct account_copy *copy,
    bool *written) MUSTCHECK;

#endif
