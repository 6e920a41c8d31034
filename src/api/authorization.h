/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decides whether a caller may call a route about an account: their token by its
 * restrictions, their account by the row's flags, and their user by its role.
 * Default: no.
 */
#ifndef REEVE_API_AUTHORIZATION_H
#define REEVE_API_AUTHORIZATION_H

#include "api/routes.h"

/*
 * Finds the session of the request's token, in one round trip, and checks it by
 * the route's row. On success c->session is set (NULL on a route open
 * to anyone). Problems: 401 (no, unknown or expired token), 400 account expired
 * or disabled, 403 (also for an account that does not exist, so that nobody
 * learns which do), 404 only to those who may see every account.
 */
struct problem *authorize(struct call *c, const struct route *route) MUSTCHECK;

/*
 * Finds that session for a route that is not known yet: the first half of
 * authorize(). Problems: 401, 400, 404 (the id has a wrong form).
 */
struct problem *recognize(struct call *c) MUSTCHECK;

/* The role of a session's user; an API key is an admin. */
enum role caller_role_of(const struct config *config,
    const struct session *session);

/* That of the caller's session. */
enum role caller_role(const struct call *c);

/* Does the caller sell to the account in the path? */
bool caller_sells(const struct call *c);

/* The session of the request's token, for the account in the path (NULL: for
 * none). Problems: 401; 400 account expired or disabled. */
struct problem *authenticate(struct call *c, struct session **out) MUSTCHECK;

/* The session of another token than the request's, for no account. It takes from the
 * token's rate, so an unknown one counts for the client's address. Problems: those
 * of authenticate; TOO_MANY_REQUESTS. */
struct problem *authenticate_other(struct call *c, const char *token,
    struct session **out) MUSTCHECK;

#endif
