/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The argument of a handler: one request and everything around it. */
#ifndef REEVE_API_CALL_H
#define REEVE_API_CALL_H

#include "api/limits.h"
#include "base/config.h"
#include "http/request.h"
#include "http/response.h"
#include "store/auth.h"
#include "store/db.h"

#define PARAMETERS_MAX 4

struct fields;
struct figure_source;
struct kind;
struct route;

struct call {
	struct arena *arena;
	const struct config *config;
	struct db *db;
	struct limits *limits; /* NULL: there is no pool */
	const struct figure_source *figures; /* NULL: there is no pool */
	const struct request *request;
	struct response *response;
	int64_t now; /* Gregorian seconds, the same all through the request */
	/* The caller's session; NULL on routes open to anyone. */
	const struct session *session;
	/* The session of the request's token and the account in the path; NULL:
	 * not looked up yet. For authorization alone. */
	const struct session *found;
	const struct route *route; /* NULL: none was found */
	const char *account_id; /* in the path; NULL: none */
	const struct kind *kind; /* of {KIND} or {SETTING} in it; NULL: none */
	/* The body's data without client members, checked by the route's
	 * schema. NULL: the route has none. */
	struct json_object *body;
	const struct fields *fields; /* of the answer; NULL: all of them */
	const char *change_reason; /* for audit entries; NULL: none was given */
	/* The route's other {PARAMETERS}, in order. */
	const char *parameters[PARAMETERS_MAX];
};

typedef struct problem *handler_fn(struct call *c);

#endif
