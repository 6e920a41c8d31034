/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * FastCGI requests: the only file that knows libfcgi. One connection carries
 * one request and is closed after it, whatever the web server asked for, so
 * that an idle kept connection can never hold a worker (doc/architecture).
 */
#ifndef REEVE_HTTP_FASTCGI_H
#define REEVE_HTTP_FASTCGI_H

#include <stdbool.h>

#include "base/attr.h"
#include "http/gateway.h"

struct fastcgi;

/* Once per process, after its signal handlers are set. */
struct fastcgi *fastcgi_new(void);
void fastcgi_free(struct fastcgi **f);

/*
 * Reads a request's parameters from an accepted connection, which it takes
 * over, with a limit on how long the other side may stall. NULL: not a whole
 * FastCGI request; the connection is closed.
 */
struct gateway *fastcgi_begin(struct fastcgi *f, int own_connection,
    int stall_timeout_s) MUSTCHECK;

/* Finishes the request begun last and closes its connection. */
void fastcgi_end(struct fastcgi *f);

#endif
