/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * API keys, kept as their HMAC under the configured secret. The one that an
 * account shows is made of the secret, the account and a number: it is stored
 * nowhere, and can be shown again.
 */
#ifndef REEVE_SERVICE_API_KEY_H
#define REEVE_SERVICE_API_KEY_H

#include "base/ids.h"
#include "store/auth.h"

/* Whose key it is, and what for. */
struct key_owner {
	const char *account_id;
	const char *label;
	int64_t now; /* Gregorian seconds */
};

/* Keeps a key under a new id. Problems: BAD_IDENTIFIER (account), CONFLICT (it
 * is kept already). */
struct problem *api_key_keep(struct db *db, struct arena *a,
    const struct config *config, const struct key_owner *owner,
    const char *key, char id[ID_SIZE]) MUSTCHECK;

/* Keeps one that was a key elsewhere, unless it is kept already: then *kept is
 * false. Problems: BAD_IDENTIFIER (account). */
struct problem *api_key_take_over(struct db *db, struct arena *a,
    const struct config *config, const struct key_owner *owner,
    const char *key, bool *kept) MUSTCHECK;

/* Whose key it is. *out is NULL when there is no such key. */
struct problem *api_key_find(struct db *db, struct arena *a,
    const struct config *config, const char *key, struct login **out)
    MUSTCHECK;

/*
 * Revokes a key, given itself or its id, with every token it was exchanged
 * for. *revoked: whether there was one.
 */
struct problem *api_key_revoke(struct db *db, struct arena *a,
    const struct config *config, const char *key_or_id, bool *revoked)
    MUSTCHECK;

/* The key that an account shows; "": it has none yet. Problems:
 * BAD_IDENTIFIER. */
struct problem *api_key_show(struct db *db, struct arena *a,
    const struct config *config, const char *account_id,
    char key[API_KEY_SIZE]) MUSTCHECK;

/*
 * Another one from now on, the previous key no longer works; the first one of a
 * new account. Problems: BAD_IDENTIFIER; FAULT (no secret is configured).
 */
struct problem *api_key_renew(struct db *db, struct arena *a,
    const struct config *config, const char *account_id, int64_t now)
    MUSTCHECK;

#endif
