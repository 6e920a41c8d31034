/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A small server of HTTP/1.0 for pages that need no body and no long work: GET
 * and HEAD, one request a connection, several connections at once. A visitor
 * that sends nothing, or reads nothing, has a few seconds.
 */
#ifndef REEVE_POOL_VISITORS_H
#define REEVE_POOL_VISITORS_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

#define VISITORS_LISTENERS 2 /* as the pool has: STATUS_LISTENERS */
#define VISITORS_MOST 64
#define VISITORS_HEAD 4096 /* bytes of a request */

struct visit {
	const char *path;
	const char *query; /* "" if there is none */
	int64_t since_ms;  /* when it was complete, monotonic */
};

struct reply {
	int status;
	const char *type; /* of the body */
	struct buffer body;
};

struct visitor {
	int fd; /* -1: nobody */
	size_t length;
	char head[VISITORS_HEAD + 1];
	bool heads_only; /* HEAD */
	bool waits;      /* for its page */
	struct visit visit;
	int64_t until_ms; /* its time to send the request */
};

struct visitors {
	int listeners[VISITORS_LISTENERS]; /* -1: none */
	bool closing;
	int other_fd; /* also waited for; -1: none */
	/* Makes a page. False: it is not known yet; it is called again. */
	bool (*answer)(void *state, const struct visit *visit,
	    struct reply *reply);
	void *state;
	struct visitor each[VISITORS_MOST];
};

/* Sets all free; the other members are the caller's. */
void visitors_init(struct visitors *v);

/*
 * Waits for something to happen, for at most a second, with this signal mask, and
 * answers those whose page is known. Returns true if other_fd can be read.
 */
bool visitors_serve(struct visitors *v, const sigset_t *mask);

/* Lets nobody in from now on. True: some are still here. */
bool visitors_close(struct visitors *v);

/* Closes the connections and the sockets. */
void visitors_end(struct visitors *v);

#endif
