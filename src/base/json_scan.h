/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tokens of JSON: strings, numbers and words, checked where they stand. */
#ifndef REEVE_BASE_JSON_SCAN_H
#define REEVE_BASE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buffer.h"

/* No useful number is longer; the limit keeps conversions out of the heap. */
#define NUMBER_MAX 255

struct scan {
	const char *text;
	size_t length;
	size_t at;
	const char *reason; /* of the failure; NULL: none */
};

/* The text between the quotes of a string, as it is written; lent. */
struct scanned_string {
	const char *text;
	size_t length;
	bool escaped; /* it has escapes */
};

struct scanned_number {
	char text[NUMBER_MAX + 1];
	bool whole;      /* it has neither fraction nor exponent */
	int64_t integer; /* of a whole one */
	double real;     /* of another */
};

/* Sets the reason of the failure; returns false. */
bool scan_refuse(struct scan *s, const char *reason);

/*
 * Skips white space and returns the next byte; NUL at the end, where no valid
 * token begins or continues.
 */
char scan_next(struct scan *s);

/*
 * Scan a token that begins at s->at, and stop after it. False: s->reason says
 * why, s->at where.
 */
bool scan_string(struct scan *s, struct scanned_string *out) MUSTCHECK;
bool scan_number(struct scan *s, struct scanned_number *out) MUSTCHECK;

/* The same for this word; false: it is not there, and nothing was scanned. */
bool scan_word(struct scan *s, const char *word) MUSTCHECK;

/* Appends the characters that a string stands for. */
void scan_decode(const struct scanned_string *string, struct buffer *out);

#endif
