/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds values of JSON in a file by their brackets and quotes, without building
 * them: a list of any length is read with one element in memory. Knows nothing
 * of what is valid within a value.
 */
#ifndef REEVE_CTL_IMPORT_SCAN_H
#define REEVE_CTL_IMPORT_SCAN_H

#include <stdbool.h>
#include <stdio.h>

#include "base/attr.h"
#include "base/buffer.h"

/* The next byte that is not blank; it stays in the file. EOF: there is none. */
int import_scan_peek(FILE *file);

/* Takes the next byte that is not blank, if it is this one. */
bool import_scan_take(FILE *file, int byte);

/* Passes over one value, and adds it to the text, unless that is NULL. False: no
 * value begins here, or the file ends within it. */
bool import_scan_value(FILE *file, struct buffer *text) MUSTCHECK;

/*
 * Passes over an object up to the first element of its member "docs" or "rows",
 * a list; *in_rows tells which. False: it is not such an object. The arena is for
 * the names of members.
 */
bool import_scan_list(FILE *file, struct arena *a, bool *in_rows) MUSTCHECK;

/* Passes over the rest of the object, behind the last element of the list.
 * False: it does not end as objects do. */
bool import_scan_list_end(FILE *file) MUSTCHECK;

#endif
