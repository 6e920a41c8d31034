/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fields of usage, and the map that turns rows of CSV into entries. */
#ifndef REEVE_CTL_USAGE_MAP_H
#define REEVE_CTL_USAGE_MAP_H

#include <json-c/json.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"

/* The map from columns to fields ("Seconds=usage.quantity,..."), and fields
 * with the same value in every row ("source.service=per-minute-voip,..."). */
struct usage_map {
	const char *columns; /* NULL: columns named like fields */
	const char *constants; /* NULL: none */
};

/*
 * Takes the next "LEFT=RIGHT" off a comma-separated list, which it changes.
 * Without '=' *right is "". False: the list is at its end.
 */
bool usage_map_next(char **rest, const char **left, const char **right);

/* Why a map or a list of constants cannot be used; NULL: it can. The
 * arena's. */
const char *usage_map_fault(struct arena *a, const char *pairs,
    bool field_first);

/* The field of a column, by the map, its own name or that of the API's CSV;
 * NULL: none. Lent by the map's copy on the arena, or the name. */
const char *usage_map_field(struct arena *a, const struct usage_map *map,
    const char *column);

/* True if the field has the same value in every row. */
bool usage_map_is_constant(struct arena *a, const struct usage_map *map,
    const char *field);

/*
 * Sets a field of an entry; a dot leads to a member of a member, as in
 * "usage.quantity". A text that is not the number or moment that its field needs
 * stays a text, which the schema refuses.
 */
void usage_map_put(struct arena *a, struct json_object *entry,
    const char *field, const char *text);

/* Sets the fields with the same value in every row. */
void usage_map_put_constants(struct arena *a, const struct usage_map *map,
    struct json_object *entry);

#endif
