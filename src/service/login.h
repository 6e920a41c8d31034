/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Logging in: a credential or an API key, checked, is exchanged for a token.
 * What is wrong with it is never told apart: INVALID_CREDENTIALS.
 */
#ifndef REEVE_SERVICE_LOGIN_H
#define REEVE_SERVICE_LOGIN_H

#include "store/auth.h"

/* Who wants to log in, by what they know. */
struct login_claim {
	const char *method;       /* "md5" or "sha" */
	const char *credential;   /* hex, of any case */
	const char *realm;        /* of the account; NULL: not given */
	const char *account_name; /* NULL: not given */
};

/*
 * The user whose credential it is, in the account that realm or name say: the
 * realm decides when it names an account that has such a user, else the name
 * does. Problems: INVALID_CREDENTIALS.
 */
struct problem *login_by_claim(struct db *db, struct arena *a,
    const struct config *config, const struct login_claim *claim,
    const struct login **out) MUSTCHECK;

/* The account whose API key it is. Problems: INVALID_CREDENTIALS. */
struct problem *login_by_key(struct db *db, struct arena *a,
    const struct config *config, const char *key, const struct login **out)
    MUSTCHECK;

/* The token that a login is exchanged for. */
struct token_terms {
	const char *method; /* how it logged in, as the token tells */
	int64_t now;        /* Gregorian seconds */
	int64_t life_s;     /* 0: for ever */
};

/* Problems: those of login_check_account. */
struct problem *login_issue(struct db *db, struct arena *a,
    const struct login *login, const struct token_terms *terms,
    char token[TOKEN_SIZE]) MUSTCHECK;

/* May an account be used now? expires: Gregorian seconds, 0: never. Problems:
 * VALIDATION (it has expired, or is disabled). */
struct problem *login_check_account(struct arena *a, bool enabled,
    int64_t expires, int64_t now) MUSTCHECK;

#endif
