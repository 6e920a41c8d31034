/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The uses of a restricted token. The texts are JSON as it is kept with
 * the token, checked when it was made (schemas auth_restrictions): names and
 * patterns in them have no escapes. Pure.
 */
#ifndef REEVE_BASE_TOKEN_RULES_H
#define REEVE_BASE_TOKEN_RULES_H

#include "base/path_pattern.h"

/* Bytes of the restrictions that a login asks for: every request reads them. */
#define TOKEN_RESTRICTIONS_MAX 8192

/* A request, as it is compared with rules. */
struct token_use {
	const char *verb; /* "GET"..., and GET for HEAD */
	struct path path; /* below the version; decoded, without alias */
	bool is_own;      /* it names the token's account */
};

/*
 * Do the restrictions of a login allow it? They are {verb in lower case, or "*"
 * or "_" for any: [pattern of paths]}; "account" at the begin of a pattern is the
 * token's account, as in paths. NULL: everything is allowed.
 */
bool token_restrictions_allow(const char *restrictions,
    const struct token_use *use);

#endif
