/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A page of a list, as HTTP requests it and stores read it. A list is sorted in
 * one of three ways: by id, by time and then by id or sequence, or by sequence.
 */
#ifndef REEVE_BASE_PAGE_QUERY_H
#define REEVE_BASE_PAGE_QUERY_H

#include <stdbool.h>
#include <stdint.h>

/* The position of an item in its list; members that do not sort the list are
 * ignored. */
struct page_place {
	const char *id;
	int64_t created; /* Gregorian seconds */
	int64_t sequence;
};

struct page_query {
	int64_t from; /* Gregorian seconds, both included: in lists by time */
	int64_t to;
	/*
	 * The first item of the page; id "" and zeroes: the first of the list.
	 */
	struct page_place start;
	bool ascending; /* false: beginning with the last id, or the newest */
	int64_t limit;  /* max items, 1 or more */
};

#endif
