/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists by id, page by page: filtered, and as short as a list shows things. */
#ifndef REEVE_API_LISTING_H
#define REEVE_API_LISTING_H

#include "api/call.h"

/* One thing of a list. */
struct listed {
	const char *id;
	int64_t created;  /* Gregorian seconds, 0: not known */
	int64_t modified;
	struct json_object *whole; /* what filters look at; the arena's */
};

struct listed_page {
	size_t count;
	struct listed *items;
};

/* Where a list comes from. */
struct listing {
	const char *file_name; /* of a CSV download */
	size_t key_max; /* bytes of a start_key; 0: as many as an id has */
	bool keyed; /* an object of members by id, not an array */
	/* Up to limit things by id, from the id at ("": the first). */
	struct problem *(*read)(struct call *c, void *state, const char *at,
	    bool ascending, int64_t limit, struct listed_page *out);
	/* What the list shows of one; the arena's. NULL: all of it. */
	struct json_object *(*shown)(struct call *c, void *state,
	    struct json_object *whole);
	void *state;
};

/*
 * Writes the page that is asked for (page_size, start_key, paginate, ascending,
 * filters) as an array, or as an object. Problems: VALIDATION naming the
 * parameter.
 */
struct problem *listing_answer(struct call *c, const struct listing *listing)
    MUSTCHECK;

/* The key of a list by moment and id, and what it says; "": at_id "". Problems:
 * VALIDATION, for a key that is none. */
#define LISTING_MOMENT_KEY_MAX 96
const char *listing_moment_key(struct call *c, int64_t created,
    const char *id);
struct problem *listing_read_moment_key(struct call *c, const char *key,
    int64_t *at_created, const char **at_id) MUSTCHECK;

/* Those of a document's members that are named, with blanks; the arena's. */
struct json_object *members_named(struct arena *a, struct json_object *whole,
    const char *names);

#endif
