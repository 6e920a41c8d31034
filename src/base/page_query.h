/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which part of a list is wanted: what HTTP asks for, and what stores look at.
 * Every list is ordered in one of three ways: by id, by moment and then by id or
 * sequence, or by sequence.
 */
#ifndef REEVE_BASE_PAGE_QUERY_H
#define REEVE_BASE_PAGE_QUERY_H

#include <stdbool.h>
#include <stdint.h>

/* The place of an item in its list; members that do not order it are not
 * looked at. */
struct page_place {
	const char *id;
	int64_t created; /* Gregorian seconds */
	int64_t sequence;
};

struct page_query {
	int64_t from; /* Gregorian seconds, both included: of lists by moment */
	int64_t to;
	/* The first item that is wanted; id "" and zeroes: from the first. */
	struct page_place start;
	bool ascending; /* else from the last id, or the newest */
	int64_t limit;  /* at most so many items, 1 or more */
};

#endif
