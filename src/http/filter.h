/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which documents of a list a client wants (rules/requests 11). */
#ifndef REEVE_HTTP_FILTER_H
#define REEVE_HTTP_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "http/request.h"

/*
 * Does a document fit every filter of the query? filter_KEY=VALUE,
 * filter_not_KEY=VALUE (KEY a dotted path; VALUE a text, or a JSON list of
 * which one is meant), has_key=KEY, key_missing=KEY, has_value=KEY,
 * value_missing=KEY. Values are compared as texts, nothing being "".
 */
bool filter_wants(const struct request *rq, struct json_object *document);

/* Gregorian seconds, both ends included; where given. */
struct time_filter {
	int64_t created_from, created_to, modified_from, modified_to;
	bool created_from_given, created_to_given;
	bool modified_from_given, modified_to_given;
};

/* What the query says of them. Problems: VALIDATION. */
struct problem *filter_read_times(const struct request *rq,
    struct time_filter *out) MUSTCHECK;

/* Was it created and modified (Gregorian seconds) then? */
bool filter_wants_times(const struct time_filter *filter, int64_t created,
    int64_t modified);

#endif
