/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows in a temporary file that are read again in the order of their keys: an
 * external sort, whose memory does not grow with the rows. The files are in
 * TMPDIR, or in /tmp, and have no name: nothing of them stays when the program
 * ends, however it ends.
 */
#ifndef REEVE_CTL_SPOOL_H
#define REEVE_CTL_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/attr.h"

/* Opens such a file, to write and to read. NULL: errno says why. */
FILE *spool_file(void);

struct spool;

struct spool_row {
	const char *key;   /* both are lent until the next row is read */
	const char *value;
	size_t length; /* bytes of the value, which ends in NUL as well */
};

struct spool *spool_new(void);

/* Closes the files, frees *s and sets it to NULL. */
void spool_free(struct spool **s);

/* Adds a row, before the first one is read. */
void spool_add(struct spool *s, const char *key, const char *value,
    size_t length);

/* Goes to the first row, by strcmp() of the keys; rows of equal keys stay in the
 * order in which they were added. Nothing can be added from here on. */
void spool_rewind(struct spool *s);

/* Reads the next row. False: there is none, or the spool failed. */
bool spool_next(struct spool *s, struct spool_row *out) MUSTCHECK;

/* The reason why a file could not be written or read; NULL: all went well. The
 * functions above do nothing after a failure: it is asked for once at the end. */
const char *spool_failure(const struct spool *s);

#endif
