/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GETs from a server that the administrator names, one after another over one
 * connection. As http_post.h, it follows no redirect, ignores proxies of the
 * environment and speaks http and https only; certificates are verified. Private
 * addresses are allowed.
 */
#ifndef REEVE_COURIER_HTTP_GET_H
#define REEVE_COURIER_HTTP_GET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct http_client;

/* No memory ends the process. */
struct http_client *http_client_new(void);
void http_client_free(struct http_client **client);

struct http_get {
	const char *url;
	const char *const *headers; /* "Name: value"; ends with NULL */
	int64_t connect_timeout_ms;
	int64_t timeout_ms; /* for the whole exchange */
	size_t most;        /* bytes of the body */
};

struct http_got {
	int status;       /* 0: there is no answer; why says the reason */
	const char *body; /* NUL-terminated */
	size_t length;
	bool cut;         /* the body was longer, and is cut off */
	const char *location;  /* of a redirect; NULL: none */
	int64_t retry_after_s; /* 0: not said, or not in seconds */
	const char *why;
};

/* Gets; everything of *got is the arena's. */
void http_get(struct http_client *client, struct arena *a,
    const struct http_get *get, struct http_got *got);

#endif
