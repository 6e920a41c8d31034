/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An answer, and the one place that turns it into bytes: the Crossbar envelope
 * (rules/requests 6 and 7), CSV, RFC 9457, or nothing but headers.
 */
#ifndef REEVE_HTTP_RESPONSE_H
#define REEVE_HTTP_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/problem.h"
#include "http/request.h"

/* What clients compare to know which API they talk to (rules/requests 6). */
#define RESPONSE_API_VERSION "5.0.0"

struct response {
	int status;              /* 200 unless the handler says otherwise */
	size_t limit;            /* most bytes of data, in any form */
	struct buffer data;      /* JSON text of "data" */
	struct json_writer json; /* writes to data */
	struct json_object *metadata; /* beside data, or NULL; the arena's */
	const char *location;    /* of what was created, or NULL */
	const char *auth_token;  /* to tell the client, or NULL */
	const char *methods;     /* of the resource: "GET, HEAD"; NULL: unknown */
	bool entity;             /* data is what GET of this URL would show: it
	                            has an ETag whatever the method */
	bool replayed;           /* it is the answer of an earlier request */
	const char *file_name;   /* of a CSV download, without ".csv" */
	bool paged;              /* the three below are meant */
	int64_t page_size;       /* items on this page */
	const char *start_key;   /* NULL: left out */
	const char *next_start_key;
};

void response_init(struct response *rs, struct arena *a);

/* Forgets what was written so far, to be written anew, within rs->limit. */
void response_restart(struct response *rs);

/*
 * FAULT when what was written is more than rs->limit, and so cut: it must be
 * neither sent nor kept, and what it tells of should not be committed.
 */
struct problem *response_check(const struct response *rs) MUSTCHECK;

/* The ETag of data as JSON text. */
void response_etag(const struct buffer *data, char etag[33]);

/* Is etag one of a header's list ("*": any)? NULL: there is no header. */
bool response_etag_in(const char *list, const char *etag);

/*
 * Sends the answer, or the problem (NULL: none), as the request wants it. An
 * answer that response_check refuses, or whose CSV is as large, is sent as that
 * problem, which goes to the log.
 * HEAD gets no body; If-None-Match may turn a GET into 304; a CSV without rows
 * is 204. Returns the status sent, 0 when the client had gone.
 */
int response_send(struct response *rs, const struct request *rq,
    const struct problem *problem);

#endif
