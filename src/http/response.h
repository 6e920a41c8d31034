/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An answer, and the only place that turns it into bytes: the Crossbar
 * envelope, CSV, an RFC 9457 problem, or headers alone.
 */
#ifndef REEVE_HTTP_RESPONSE_H
#define REEVE_HTTP_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/problem.h"
#include "http/csv.h"
#include "http/request.h"

/* Clients compare this to recognize the API (rules/requests 6). */
#define RESPONSE_API_VERSION "5.0.0"

struct response {
	int status;              /* 200 by default */
	size_t limit;            /* max bytes of data, in any format */
	struct buffer data;      /* JSON text of "data", or a file */
	struct json_writer json; /* writes to data */
	struct json_object *metadata; /* next to data, or NULL; the arena's */
	struct json_object *further; /* more members of the envelope, or NULL;
	                            the arena's */
	const char *location;    /* of a created document, or NULL */
	const char *auth_token;  /* for the client, or NULL */
	const char *methods;     /* of the resource: "GET, HEAD"; or NULL */
	bool entity;             /* data equals that of a GET of this URL, so it
	                            has an ETag whatever the method */
	bool replayed;           /* the answer of an earlier request */
	bool confidential;       /* data has a key: nobody may store it */
	const char *media_type;  /* of data that is sent as it is, a file, and
	                            not as JSON; NULL: JSON */
	bool untagged;           /* no ETag: data has a token, which is not to
	                            leave in one, or what is next to data
	                            changes without it */
	const char *file_name;   /* of a CSV download, without ".csv" */
	bool picked;             /* data has the fields only that are asked for */
	const char *whole_etag;  /* of data before they were picked; NULL: of
	                            data as it is */
	bool begun;              /* response_flush() has sent the head */
	bool ended;              /* nothing that follows is wanted */
	bool paged;              /* the three members below are valid */
	int64_t page_size;       /* items on this page */
	const char *start_key;   /* NULL: left out */
	const char *next_start_key;
};

void response_init(struct response *rs, struct arena *a);

/* Discards the data, so that it can be written again, within rs->limit. */
void response_restart(struct response *rs);

/*
 * FAULT if the data exceeded rs->limit and was cut off: it must be neither sent
 * nor stored, and the change that it reports must not be committed.
 */
struct problem *response_check(const struct response *rs) MUSTCHECK;

/* Makes the ETag of data as JSON text. */
void response_etag(const struct buffer *data, char etag[33]);

/* True if a header's list has etag, or is "*". NULL: there is no header. */
bool response_etag_in(const char *list, const char *etag);

/* Answers with a file. */
void response_file(struct response *rs, const char *media_type,
    const void *bytes, size_t length);

/* True if the answer is CSV. */
bool response_is_csv(const struct request *rq);

/* The style of CSV that the client asks for: csv_raw, csv_bom. */
struct csv_style response_csv_style(const struct request *rq);

/*
 * An answer that is sent in parts: the first call sends the head, each call
 * sends the data and forgets it, and response_send() ends the answer. Data is
 * JSON, or CSV where response_is_csv(). Such an answer is 200 and has no length,
 * no ETag and no revision, and is not indented. False: nothing further is
 * wanted: the client asked for the head only, or has disconnected.
 */
bool response_flush(struct response *rs, const struct request *rq);

/* Makes the 413 for CSV that has more columns than it may. */
struct problem *response_too_many_columns(struct arena *a);

/*
 * Sends the answer, or the problem (NULL: none), in the requested format. If
 * response_check() refuses the answer, or its CSV is too large, that problem is
 * sent instead, and logged if its status is 500 or more. HEAD gets no body;
 * If-None-Match may turn a GET into 304; a CSV without rows is 204. A problem
 * after the first part breaks the answer off. Returns the status sent; 0: the
 * client had disconnected, or the answer was broken off.
 */
int response_send(struct response *rs, const struct request *rq,
    const struct problem *problem);

#endif
