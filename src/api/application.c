/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/application.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/authorization.h"
#include "api/body.h"
#include "api/routes.h"
#include "base/gregorian.h"
#include "base/log.h"
#include "base/secret.h"
#include "billing/schemas.h"
#include "store/migration.h"

/* Enough for most requests; larger ones return the rest at their end. */
#define ARENA_CHUNK (256 * 1024)

#define KEPT_BYTES (2 * 1024 * 1024)

struct application {
	const struct config *config;
	struct db *db;
	struct arena *arena;
	struct limits *limits;
};

void
application_prepare(void)
{
	schemas_compile();
}

struct application *
application_new(const struct config *config, struct limits *limits)
{
	struct application *app = calloc(1, sizeof(*app));

	if (app == NULL)
		log_fatal(71, "out of memory");
	/*
	 * Fixed limits: by default they grow with the largest answer. The
	 * memory of a usual answer is kept between requests, more is returned.
	 */
	mallopt(M_MMAP_THRESHOLD, KEPT_BYTES);
	mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
	app->config = config;
	app->limits = limits;
	app->db = db_new(config);
	app->arena = arena_new(ARENA_CHUNK);
	return app;
}

void
application_free(struct application **app)
{
	if (*app == NULL)
		return;
	db_free(&(*app)->db);
	arena_free(&(*app)->arena);
	free(*app);
	*app = NULL;
}

/* account stands for accounts/{the caller's own} (rules/accounts 7). */
static struct problem *
resolve_alias(struct call *c, struct request *rq)
{
	struct session *s;
	struct problem *p;

	if (rq->segment_count == 0 || strcmp(rq->segments[0], "account") != 0 ||
	    rq->segment_count == SEGMENTS_MAX ||
	    rq->method == METHOD_OPTIONS)
		return NULL;
	if ((p = authenticate(c, &s)) != NULL)
		return p;
	memmove(rq->segments + 2, rq->segments + 1,
	    (rq->segment_count - 1) * sizeof(*rq->segments));
	rq->segments[0] = "accounts";
	rq->segments[1] = s->account_id;
	rq->segment_count++;
	return NULL;
}

/* From the route to the handler's answer. */
static struct problem *
answer(struct call *c, struct response *rs)
{
	const struct route *route;
	struct problem *p;

	p = route_find(c->request, &route, c, &rs->methods);
	/*
	 * A preflight is always granted: after a refusal the browser would hide
	 * from its page what is wrong with the request itself.
	 */
	if (c->request->method == METHOD_OPTIONS)
		return NULL;
	if (p != NULL)
		return p;
	if ((p = authorize(c, route)) != NULL ||
	    (p = body_read(c, route->body)) != NULL)
		return p;
	return route->handler(c);
}

static void
log_problem(const struct request *rq, const struct problem *p)
{
	const char *why = p->log[0] != '\0' ? p->log : p->text;

	if (p->status >= 500 && p->kind != PROBLEM_NOT_IMPLEMENTED)
		log_error("%s %s: %d: %s", method_name(rq->method), rq->path,
		    p->status, why);
	else
		log_debug("%s %s: %d: %s", method_name(rq->method), rq->path,
		    p->status, why);
}

int
application_serve(struct application *app, struct gateway *g)
{
	struct request *rq = arena_alloc(app->arena, sizeof(*rq));
	struct response rs;
	struct call c = {
		.arena = app->arena,
		.config = app->config,
		.db = app->db,
		.limits = app->limits,
		.request = rq,
		.response = &rs,
		.now = gregorian_now(),
	};
	struct problem *p;
	int status = 0;

	response_init(&rs, app->arena);
	p = request_read(rq, app->arena, g, app->config->max_body);
	log_request(rq->request_id);
	if (rq->cut_off) {
		log_debug("%s: the request was cut off", rq->path);
	} else {
		if (p == NULL && (p = resolve_alias(&c, rq)) == NULL)
			p = answer(&c, &rs);
		if (p != NULL)
			log_problem(rq, p);
		status = response_send(&rs, rq, p);
	}
	log_request(NULL);
	arena_reset(app->arena);
	return status;
}

int
application_check_schema(const struct config *config, const char **why)
{
	static char text[512];
	struct arena *a = arena_new(16 * 1024);
	struct db *db = db_new(config);
	const char *missing = NULL;
	struct problem *p = migration_check(db, a, &missing);
	int result = p != NULL ? -1 : missing != NULL ? 0 : 1;

	snprintf(text, sizeof(text), "%s", p == NULL ?
	    (missing == NULL ? "" : missing) :
	    p->log[0] != '\0' ? p->log : p->text);
	*why = text;
	db_free(&db);
	arena_free(&a);
	return result;
}
