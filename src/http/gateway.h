/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One request from the web server, whatever the protocol. fastcgi.h and cgi.h
 * make gateways.
 */
#ifndef REEVE_HTTP_GATEWAY_H
#define REEVE_HTTP_GATEWAY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct gateway {
	/* Returns a CGI variable ("REQUEST_METHOD", "HTTP_ACCEPT") or NULL. */
	const char *(*param)(struct gateway *g, const char *name);
	/*
	 * Reads body bytes; 0 at the end, -1 if the body was cut off: such a
	 * request must not be carried out.
	 */
	ssize_t (*read)(struct gateway *g, void *bytes, size_t size);
	/* Writes the answer. False: the web server has gone. */
	bool (*write)(struct gateway *g, const void *bytes, size_t length);
	void *state;
	bool answering; /* a part of the answer was written */
	bool refused;   /* answered 503: it ended workers just now */
	/*
	 * Makes the answer end as broken, so that nobody takes what was sent
	 * for the whole. NULL: the protocol cannot, and long answers must be
	 * made before they are sent.
	 */
	void (*break_off)(struct gateway *g);
	/*
	 * True if nobody waits for the answer any longer: what has not begun
	 * need not begin. NULL: the protocol cannot tell.
	 */
	bool (*is_gone)(struct gateway *g);
	/* Told that a long answer has made progress; NULL: nobody waits. */
	void (*progress)(void *watcher);
	void *watcher;
};

static inline bool
gateway_is_gone(struct gateway *g)
{
	return g->is_gone != NULL && g->is_gone(g);
}

#endif
