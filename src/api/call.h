/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a handler is given: one request with everything it may need. */
#ifndef REEVE_API_CALL_H
#define REEVE_API_CALL_H

#include "base/config.h"
#include "http/request.h"
#include "http/response.h"
#include "store/auth.h"
#include "store/db.h"

#define PARAMETERS_MAX 4

struct kind;

struct call {
	struct arena *arena;
	const struct config *config;
	struct db *db;
	const struct request *request;
	struct response *response;
	int64_t now; /* Gregorian seconds, the same all through the request */
	/* Whom the token speaks for; NULL on routes open to anyone. */
	const struct session *session;
	const char *account_id; /* in the path; NULL: none */
	const struct kind *kind; /* of {KIND} or {SETTING} in it; NULL: none */
	/* Of the body what the schema of the route was held against: its data
	 * without client members. NULL: the route has none. */
	struct json_object *body;
	/* The route's other {PARAMETERS}, in order. */
	const char *parameters[PARAMETERS_MAX];
};

typedef struct problem *handler_fn(struct call *c);

#endif
