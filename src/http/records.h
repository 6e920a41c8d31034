/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The records of one FastCGI request, checked as they arrive, in pieces of any
 * size and constant memory. libfcgi gets the head after it is complete here,
 * and never a record that it mistakes or that it answers by itself.
 *
 * The head is one BEGIN_REQUEST for a responder, then the parameters in PARAMS
 * records, then an empty one. The body follows in STDIN records, then an empty
 * one. All records have version 1 and the id of the first. Everything else is
 * refused, ABORT_REQUEST too: a connection carries one request, so the end of
 * it is the end of the other.
 */
#ifndef REEVE_HTTP_RECORDS_H
#define REEVE_HTTP_RECORDS_H

#include <stdbool.h>
#include <stddef.h>

/* Limits of a head: its bytes, with all of its records, and its parameters. */
#define RECORDS_HEAD_MAX (1024 * 1024)
#define RECORDS_PARAMETERS_MAX 10000

#define RECORD_HEADER_BYTES 8

enum records_state {
	RECORDS_HEAD,   /* the head is not complete */
	RECORDS_BODY,   /* the body is not complete */
	RECORDS_ENDED,  /* the request is complete */
	RECORDS_REFUSED /* nothing further is taken */
};

/* A name and a value: two lengths, each of 1 or 4 bytes, and both texts. */
struct parameter {
	bool has_name_length;
	size_t length;      /* the one being read */
	size_t length_left; /* bytes of it */
	size_t name_length;
	size_t text_left; /* bytes of name and value */
};

struct records {
	enum records_state state;
	const char *refusal; /* what was refused, for the log */
	size_t head_length;  /* bytes of the head, of whole records */
	unsigned id;         /* of the request; 0: no record yet */

	/* The rest is private. */
	unsigned char header[RECORD_HEADER_BYTES];
	size_t header_length; /* bytes of it read */
	size_t content, padding; /* bytes left of this record */
	size_t parameters;
	struct parameter parameter;
};

/* Expects a new request. */
void records_begin(struct records *r);

/*
 * Takes bytes while the state is RECORDS_HEAD. Returns the number of those that
 * belong to the head, if it is not refused; after its end the others are of the
 * body.
 */
size_t records_take_head(struct records *r, const void *bytes, size_t length);

/*
 * Takes bytes while the state is RECORDS_BODY; those after the end of the
 * request are dropped. Moves what belongs to the content of the body to the
 * front and returns its length.
 */
size_t records_take_body(struct records *r, void *bytes, size_t length);

#endif
