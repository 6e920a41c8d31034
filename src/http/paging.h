/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time ranges and pages of lists (rules/requests 12 to 14). */
#ifndef REEVE_HTTP_PAGING_H
#define REEVE_HTTP_PAGING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/page_query.h"
#include "http/request.h"

struct time_range {
	int64_t from; /* Gregorian seconds, both ends included */
	int64_t to;
	bool to_given; /* the request has created_to */
};

/*
 * Reads created_from and created_to. By default to is now, and from is max_s
 * before to. Problems: VALIDATION, with the parameter's name, if it is not a
 * whole number above 0, or if the range is reversed or longer than max_s
 * (max_open_s without created_to).
 */
struct problem *time_range_read(const struct request *rq, int64_t now,
    int64_t max_s, int64_t max_open_s, struct time_range *out) MUSTCHECK;

/* Reads a time in Gregorian seconds. Problems: VALIDATION, with its name. */
struct problem *moment_read(const struct request *rq, const char *name,
    bool *given, int64_t *out) MUSTCHECK;

struct page {
	bool whole;   /* paginate=false: everything in the range */
	int64_t size; /* max items, unless whole */
	struct page_query query; /* start, ascending; the caller sets the rest */
};

/* Reads page_size, paginate, ascending, descending, and the unchanged start_key
 * ("" if there is none) as start.id. */
struct problem *page_read(const struct request *rq, int64_t default_size,
    int64_t max_size, struct page *out) MUSTCHECK;

/* The same for a list sorted by time and sequence, with keys of page_key(). */
struct problem *page_read_placed(const struct request *rq,
    int64_t default_size, int64_t max_size, struct page *out) MUSTCHECK;

/* The same for entries of several accounts (the id of their places), with keys
 * of page_entry_key(). */
struct problem *page_read_entries(const struct request *rq,
    int64_t default_size, int64_t max_size, struct page *out) MUSTCHECK;

/* Makes the opaque start_key of an item. */
const char *page_key(struct arena *a, int64_t created, int64_t sequence);
const char *page_entry_key(struct arena *a, const struct page_place *place);

/* Makes the 400 for a start_key that does not belong to its list. */
struct problem *page_key_unknown(struct arena *a);

#endif
