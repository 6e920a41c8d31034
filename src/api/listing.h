/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists, page by page: filtered, and as short as a list shows things. */
#ifndef REEVE_API_LISTING_H
#define REEVE_API_LISTING_H

#include "api/call.h"
#include "base/page_query.h"
#include "http/paging.h"

/* One item of a list. */
struct list_item {
	struct page_place place; /* created 0: not known */
	int64_t modified; /* Gregorian seconds, 0: not known */
	struct json_object *whole; /* what filters look at; the arena's */
	const char *text; /* its shown form as JSON, instead of whole; the
	                     arena's */
};

struct list_page {
	size_t count;
	struct list_item *items;
	/*
	 * Of a read that ended before its limit, though there may be more:
	 * where to go on, with this place; the call's arena's. enough: not for
	 * this page, which is short.
	 */
	struct page_place *rest;
	bool enough;
};

/* The order of a list, which decides the form of its start_keys. */
enum listing_order {
	LISTING_BY_ID,
	LISTING_BY_MOMENT, /* and id; of the time range that is asked for */
	LISTING_BY_PLACE, /* moment and sequence; likewise */
	LISTING_BY_ENTRY, /* moment, account (the id) and sequence; likewise */
	LISTING_BY_SEQUENCE
};

/* The source and form of a list. */
struct listing {
	const char *file_name; /* of a CSV download */
	enum listing_order order;
	bool keyed; /* an object of members by id, not an array */
	bool unfiltered; /* filters are ignored */
	bool at_once; /* a page, too, is read in one snapshot */
	/* Its result, and that of shown, is on the arena of this call, which
	 * is emptied before the next read. */
	struct problem *(*read)(struct call *c, void *state,
	    const struct page_query *query, struct list_page *out);
	/* The shown form of an item without a text. NULL: the whole item. */
	struct json_object *(*shown)(struct call *c, void *state,
	    struct json_object *whole);
	void *state;
	/* Of lists by time, where it is not max_range at most; NULL: it is, and
	 * is read from the query. */
	const struct time_range *range;
};

/*
 * Writes the page that is asked for (page_size, start_key, paginate, ascending,
 * filters; created_from and created_to of a list by moment) as an array, or as
 * an object. The whole list (paginate=false) is that of one moment; beyond a
 * mebibyte it is sent while it is read, in constant memory. Problems:
 * VALIDATION naming the parameter; TOO_LARGE (columns of CSV).
 */
struct problem *listing_answer(struct call *c, const struct listing *listing)
    MUSTCHECK;

/* The members of a document whose names are listed, separated by blanks; the
 * arena's. */
struct json_object *members_named(struct arena *a, struct json_object *whole,
    const char *names);

#endif
