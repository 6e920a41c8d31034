/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * API keys, stored as their HMAC under the configured secret. The displayed key
 * of an account is derived from the secret, the account and a number: it is not
 * stored, and can be displayed again. When the secret is changed, it is kept
 * sealed (base/seal.h). A key that is found under the previous secret is from
 * then on stored under the configured one.
 */
#ifndef REEVE_SERVICE_API_KEY_H
#define REEVE_SERVICE_API_KEY_H

#include "base/ids.h"
#include "store/auth.h"

/* The account of a key, and its purpose. */
struct key_owner {
	const char *account_id;
	const char *label;
	int64_t now; /* Gregorian seconds */
};

/* Stores a key under a new id. Problems: BAD_IDENTIFIER (account), CONFLICT (it
 * is stored already). */
struct problem *api_key_keep(struct db *db, struct arena *a,
    const struct config *config, const struct key_owner *owner,
    const char *key, char id[ID_SIZE]) MUSTCHECK;

/* Imports a key of another system, unless it is stored already. *kept is false if
 * that is another account's. Problems: BAD_IDENTIFIER (account). */
struct problem *api_key_take_over(struct db *db, struct arena *a,
    const struct config *config, const struct key_owner *owner,
    const char *key, bool *kept) MUSTCHECK;

/* Finds the account of a key. *out is NULL if there is no such key. */
struct problem *api_key_find(struct db *db, struct arena *a,
    const struct config *config, const char *key, struct login **out)
    MUSTCHECK;

/*
 * Revokes a key, given as the key or its id, with all tokens issued for it.
 * *revoked: the key existed.
 */
struct problem *api_key_revoke(struct db *db, struct arena *a,
    const struct config *config, const char *key_or_id, bool *revoked)
    MUSTCHECK;

/* The displayed key of an account; "": it has none yet. Problems:
 * BAD_IDENTIFIER; FAULT (neither secret opens it). */
struct problem *api_key_show(struct db *db, struct arena *a,
    const struct config *config, const char *account_id,
    char key[API_KEY_SIZE]) MUSTCHECK;

/*
 * Replaces the displayed key, or creates the first one of a new account. The
 * previous key no longer works. Problems: BAD_IDENTIFIER; FAULT (no secret is
 * configured).
 */
struct problem *api_key_renew(struct db *db, struct arena *a,
    const struct config *config, const char *account_id, int64_t now)
    MUSTCHECK;

enum api_key_seal {
	API_KEY_NONE,  /* the account has no displayed key */
	API_KEY_SEALED,
	API_KEY_CLOSED /* neither secret opens it: it no longer works */
};

/*
 * Keeps the displayed key of an account, whichever secret it was made under: it
 * is sealed and found under the configured one from now on. Opens a transaction.
 * Problems: BAD_IDENTIFIER.
 */
struct problem *api_key_reseal(struct db *db, struct arena *a,
    const struct config *config, const char *account_id,
    enum api_key_seal *out) MUSTCHECK;

#endif
