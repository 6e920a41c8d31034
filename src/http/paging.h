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
	bool to_given; /* the client named the end */
};

/*
 * Reads created_from and created_to. Defaults: to is now, from is max_s before
 * to. Validation problems name the parameter: not a whole number above 0, the
 * wrong way round, or farther apart than max_s (max_open_s when created_to was
 * not given).
 */
struct problem *time_range_read(const struct request *rq, int64_t now,
    int64_t max_s, int64_t max_open_s, struct time_range *out) MUSTCHECK;

/* Reads one moment, Gregorian seconds. Problems: VALIDATION, naming it. */
struct problem *moment_read(const struct request *rq, const char *name,
    bool *given, int64_t *out) MUSTCHECK;

struct page {
	bool whole;   /* paginate=false: everything in the range */
	int64_t size; /* most items, when not whole */
	struct page_query query; /* start and ascending; the rest is the caller's */
};

/* Reads page_size, paginate, ascending, descending, and as start.id the
 * start_key as it came, "" when there is none. */
struct problem *page_read(const struct request *rq, int64_t default_size,
    int64_t max_size, struct page *out) MUSTCHECK;

/* The same for a list by moment and sequence, whose keys page_key makes. */
struct problem *page_read_placed(const struct request *rq,
    int64_t default_size, int64_t max_size, struct page *out) MUSTCHECK;

/* The opaque start_key of an item. */
const char *page_key(struct arena *a, int64_t created, int64_t sequence);

/* What to say of a start_key that is none of its list: 400. */
struct problem *page_key_unknown(struct arena *a);

#endif
