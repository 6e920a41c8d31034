/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One request as the web server hands it over, whatever the protocol: the two
 * makers are fastcgi.h and cgi.h.
 */
#ifndef REEVE_HTTP_GATEWAY_H
#define REEVE_HTTP_GATEWAY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct gateway {
	/* A CGI variable ("REQUEST_METHOD", "HTTP_ACCEPT"), NULL if not given. */
	const char *(*param)(struct gateway *g, const char *name);
	/*
	 * Reads body bytes; 0 at its proper end, -1 when the body was cut off:
	 * such a request must not be acted on.
	 */
	ssize_t (*read)(struct gateway *g, void *bytes, size_t size);
	/* False: the other side has gone. */
	bool (*write)(struct gateway *g, const void *bytes, size_t length);
	void *state;
};

#endif
