/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * FastCGI requests: the only file that uses libfcgi. A connection carries one
 * request and is closed after it, whatever the web server asked for, so that an
 * idle connection never occupies a worker.
 *
 * libfcgi never reads from a connection: it gets a head that http/records.h has
 * checked, from a file in memory, and parses its parameters. The body does not
 * pass through it. It writes the answer.
 */
#ifndef REEVE_HTTP_FASTCGI_H
#define REEVE_HTTP_FASTCGI_H

#include <stdbool.h>

#include "base/attr.h"
#include "http/gateway.h"

struct fastcgi;

/* Call it once per process, after setting the signal handlers. */
struct fastcgi *fastcgi_new(void);
void fastcgi_free(struct fastcgi **f);

/*
 * Takes over an accepted connection and reads the parameters of a request. They
 * must be complete after stall_timeout_s, however they arrive, and the body
 * after twice that, without a pause as long as stall_timeout_s. NULL: not a
 * FastCGI request, or not in time; the connection is closed.
 */
struct gateway *fastcgi_begin(struct fastcgi *f, int own_connection,
    int stall_timeout_s) MUSTCHECK;

/* Ends the current request and closes its connection. */
void fastcgi_end(struct fastcgi *f);

#endif
