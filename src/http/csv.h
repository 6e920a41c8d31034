/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists as comma-separated values (rules/requests 10, RFC 4180). A header names
 * the columns of all rows, so there are two rounds: the first notes the columns
 * of each row, the second writes. Rows need not be kept in between.
 */
#ifndef REEVE_HTTP_CSV_H
#define REEVE_HTTP_CSV_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

#define CSV_COLUMNS_MAX 500
#define CSV_NAMES_MAX 65536 /* bytes of all names together */

struct csv_style {
	bool raw;  /* texts that look like formulas have no apostrophe */
	bool mark; /* a byte order mark begins the table */
};

struct csv;

/* Makes a table without columns. */
struct csv *csv_new(struct arena *a, struct csv_style style);

/*
 * Notes the columns of a row, in the order of their first appearance. Nested
 * keys are joined by '_', behind the prefix ("": none). False: they are more
 * than the bounds above allow; the time for that does not grow with the row.
 */
bool csv_note(struct csv *csv, const char *prefix, struct json_object *row)
    MUSTCHECK;

void csv_write_header(struct csv *csv, struct buffer *out);

/* Writes a row whose columns were noted. */
void csv_write_row(struct csv *csv, struct buffer *out,
    struct json_object *row);

/*
 * Writes a header and one row per element of an array (or one for an object).
 * *rows: the rows below the header; 0: nothing was written. False: there are
 * too many columns.
 */
bool csv_write(struct buffer *out, struct json_object *data,
    struct csv_style style, size_t *rows) MUSTCHECK;

#endif
