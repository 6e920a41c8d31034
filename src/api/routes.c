/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/routes.h"

#include <string.h>

#include "api/handlers.h"
#include "base/buffer.h"

/*
 * Of two paths that both fit, the one that stands first is meant: literal
 * segments go before {PARAMETERS}.
 */
/* clang-format off */
static const struct route routes[] = {
	{ METHOD_PUT,    "user_auth",  WHO_ANYONE, user_auth_create,
	  "Exchange a user's credentials for a token" },
	{ METHOD_PUT,    "api_auth",   WHO_ANYONE, api_auth_create,
	  "Exchange an API key for a token" },
	{ METHOD_GET,    "token_auth", WHO_CALLER, token_auth_show,
	  "Describe the token of the request" },
	{ METHOD_DELETE, "token_auth", WHO_CALLER, token_auth_delete,
	  "Revoke the token of the request" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/services/audit", WHO_FAMILY, audit_list,
	  "Audit entries of an account, newest first" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/services/audit/summary", WHO_FAMILY, audit_quantities_summary,
	  "Changes of quantities per service and day" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/services/audit/summary/{SOURCE_SERVICE}", WHO_FAMILY, audit_quantities_summary,
	  "Changes of one service's quantity per day, each year newest first" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/services/audit/{AUDIT_ID}", WHO_FAMILY, audit_show,
	  "One audit entry" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/services/audit_summary", WHO_FAMILY, audit_summary,
	  "Billable changes and usage per service and day" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/services/audit_summary/{SOURCE_SERVICE}", WHO_FAMILY, audit_summary,
	  "Billable changes or usage of one service per day, newest first" },
};
/* clang-format on */

const struct route *
route_at(size_t index)
{
	return index < NELEM(routes) ? &routes[index] : NULL;
}

/* Fits the path, filling in the parameters? */
static bool
fits(const char *path, const struct request *rq, struct call *c)
{
	size_t i, n, parameter = 0;

	memset(c->parameters, 0, sizeof(c->parameters));
	c->account_id = NULL;
	for (i = 0; i < rq->segment_count; i++) {
		n = strcspn(path, "/");
		if (n == 0)
			return false;
		if (path[0] != '{') {
			if (strlen(rq->segments[i]) != n ||
			    memcmp(rq->segments[i], path, n) != 0)
				return false;
		} else if (strncmp(path, "{ACCOUNT_ID}", n) == 0) {
			c->account_id = rq->segments[i];
		} else {
			c->parameters[parameter++] = rq->segments[i];
		}
		path += n;
		path += *path == '/';
	}
	return *path == '\0';
}

static const char *
methods_of(struct arena *a, const char *path)
{
	struct buffer out;
	size_t i;

	buffer_init(&out, a, 0);
	for (i = 0; i < NELEM(routes); i++) {
		if (strcmp(routes[i].path, path) != 0)
			continue;
		buffer_puts(&out, method_name(routes[i].method));
		buffer_puts(&out, routes[i].method == METHOD_GET ?
		    ", HEAD, " : ", ");
	}
	buffer_puts(&out, "OPTIONS");
	return out.text;
}

struct problem *
route_find(const struct request *rq, const struct route **out, struct call *c,
    const char **methods)
{
	enum method wanted = rq->method == METHOD_HEAD ? METHOD_GET : rq->method;
	const char *path = NULL;
	size_t i;

	*out = NULL;
	*methods = NULL;
	for (i = 0; i < NELEM(routes) && path == NULL; i++)
		if (fits(routes[i].path, rq, c))
			path = routes[i].path;
	if (path == NULL)
		return problem_new(rq->arena, PROBLEM_NOT_FOUND);
	*methods = methods_of(rq->arena, path);
	if (wanted == METHOD_OPTIONS)
		return NULL;
	for (i = 0; i < NELEM(routes); i++)
		if (routes[i].method == wanted &&
		    strcmp(routes[i].path, path) == 0)
			*out = &routes[i];
	return *out == NULL ?
	    problem_new(rq->arena, PROBLEM_INVALID_METHOD) : NULL;
}
