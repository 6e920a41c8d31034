/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Splits CSV (RFC 4180) into rows and cells, block by block. Blanks around cells
 * are left out, and lines of nothing but blanks; lines end with CR, LF or both.
 * A byte order mark in front of a cell is left out wherever it is: files are
 * joined. A quote within a cell that has none in front stands for itself. Pure.
 */
#ifndef REEVE_CTL_USAGE_ROWS_H
#define REEVE_CTL_USAGE_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

#define USAGE_CELL_MAX (1024 * 1024) /* bytes */

struct usage_rows {
	char delimiter;
	/* Called with each cell, which is lent for the call. */
	void (*take_cell)(void *state, const char *text, size_t length);
	/* Called at the end of each row that has a cell. fault: why it cannot be
	 * read; NULL: it can. */
	void (*end_row)(void *state, const char *fault);
	void *state;
	/* ---- the splitter's own ---- */
	struct buffer cell;
	int where;
	bool begun; /* the row has a cell */
	const char *fault;
};

/* Sets up what is the splitter's own. */
void usage_rows_init(struct usage_rows *r, struct arena *a);

void usage_rows_feed(struct usage_rows *r, const char *block, size_t length);

/* Ends the last row. */
void usage_rows_end(struct usage_rows *r);

/*
 * The delimiter of a text by its first row: the one of "," ";" TAB and "|" that
 * is most frequent outside of quotes; "," if there is none. "sep=;" in front of
 * all says it, as spreadsheets do.
 */
char usage_rows_delimiter(const char *text, size_t length);

#endif
