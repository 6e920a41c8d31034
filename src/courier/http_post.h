/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One POST of JSON to somebody else's server: the only file that knows libcurl.
 * No redirect is followed, no proxy of the environment is used, no protocol but
 * http and https is spoken, and unless it is allowed, no connection is made to
 * an address that is not public: held against the address that is connected
 * to, whatever names said before.
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
	int64_t timeout_ms; /* of all of it */
	bool private_allowed;
	/* Asked several times a second; true breaks it off. NULL: nobody asks. */
	bool (*stop)(void *state);
	void *state;
};

enum http_post_end {
	HTTP_POST_ANSWERED,
	HTTP_POST_TIMEOUT,  /* connected or not, no whole answer in time */
	HTTP_POST_UNREACHED, /* no connection */
	HTTP_POST_FAILED,   /* broken off, or not HTTP */
	HTTP_POST_REFUSED,  /* by us: the URL, or where it leads */
	HTTP_POST_STOPPED
};

struct http_answer {
	enum http_post_end end;
	int status;       /* when answered */
	const char *body; /* ended by NUL; "" when there is none */
	size_t length;
	bool cut;         /* it was longer */
	const char *why;  /* for people, unless answered */
};

/* The answer lives on a. */
void http_post(struct arena *a, const struct http_post *post,
    struct http_answer *answer);

#endif
