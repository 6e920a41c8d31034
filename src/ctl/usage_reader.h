/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads usage entries from CSV files; a column map turns rows into entries. */
#ifndef REEVE_CTL_USAGE_READER_H
#define REEVE_CTL_USAGE_READER_H

#include "ctl/import_reader.h"
#include "ctl/usage_map.h"

/* The form of a file of CSV. */
struct usage_csv {
	struct usage_map map;
	const char *encoding; /* NULL: what a byte order mark says, or UTF-8 */
	char delimiter;       /* NUL: what the first row seems to have */
};

/*
 * Like import_read, for a CSV file whose first row names the columns. An item's
 * line is the number of its row; the first row is 1. Nothing is guessed: a row
 * with another number of columns is refused, and one with an empty cell where
 * a default would change what is charged, or when. A map that names a missing
 * column is an error, and so are two columns for one field; then nothing is
 * read. *error: the arena's.
 */
bool usage_read_csv(struct arena *a, const char *path,
    const struct usage_csv *csv,
    bool (*each)(void *state, struct arena *item_arena,
    const struct import_item *item), void *state, const char **error) MUSTCHECK;

#endif
