/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Login: a valid credential or API key is exchanged for a token, and a token for
 * another. Every failure of a login has the same problem, INVALID_CREDENTIALS, so that nobody can guess which
 * part was wrong.
 */
#ifndef REEVE_SERVICE_LOGIN_H
#define REEVE_SERVICE_LOGIN_H

#include "store/auth.h"

/* The claims of a user who logs in. */
struct login_claim {
	const char *method;       /* "md5" or "sha" */
	const char *credential;   /* hex, of any case */
	const char *account_id;   /* NULL: not given */
	const char *realm;        /* of the account; NULL: not given */
	const char *account_name; /* NULL: not given */
};

/*
 * Finds the user of a credential in the account that id, realm or name identify.
 * The id alone decides where it is given. Without it the realm decides if it
 * identifies an account with such a user, else the name does. Problems:
 * INVALID_CREDENTIALS.
 */
struct problem *login_find_by_claim(struct db *db, struct arena *a,
    const struct config *config, const struct login_claim *claim,
    const struct login **out) MUSTCHECK;

/* Finds the account of an API key. Problems: INVALID_CREDENTIALS. */
struct problem *login_find_by_key(struct db *db, struct arena *a,
    const struct config *config, const char *key, const struct login **out)
    MUSTCHECK;

/* The terms of the token issued for a login. */
struct token_terms {
	const char *method; /* method of the login, part of the token */
	int64_t now;        /* Gregorian seconds */
	int64_t life_s;     /* 0: unlimited */
	const char *restrictions; /* as base/token_rules.h has them; NULL: none */
};

/*
 * Issues a token for a login that was found, under the template of its account.
 * A change of that, or of what it was found by, such as another password, comes
 * before it or ends the token. Problems: those
 * of login_check_account; INVALID_CREDENTIALS (it has changed since).
 */
struct problem *login_issue(struct db *db, struct arena *a,
    const struct login *login, const struct token_terms *terms,
    char token[TOKEN_SIZE]) MUSTCHECK;

/* The same inside of a transaction, for a login without a verifier, too, that was
 * found by other means than a credential. */
struct problem *login_issue_within(struct db *db, struct arena *a,
    const struct login *login, const struct token_terms *terms,
    char token[TOKEN_SIZE]) MUSTCHECK;

/*
 * Issues a token in the place of one that was accepted, which stays until it
 * expires: for the same account and user, by the same method and key, under the
 * same restrictions and rules. It lasts as long as the other did, and life_s at
 * most (0: unlimited). Everything that ends the tokens of its user, key or account
 * comes before it or ends both. now: Gregorian seconds. Problems:
 * INVALID_CREDENTIALS (it has ended since); FORBIDDEN (it has neither user nor key:
 * nobody could end those that are made of it).
 */
struct problem *login_renew(struct db *db, struct arena *a, const char *token,
    int64_t now, int64_t life_s, char renewed[TOKEN_SIZE]) MUSTCHECK;

/* Checks that an account may be used now. expires: Gregorian seconds, 0: never.
 * Problems: VALIDATION (it has expired, or is disabled). */
struct problem *login_check_account(struct arena *a, bool enabled,
    int64_t expires, int64_t now) MUSTCHECK;

#endif
