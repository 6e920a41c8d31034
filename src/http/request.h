/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A request in terms of the API: method, path segments, query, headers,
 * envelope. All input is checked here, once: bytes, encodings, sizes. It knows
 * no routes.
 */
#ifndef REEVE_HTTP_REQUEST_H
#define REEVE_HTTP_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/json.h"
#include "base/problem.h"
#include "http/elements.h"
#include "http/gateway.h"

enum method {
	METHOD_GET,
	METHOD_HEAD,
	METHOD_POST,
	METHOD_PUT,
	METHOD_PATCH,
	METHOD_DELETE,
	METHOD_OPTIONS,
	METHOD_UNKNOWN,
	METHOD__MAX
};

#define SEGMENTS_MAX 16
#define QUERY_MAX 200

struct query_pair {
	const char *name;
	const char *value;
};

enum format { FORMAT_JSON, FORMAT_CSV };

struct request {
	struct arena *arena;
	struct gateway *gateway;
	char request_id[129]; /* the client's X-Request-ID, or a new id */
	enum method method;   /* after tunnelling */
	bool tunnelled;       /* a POST that stands for another method */
	const char *path;     /* unchanged from the web server, for logs */
	size_t segment_count; /* after the version: "accounts", "...", ... */
	const char *segments[SEGMENTS_MAX];
	size_t query_count;
	struct query_pair query[QUERY_MAX];
	struct json_object *envelope; /* the body; NULL: none */
	struct json_object *data;     /* its "data", never NULL after reading */
	bool divided;                 /* data has nulls instead of elements */
	struct elements elements;     /* the texts of these elements */
	const char *bytes;            /* of a body that is a file; NULL: none */
	size_t byte_count;
	const char *token;            /* "" if there is none */
	enum format format;
	bool wants_problem_json;      /* errors as RFC 9457 */
	bool cut_off;                 /* the client disconnected early */
};

/* How large a body may be. */
struct body_limits {
	int64_t bytes;
	int64_t values; /* JSON values: members and elements */
	bool divide;    /* a list in data stays texts: request_element */
	bool file;      /* it may be a file; then the answer may be one, whatever
	                   Accept says */
};

/* Returns "GET"..., or "" for METHOD_UNKNOWN. */
const char *method_name(enum method method);

/*
 * Reads the head of a request from its gateway: all that is known before the
 * body. Problems: 400, 404 (a path without /v1 or /v2), 406, 501. Even then, the
 * members that an answer needs (request_id, format, wants_problem_json) are set.
 */
struct problem *request_read_head(struct request *rq, struct arena *a,
    struct gateway *g) MUSTCHECK;

/* True if the body may still name another method (rules/requests 4). */
bool request_may_tunnel(const struct request *rq);

/*
 * Reads the body, and the control values beside its data that the head lacks:
 * method, token and format. A file is taken as it is, or out of base64 or a data
 * URL; what it claims to be is ignored. Problems: 400, 406, 413, 415. If the body
 * was cut off, cut_off is set: the request must not be carried out.
 */
struct problem *request_read_body(struct request *rq,
    const struct body_limits *limits) MUSTCHECK;

/*
 * An element of the list in data; of a divided body it is parsed, on a. NULL: it
 * is null. Problems: 400 (no JSON).
 */
struct problem *request_element(const struct request *rq, struct arena *a,
    size_t index, struct json_object **out) MUSTCHECK;

/* Returns a request header by its CGI name ("HTTP_ORIGIN"); NULL: not sent. */
const char *request_header(const struct request *rq, const char *name);

/* Returns the first value of a query parameter; NULL: not given. */
const char *request_query(const struct request *rq, const char *name);

/*
 * Returns a control value: from the query, else from the top level of the
 * envelope, as text; never from "data", where it may be a field of a document.
 * NULL: not given.
 */
const char *request_control(const struct request *rq, const char *name);

/*
 * True if the control value is this text; JSON true and false count as texts.
 */
bool request_control_is(const struct request *rq, const char *name,
    const char *value);

#endif
