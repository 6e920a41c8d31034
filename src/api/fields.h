/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The members that answers are reduced to: fields=id,name of the query, or a
 * JSON list of names, each a dotted path. A list has them of each document;
 * members that a document lacks are left out.
 */
#ifndef REEVE_API_FIELDS_H
#define REEVE_API_FIELDS_H

#include "api/call.h"

#define FIELDS_MAX 100

struct fields {
	size_t count;
	const char *paths[FIELDS_MAX];
};

/* Sets c->fields. Problems: VALIDATION naming "fields": no list of names, or too
 * long. */
struct problem *fields_read(struct call *c) MUSTCHECK;

/* A document with these fields alone, in their order; the arena's. Other values
 * stay what they are. */
struct json_object *fields_pick(struct arena *a, const struct fields *fields,
    struct json_object *document);

/* Reduces the data of an answer that is not a listing, which does it by itself. The
 * ETag remains that of the whole document. */
void fields_reduce(const struct call *c);

#endif
