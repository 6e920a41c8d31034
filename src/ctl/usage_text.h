/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text of a file of usage as UTF-8, whatever its encoding. Bytes that its
 * encoding does not have become 0xff, which UTF-8 does not have either: their
 * row is refused, and the others are read.
 */
#ifndef REEVE_CTL_USAGE_TEXT_H
#define REEVE_CTL_USAGE_TEXT_H

#include <iconv.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/attr.h"

#define USAGE_TEXT_BLOCK 65536

struct usage_text {
	FILE *file;
	iconv_t converter; /* (iconv_t)-1: it is UTF-8 already */
	size_t unit;       /* bytes of the shortest character */
	char left[USAGE_TEXT_BLOCK]; /* read, and not converted yet */
	size_t left_length;
	bool ended;        /* nothing is left in the file */
	int64_t offset;    /* bytes of the file that were read */
};

/* True if there is an encoding of this name ("utf-16", "latin-1", ...). */
bool usage_text_knows(const char *encoding) MUSTCHECK;

/*
 * Opens a file. encoding NULL: UTF-16 or UTF-32 if a byte order mark says so,
 * else UTF-8. False: errno says why.
 */
bool usage_text_open(struct usage_text *t, const char *path,
    const char *encoding) MUSTCHECK;

/* Reads the next block of text. *length 0: the end. False: errno says why. */
bool usage_text_read(struct usage_text *t, char block[USAGE_TEXT_BLOCK],
    size_t *length) MUSTCHECK;

void usage_text_close(struct usage_text *t);

#endif
