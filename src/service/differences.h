/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What differs between two quantity tables. */
#ifndef REEVE_SERVICE_DIFFERENCES_H
#define REEVE_SERVICE_DIFFERENCES_H

#include "store/services.h"

/* The quantity of an item in a table; false, and 0, where it has none. */
bool quantity_in(struct json_object *table, const char *category,
    const char *item, int64_t *out);

struct difference {
	const char *category;
	const char *item;
	int64_t before; /* 0 where the table has none */
	int64_t after;
};

/* Called for each quantity that differs; false ends it. */
typedef bool difference_fn(void *state, const struct difference *d);

/* False: fn ended it. */
bool each_difference(struct json_object *old, struct json_object *new,
    difference_fn *fn, void *state);

/* How many an account has of an item in all: what is typed in replaces its own. */
int64_t total_of(const struct service *s, const char *category,
    const char *item);

#endif
