/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where each URL is answered and who may call it: the one table (routes.c)
 * that dispatch, authorization, documentation and tests read.
 */
#ifndef REEVE_API_ROUTES_H
#define REEVE_API_ROUTES_H

#include <stddef.h>

#include "api/call.h"
#include "billing/schema_names.h"

/* Who may call a route: any of the flags lets a caller in. */
enum who {
	WHO_ANYONE = 1,     /* no token needed */
	WHO_CALLER = 2,     /* any good token */
	WHO_SELF = 4,       /* the account in the path itself */
	WHO_ANCESTOR = 8,   /* an account above it */
	WHO_RESELLER = 16,  /* its reseller */
	WHO_ADMIN = 32      /* the master account */
};

/* Those who may see an account's things. */
#define WHO_FAMILY (WHO_SELF | WHO_ANCESTOR | WHO_ADMIN)

/* Those above an account, who may do away with it. */
#define WHO_ABOVE (WHO_ANCESTOR | WHO_ADMIN)

/* Those who decide what an account is sold. */
#define WHO_SELLER (WHO_RESELLER | WHO_ADMIN)

struct route {
	enum method method;
	/* Below /v2/: literal segments and {PARAMETERS}; {ACCOUNT_ID} is the
	 * account that authorization is about. */
	const char *path;
	unsigned who;
	handler_fn *handler;
	/* What the body is held against before the handler is called, which
	 * finds it in c->body; SCHEMA_NONE: the handler looks at no body, or
	 * reads it by itself. */
	enum schema_name body;
	const char *summary; /* for the documentation */
};

/* NULL past the last. */
const struct route *route_at(size_t index);

/* Is this a segment of a route where a plan's id would stand? */
bool route_reserves(const char *word);

/*
 * Finds the route of a request and its parameters. NOT_FOUND: no such path;
 * INVALID_METHOD: the path has other methods. *methods: those of the path, as
 * Allow has them; NULL when there is no such path. HEAD is answered by GET's
 * route. For OPTIONS, *out is NULL without a problem.
 */
struct problem *route_find(const struct request *rq, const struct route **out,
    struct call *c, const char **methods) MUSTCHECK;

#endif
