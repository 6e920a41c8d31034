/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/application.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/authorization.h"
#include "api/body.h"
#include "api/fields.h"
#include "api/rate_limit.h"
#include "api/reason.h"
#include "api/refused.h"
#include "api/requests.h"
#include "api/routes.h"
#include "base/clock.h"
#include "base/counters.h"
#include "base/gregorian.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/picture.h"
#include "base/secret.h"
#include "billing/schemas.h"
#include "store/migration.h"
#include "store/programs.h"

/* Enough for most requests; larger ones return the rest at their end. */
#define ARENA_CHUNK (256 * 1024)

#define KEPT_BYTES (2 * 1024 * 1024)

/* A picture as base64 in lines, behind the head of a data URL. */
#define PICTURE_BODY_MAX (PICTURE_BYTES_MAX / 2 * 3)

#define PACKET_REST (64 * 1024)

/* Of requests that ended workers; as long as the pool refuses them. */
#define REFUSED_S 60

/* After a request that used more, memory is returned to the system. */
#define LARGE_BYTES ((size_t)1024 * 1024)

/* After one that used this much, the connection's buffers are, too. */
#define HUGE_BYTES ((size_t)4 * 1024 * 1024)

struct application {
	const struct config *config;
	struct db *db;
	struct arena *arena;
	struct limits *limits;
	const struct figure_source *figures;
	uint64_t commits; /* of the database when the request began */
};

void
application_prepare(void)
{
	schemas_compile();
	db_share_hosts();
}

struct application *
application_new(const struct config *config, struct limits *limits,
    const struct figure_source *figures)
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
	app->figures = figures;
	app->db = limits == NULL || config->workers < 2 ?
	    db_new_hasty(config) : db_new(config);
	app->arena = arena_new(ARENA_CHUNK);
	if (limits != NULL)
		store_program_join(app->db, PROGRAM_POOL);
	return app;
}

void
application_free(struct application **app)
{
	if (*app == NULL)
		return;
	store_program_leave((*app)->db, (*app)->arena);
	db_free(&(*app)->db);
	arena_free(&(*app)->arena);
	free(*app);
	*app = NULL;
}

void
application_rest(struct application *app)
{
	store_program_rest(app->db, app->arena);
	arena_reset(app->arena);
}

/* account stands for accounts/{the caller's own} (rules/accounts 7). */
static bool
is_alias(const struct request *rq)
{
	return rq->segment_count > 0 && strcmp(rq->segments[0], "account") == 0 &&
	    rq->segment_count < SEGMENTS_MAX;
}

