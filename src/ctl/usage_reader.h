/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads usage entries from CSV files; a column map turns rows into entries. */
#ifndef REEVE_CTL_USAGE_READER_H
#define REEVE_CTL_USAGE_READER_H

#include "ctl/import_reader.h"

/* The map from columns to fields ("Seconds=usage.quantity,..."), and fields
 * with the same value in every row ("source.service=per-minute-voip,..."). */
struct usage_map {
	const char *columns; /* NULL: columns named like fields */
	const char *constants; /* NULL: none */
};

/*
 * True if every field of a map or a list of constants is a field of usage.
 * False: *wrong names the first that is not; the arena's.
 */
bool usage_map_valid(struct arena *a, const char *pairs, bool field_first,
    const char **wrong) MUSTCHECK;

/*
 * Like import_read, for a CSV file whose first row names the columns. An item's
 * line is the number of its row; the first row is 1. A map that names a missing
 * column is an error, and nothing is read. *error: the arena's.
 */
bool usage_read_csv(struct arena *a, const char *path,
    const struct usage_map *map,
    bool (*each)(void *state, struct arena *item_arena,
    const struct import_item *item), void *state, const char **error) MUSTCHECK;

#endif
