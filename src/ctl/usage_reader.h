/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Usage out of CSV files: a column map makes entries of their rows. */
#ifndef REEVE_CTL_USAGE_READER_H
#define REEVE_CTL_USAGE_READER_H

#include "ctl/import_reader.h"

/* Which column is which field ("Seconds=usage.quantity,..."), and fields that
 * are the same in every row ("source.service=per-minute-voip,..."). */
struct usage_map {
	const char *columns; /* NULL: those that bear a field's name */
	const char *constants; /* NULL: none */
};

/*
 * Is every field of a map or list of constants one that usage has? False:
 * *wrong names the first that is not; the arena's.
 */
bool usage_map_valid(struct arena *a, const char *pairs, bool field_first,
    const char **wrong) MUSTCHECK;

/*
 * As import_read, of a CSV file whose first row names the columns; line is the
 * number of the row, the first row being 1. Nothing is read when the map speaks
 * of columns that are not there. *error: the arena's.
 */
bool usage_read_csv(struct arena *a, const char *path,
    const struct usage_map *map,
    bool (*each)(void *state, struct arena *item_arena,
    const struct import_item *item), void *state, const char **error) MUSTCHECK;

#endif
