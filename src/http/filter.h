/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Query parameters that select documents of a list (rules/requests 11). */
#ifndef REEVE_HTTP_FILTER_H
#define REEVE_HTTP_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "http/request.h"

/*
 * True if a document matches every filter of the query: filter_KEY=VALUE,
 * filter_not_KEY=VALUE (KEY is a dotted path; VALUE is a text, or a JSON list
 * of alternatives), has_key=KEY, key_missing=KEY, has_value=KEY,
 * value_missing=KEY. Values are compared as texts; a missing one is "". A list
 * in the document matches a text that one of its elements is. Needs some
 * memory of the arena.
 */
bool filter_wants(struct arena *a, const struct request *rq,
    struct json_object *document);

/* True if a filter of the query looks at documents: without one, each document
 * is wanted. */
bool filter_looks_at_documents(const struct request *rq);

/* Gregorian seconds, both ends included; "given" tells which are set. */
struct time_filter {
	int64_t created_from, created_to, modified_from, modified_to;
	bool created_from_given, created_to_given;
	bool modified_from_given, modified_to_given;
};

/* Reads the times from the query. Problems: VALIDATION. */
struct problem *filter_read_times(const struct request *rq,
    struct time_filter *out) MUSTCHECK;

/* True if these Gregorian seconds are in the ranges of the filter. */
bool filter_wants_times(const struct time_filter *filter, int64_t created,
    int64_t modified);

#endif
