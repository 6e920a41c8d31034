/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Credentials of users: hex of md5 or sha1 of "username:password". Stored are
 * their HMAC under the configured secret, for lookup, and argon2id, for
 * verification.
 */
#ifndef REEVE_SERVICE_CREDENTIAL_H
#define REEVE_SERVICE_CREDENTIAL_H

#include "store/auth.h"

/* Stores a credential of a user; method is "md5" or "sha". It is hashed outside of
 * the transaction, which begins again then (store/db.h, db_do_outside). */
struct problem *credential_set(struct db *db, struct arena *a,
    const struct config *config, const struct user_key *user,
    const char *method, const char *credential) MUSTCHECK;

/* Stores both credentials, computed from username and password. */
struct problem *credential_set_password(struct db *db, struct arena *a,
    const struct config *config, const struct user_key *user,
    const char *username, const char *password) MUSTCHECK;

/* Finds all enabled users, of any account, whose credential has the same HMAC,
 * under the secret or the previous one; credential_fits verifies it. A text of
 * other than hex digits in lower case is nobody's. */
struct problem *credential_find_candidates(struct db *db, struct arena *a,
    const struct config *config, const char *method, const char *credential,
    struct login_list *out) MUSTCHECK;

/* A credential, in lower case, and its method. */
struct credential_text {
	const char *method; /* "md5" or "sha" */
	const char *credential;
};

/* A credential of a login that is stored under the previous secret is from now on
 * stored under the configured one. */
struct problem *credential_renew(struct db *db, struct arena *a,
    const struct config *config, const struct login *login,
    const struct credential_text *text) MUSTCHECK;

bool credential_fits(const struct login *login, const char *credential)
    MUSTCHECK;

#endif
