/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What users log in with: credentials, hex of md5 or sha1 of
 * "username:password". Kept are their HMAC under the configured secret, to be
 * found, and argon2id, to be checked.
 */
#ifndef REEVE_SERVICE_CREDENTIAL_H
#define REEVE_SERVICE_CREDENTIAL_H

#include "store/auth.h"

/* Lets a user log in with a credential; method is "md5" or "sha". */
struct problem *credential_set(struct db *db, struct arena *a,
    const struct config *config, const struct user_key *user,
    const char *method, const char *credential) MUSTCHECK;

/* The same by both methods, from what the user types in. */
struct problem *credential_set_password(struct db *db, struct arena *a,
    const struct config *config, const struct user_key *user,
    const char *username, const char *password) MUSTCHECK;

/* Every enabled user, of any account, that a credential may be of; whose it
 * is, credential_fits says. */
struct problem *credential_candidates(struct db *db, struct arena *a,
    const struct config *config, const char *method, const char *credential,
    struct login_list *out) MUSTCHECK;

bool credential_fits(const struct login *login, const char *credential)
    MUSTCHECK;

#endif
