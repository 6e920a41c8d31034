/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text of a token: three parts in base64url, joined by dots, because clients
 * of this API split a token as a JWT and look inside (rules/accounts 11).
 *
 *   1  {"typ":"reeve"}, the same in every token. It has no "alg": a library that
 *      checks signatures refuses such a header, where {"alg":"none"} would let it
 *      believe the second part without any, and the name of an algorithm would
 *      promise a signature.
 *   2  {"account_id", "owner_id", "method", "exp"}, for the client; exp is Unix
 *      seconds. Nothing here reads it.
 *   3  32 random bytes: what makes it a secret.
 *
 * A token is found by a digest of the whole text (base/secret.h), so one with
 * another second part is an unknown token.
 */
#ifndef REEVE_BASE_TOKEN_H
#define REEVE_BASE_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"

/* Characters of a token at most: links to downloads have it in their address. */
#define TOKEN_MAX 512
#define TOKEN_SIZE (TOKEN_MAX + 1)

/* The second part. */
struct token_content {
	const char *account_id;
	const char *owner_id; /* the user; NULL: left out */
	const char *method;   /* "cb_user_auth"... */
	int64_t exp;          /* Unix seconds; 0: never, and left out */
};

/* Makes a new token. False: it would be longer than TOKEN_MAX. */
bool token_new(struct arena *a, const struct token_content *content,
    char token[TOKEN_SIZE]) MUSTCHECK;

/* False: too long to be one, so that it need not be looked up. */
bool token_may_be(const char *text) MUSTCHECK;

#endif
