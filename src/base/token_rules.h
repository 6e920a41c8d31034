/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The uses of a restricted token. The texts are JSON as it is kept with
 * the token, checked when it was made (schemas auth_restrictions and
 * token_restrictions): names and patterns in them have no escapes. Pure.
 */
#ifndef REEVE_BASE_TOKEN_RULES_H
#define REEVE_BASE_TOKEN_RULES_H

#include "base/arena.h"
#include "base/path_pattern.h"

/* Bytes of the restrictions that a login asks for: every request reads them. */
#define TOKEN_RESTRICTIONS_MAX 8192

/* Bytes of a template, of which a token keeps a part. */
#define TOKEN_TEMPLATE_MAX 32768

/* A request, as it is compared with rules. */
struct token_use {
	const char *verb; /* "GET"..., and GET for HEAD */
	struct path path; /* below the version; decoded, without alias */
	/* The account in the path, or the token's where there is none. */
	const char *account_id;
	bool is_own;      /* it is the token's */
	bool is_below;    /* it is below the token's */
};

/*
 * Do the restrictions of a login allow it? They are {verb in lower case, or "*"
 * or "_" for any: [pattern of paths]}; "account" at the begin of a pattern is the
 * token's account, as in paths. None allows the API key. NULL: everything is
 * allowed.
 */
bool token_restrictions_allow(const char *restrictions,
    const struct token_use *use);

/* The way to a token, by which a template says what it may be used for. */
struct token_maker {
	const char *method;     /* "cb_user_auth"... */
	const char *priv_level; /* of the user; without one "admin" */
};

/*
 * The part of a template that is about a maker's tokens: {method: {priv_level:
 * part}}, "_" for the others; perhaps all of it in "restrictions". The arena's;
 * NULL: there is none, or nothing in it.
 */
const char *token_rules_of(struct arena *a, const char *template,
    const struct token_maker *maker);

/*
 * Does such a part allow it? It is {noun: [{allowed_accounts, rules: {pattern:
 * [VERB]}}]}, "_" for other nouns and any verb. The first entry of the path's
 * last noun that is about the account decides, and in it the first pattern that
 * fits the words behind the noun. NULL: everything is allowed.
 */
bool token_rules_allow(const char *rules, const struct token_use *use);

#endif
