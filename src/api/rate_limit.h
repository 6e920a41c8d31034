/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rate limit of all routes (rules/requests 21): token_rate for each token,
 * address_rate for each client address. A token has a bucket of its own once it
 * was accepted; requests without a token, or with one that nobody has accepted,
 * take from the bucket of their address. So it does not help to send another
 * forged token with each request. Only in a pool.
 */
#ifndef REEVE_API_RATE_LIMIT_H
#define REEVE_API_RATE_LIMIT_H

#include "api/call.h"

/* Takes a request with this token ("": none) out of its bucket, without asking the
 * database. Problems: TOO_MANY_REQUESTS. */
struct problem *rate_limit_take(struct call *c, const char *token) MUSTCHECK;

/* A token was accepted. */
void rate_limit_accept(struct call *c, const char *token);

#endif
