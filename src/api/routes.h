/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one table (routes.c) of all URLs, their handlers and who may call them.
 * Dispatch, authorization, documentation and tests read it.
 */
#ifndef REEVE_API_ROUTES_H
#define REEVE_API_ROUTES_H

#include <stddef.h>

#include "api/call.h"
#include "base/role.h"
#include "billing/schema_names.h"

/* The callers that a route lets in: any of the flags suffices. */
enum who {
	WHO_ANYONE = 1,     /* no token needed */
	WHO_CALLER = 2,     /* any valid token */
	WHO_SELF = 4,       /* the account in the path itself */
	WHO_ANCESTOR = 8,   /* one of its ancestors */
	WHO_RESELLER = 16,  /* its reseller */
	WHO_ADMIN = 32,     /* the master account */
	WHO_SELF_RESELLER = 64 /* the account in the path, a reseller */
};

/* Callers that may see the objects of an account. */
#define WHO_FAMILY (WHO_SELF | WHO_ANCESTOR | WHO_ADMIN)

/* The ancestors of an account, which may delete it. */
#define WHO_ABOVE (WHO_ANCESTOR | WHO_ADMIN)

/* The sellers, which decide on an account's plans. */
#define WHO_SELLER (WHO_RESELLER | WHO_ADMIN)

/* Beside a role: users whose own document the path names need none. */
#define OR_OWN 8u
#define ROLE_OF(column) ((enum role)((column) & ~OR_OWN))

struct route {
	enum method method;
	/* Below /v2/: literal segments and {PARAMETERS}; {ACCOUNT_ID} is the
	 * account that authorization is about. */
	const char *path;
	unsigned who;
	/* The least role that a user needs for it, of enum role, perhaps with
	 * OR_OWN. A row without one does not compile: its handler would stand
	 * here. */
	unsigned role;
	handler_fn *handler;
	/* The schema that checks the body before the handler is called, which
	 * finds it in c->body; SCHEMA_NONE: the handler ignores the body, or
	 * reads it itself. */
	enum schema_name body;
	const char *summary; /* for the documentation */
};

/* NULL past the last. */
const struct route *route_at(size_t index);

/* A number for each route from 0; that of NULL, no route, is after them. */
size_t route_index(const struct route *route);

/* True if the body holds many things at once, and may be larger for that. */
bool route_takes_batch(const struct route *route);

/* True if its elements stay texts, which the handler takes by
 * request_element(). */
bool route_divides(const struct route *route);

/* True if the body of a request, or of its answer, is a picture. */
bool route_takes_picture(const struct route *route);

/* True if a route has this word in the place of a plan's id. */
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
