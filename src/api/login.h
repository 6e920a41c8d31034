/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The limit on guessing, of all ways to log in. */
#ifndef REEVE_API_LOGIN_H
#define REEVE_API_LOGIN_H

#include "api/call.h"
#include "http/client.h"
#include "service/login.h"
#include "service/login_limit.h"

struct attempt {
	struct client client;
	const char *account; /* as the log shows it */
	struct login_attempt counted;
};

/* claim NULL: it names no account; secret says for the log what logs in, such as
 * "API key". */
void attempt_init(struct call *c, struct attempt *attempt,
    const struct login_claim *claim, const char *secret);

/* Refuses an attempt, or delays it, after too many that failed. Problems:
 * TOO_MANY_REQUESTS. */
struct problem *attempt_begin(struct call *c, const struct attempt *attempt)
    MUSTCHECK;

/* Counts an attempt that ended with this problem, if it was a wrong guess.
 * Returns the problem to answer with. */
struct problem *attempt_end(struct call *c, const struct attempt *attempt,
    struct problem *end) MUSTCHECK;

#endif