static struct problem *
resolve_alias(struct call *c, struct request *rq)
{
	struct session *s;
	struct problem *p;

	if (!is_alias(rq))
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

/* ---- before the body ---- */

/* The limits of a body before a token is known. */
static const struct body_limits open_limits = { .bytes = 64 * 1024,
	.values = 1000 };

static bool
is_open(const struct route *route)
{
	return route != NULL && (route->who & WHO_ANYONE) != 0;
}

static bool
takes_picture(const struct route *route)
{
	return route != NULL && route_takes_picture(route);
}

static struct body_limits
limits_of(const struct call *c, const struct route *route)
{
	/* A batch has as many values as its bytes can hold. */
	if (route != NULL && route_takes_batch(route))
		return (struct body_limits){
			.bytes = c->config->max_batch_body,
			.values = c->config->max_batch_body,
			.divide = route_divides(route),
		};
	return (struct body_limits){
		.bytes = takes_picture(route) ? PICTURE_BODY_MAX :
		    c->config->max_body,
		.values = c->config->max_values,
		.file = takes_picture(route),
	};
}

/*
 * Decides by the head whether a body is read, and how much of it. A POST may
 * stand for a method that only its body names: then its route may be another
 * when it was read, but the caller is recognized before. *out NULL: the route is
 * not known yet.
 */
static struct problem *
admit(struct call *c, struct request *rq, struct body_limits *limits,
    const struct route **out)
{
	struct problem *p;
	bool unsettled = request_may_tunnel(rq), alias = is_alias(rq);

	*limits = open_limits;
	*out = NULL;
	if (alias && ((p = rate_limit_take(c, rq->token)) != NULL ||
	    rq->token[0] == '\0'))
		return p;
	if ((p = resolve_alias(c, rq)) != NULL)
		return p;
	p = route_find(rq, out, c, &c->response->methods);
	if (p != NULL && !(unsettled && p->kind == PROBLEM_INVALID_METHOD))
		return p;
	c->route = *out;
	limits->file = takes_picture(*out);
	/* Only now: a 404 for the path costs as little as a refusal. */
	if (!alias && (p = rate_limit_take(c, rq->token)) != NULL)
		return p;
	if (rq->token[0] == '\0' || is_open(*out))
		return NULL;
	*limits = limits_of(c, *out);
	return unsettled ? recognize(c) : authorize(c, *out);
}

/*
 * A token may be in the body, but not in a large one: the caller is told of the
 * missing token, not of the size.
 */
static struct problem *
read_body(struct call *c, struct request *rq, const struct body_limits *limits,
    const struct route *route)
{
	struct problem *p = request_read_body(rq, limits);

	return p == NULL || p->kind != PROBLEM_TOO_LARGE ||
	    rq->token[0] != '\0' || is_alias(rq) || is_open(route) ? p :
	    problem_new(c->arena, PROBLEM_INVALID_CREDENTIALS);
}

/* ---- after it ---- */

/* From the route, NULL: it is found now, to the handler's answer. */
static struct problem *
answer(struct call *c, struct request *rq, const struct route *route)
{
	struct problem *p;

	if (route == NULL && ((p = resolve_alias(c, rq)) != NULL ||
	    (p = route_find(rq, &route, c, &c->response->methods)) != NULL))
		return p;
	c->route = route;
	if ((p = authorize(c, route)) != NULL ||
	    (p = refused_check(c)) != NULL ||
	    (p = fields_read(c)) != NULL ||
	    (p = body_read(c, route->body)) != NULL ||
	    (p = reason_read(c)) != NULL ||
	    (p = requests_note(c)) != NULL)
		return p;
	if ((p = route->handler(c)) == NULL)
		fields_reduce(c);
	return p;
}

/*
 * A preflight is always granted: after a refusal the browser would hide from its
 * page what is wrong with the request itself.
 */
static void
grant(struct call *c, const struct request *rq)
{
	const struct route *route;

	(void)!route_find(rq, &route, c, &c->response->methods);
}

static struct problem *
refusal(struct arena *a)
{
	struct problem *p = problem_text(a, PROBLEM_UNAVAILABLE,
	    "such requests ended the processes that served them; they are "
	    "refused for a minute");

	p->retry_after_s = REFUSED_S;
	return p;
}

/* All but the answer's bytes. */
static struct problem *
carry_out(struct call *c, struct request *rq, struct gateway *g)
{
	const struct route *route;
	struct body_limits limits;
	enum method in_head;
	struct problem *p;

	p = request_read_head(rq, c->arena, g);
	log_request(rq->request_id);
	in_head = rq->method;
	if (p == NULL && g->refused)
		return refusal(c->arena);
	if (p == NULL && rq->method == METHOD_OPTIONS) {
		grant(c, rq);
		return NULL;
	}
	if (p != NULL || (p = admit(c, rq, &limits, &route)) != NULL ||
	    (p = read_body(c, rq, &limits, route)) != NULL || rq->cut_off)
		return p;
	/* A body that names a method names another route. */
	return answer(c, rq, in_head == rq->method ? route : NULL);
}

/*
 * The problem as the client may be told: to repeat the request by itself only if
 * nothing was done. What reads is never uncertain.
 */
static struct problem *
problem_to_send(struct application *app, const struct request *rq, struct problem *p)
{
	bool reads = rq->method == METHOD_GET || rq->method == METHOD_HEAD;

	if (p->status < 500 && p->kind != PROBLEM_UNCERTAIN)
		return p;
	if (p->kind == PROBLEM_UNCERTAIN && reads) {
		struct problem *again = problem_new(app->arena,
		    PROBLEM_UNAVAILABLE);

		memcpy(again->log, p->log, sizeof(again->log));
		again->cause = p->cause;
		return again;
	}
	if (reads || p->kind == PROBLEM_PAYMENT ||
	    db_commits(app->db) == app->commits)
		return p;
	return problem_uncertain(app->arena,
	    p->log[0] != '\0' ? p->log : p->text);
}

/* The line of an answer tells of each; this one says why, and may repeat. */
static void
log_problem(const struct request *rq, const struct problem *p)
{
	const char *why = p->log[0] != '\0' ? p->log : p->text;

	if ((p->status >= 500 && p->kind != PROBLEM_NOT_IMPLEMENTED) ||
	    p->kind == PROBLEM_UNCERTAIN)
		log_event(LOG_LEVEL_ERROR, arena_printf(rq->arena, "%d: %s",
		    p->status, p->cause == NULL ? why : p->cause),
		    "%s %s: %d: %s", method_name(rq->method), rq->path,
		    p->status, why);
	else
		log_debug("%s %s: %d: %s", method_name(rq->method), rq->path,
		    p->status, why);
}

/* Each answer has a line, so that its request id is in the log. */
static void
log_answer(const struct application *app, const struct request *rq, int status)
{
	const struct effort *e = counters_effort();
	int64_t took_us = clock_monotonic_us() - e->begun_us;
	int64_t slow_s = app->config->slow_log_s;

	log_info("%s %s: %d in %lld ms", method_name(rq->method), rq->path,
	    status, (long long)(took_us / 1000));
	if (slow_s > 0 && took_us > slow_s * 1000000)
		log_warn("slow: %s %s: %lld ms, of which %lld ms in %lld calls "
		    "of the database; the longest: %s with %lld ms",
		    method_name(rq->method), rq->path,
		    (long long)(took_us / 1000), (long long)(e->calls_us / 1000),
		    (long long)e->calls, e->slowest == NULL ? "none" :
		    e->slowest, (long long)(e->slowest_us / 1000));
}

/* Sends the answer, or the problem; counts it and logs it. Returns its status. */
static int
send_answer(struct application *app, const struct request *rq,
    struct response *rs, const struct route *route, struct problem *p)
{
	int status;

	if (p != NULL) {
		p = problem_to_send(app, rq, p);
		log_problem(rq, p);
	}
	status = response_send(rs, rq, p);
	counters_answer(route_index(route), status);
	log_answer(app, rq, status);
	return status;
}

static int
serve(struct application *app, struct gateway *g)
{
	struct request *rq = arena_alloc(app->arena, sizeof(*rq));
	struct response rs;
	struct call c = {
		.arena = app->arena,
		.config = app->config,
		.db = app->db,
		.limits = app->limits,
		.figures = app->figures,
		.request = rq,
		.response = &rs,
		.now = gregorian_now(),
	};
	struct problem *p;

	response_init(&rs, app->arena);
	p = carry_out(&c, rq, g);
	if (rq->cut_off) {
		log_debug("%s: the request was cut off", rq->path);
		return 0;
	}
	return send_answer(app, rq, &rs, c.route, p);
}

/* Answers a request that memory did not suffice for, unless its answer has
 * begun. Its transaction ends with the connection. */
static int
answer_exhausted(struct application *app, struct gateway *g)
{
	struct request *rq;
	struct response rs;

	db_open_with(app->db, NULL, NULL);
	arena_reset(app->arena);
	db_disconnect(app->db);
	memory_trim();
	if (g->answering) {
		log_error("memory_limit was reached while the answer was sent");
		if (g->break_off != NULL)
			g->break_off(g);
		return 0;
	}
	rq = arena_alloc(app->arena, sizeof(*rq));
	response_init(&rs, app->arena);
	(void)!request_read_head(rq, app->arena, g);
	return send_answer(app, rq, &rs, NULL, problem_text(app->arena,
	    PROBLEM_UNAVAILABLE,
	    "the request needs more memory than memory_limit allows"));
}

static bool
client_is_gone(void *gateway)
{
	return gateway_is_gone(gateway);
}

/* Nothing of a request is kept, whatever it took. */
static void
forget(struct application *app)
{
	size_t used = arena_used(app->arena);

	db_open_with(app->db, NULL, NULL);
	place_leave();
	place_watch(NULL, NULL);
	arena_reset(app->arena);
	if (used > HUGE_BYTES)
		db_disconnect(app->db);
	if (used > LARGE_BYTES)
		memory_trim();
}

int
application_serve(struct application *app, struct gateway *g)
{
	jmp_buf guard;
	int status;

	g->answering = false;
	app->commits = db_commits(app->db);
	counters_begin();
	place_watch(client_is_gone, g);
	if (setjmp(guard) == 0) {
		memory_guard(&guard);
		status = serve(app, g);
	} else {
		status = answer_exhausted(app, g);
	}
	memory_guard(NULL);
	log_request(NULL);
	forget(app);
	return status;
}

/* A body goes to the database in one packet, with some small arguments. */
static void
check_packets(struct db *db, struct arena *a, const struct config *config)
{
	int64_t most = db_packet_most(db, a);
	bool batch = config->max_batch_body > config->max_body;
	int64_t body = batch ? config->max_batch_body : config->max_body;

	if (most > 0 && most < body + PACKET_REST)
		log_warn("max_allowed_packet of the database is %lld, which is "
		    "less than %s needs: larger bodies get 413; set it to %lld "
		    "at least", (long long)most,
		    batch ? "max_batch_body" : "max_body",
		    (long long)(body + PACKET_REST));
}

/* Hosts of a cluster compare moments that each has written. */
static void
check_clock(struct db *db, struct arena *a)
{
	int64_t ahead_s;

	if (db_clock_ahead(db, a, &ahead_s) &&
	    (ahead_s > CLOCKS_DIFFER_S || ahead_s < -CLOCKS_DIFFER_S))
		log_error("the clock of this host is %lld s %s that of the "
		    "database: messages are sent at the wrong time, and tokens "
		    "end too early or too late; set both by NTP",
		    (long long)(ahead_s < 0 ? -ahead_s : ahead_s),
		    ahead_s < 0 ? "ahead of" : "behind");
}

static void
check_start(struct db *db, struct arena *a, const struct config *config)
{
	check_packets(db, a, config);
	check_clock(db, a);
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

	if (result == 1)
		check_start(db, a, config);
	snprintf(text, sizeof(text), "%s", p == NULL ?
	    (missing == NULL ? "" : missing) :
	    p->log[0] != '\0' ? p->log : p->text);
	*why = text;
	db_free(&db);
	arena_free(&a);
	return result;
}
