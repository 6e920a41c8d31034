/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One POST of JSON to a server outside; the only module that uses libcurl. It
 * follows no redirect, ignores proxies of the environment, speaks http and
 * https only, and unless allowed to, connects to public addresses only. The
 * connected address itself is checked, so a name that resolves differently the
 * second time does not evade the check.
 */
#ifndef REEVE_COURIER_HTTP_POST_H
#define REEVE_COURIER_HTTP_POST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define HTTP_ANSWER_MAX (64 * 1024) /* a longer body is cut off */

struct http_post {
	const char *url;
	const char *const *headers; /* "Name: value"; ends with NULL */
	const char *body;
	size_t length;
	int64_t connect_timeout_ms;
	int64_t timeout_ms; /* for the whole exchange */
	bool private_allowed;
	/* Called several times a second; true aborts. May be NULL. */
	bool (*stop)(void *state);
	void *state;
};

enum http_post_end {
	HTTP_POST_ANSWERED,
	HTTP_POST_TIMEOUT,  /* no complete answer in time */
	HTTP_POST_UNREACHED, /* no connection */
	HTTP_POST_FAILED,   /* aborted, or not HTTP */
	HTTP_POST_REFUSED,  /* by us: the URL or its address is not allowed */
	HTTP_POST_STOPPED
};

struct http_answer {
	enum http_post_end end;
	int status;       /* when answered */
	const char *body; /* NUL-terminated; "": none */
	size_t length;
	bool cut;         /* the body was longer than HTTP_ANSWER_MAX */
	const char *why;  /* a text for people, unless answered */
};

/* Sends post; *answer is the arena's. */
void http_post(struct arena *a, const struct http_post *post,
    struct http_answer *answer);

#endif
