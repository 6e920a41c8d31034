/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tokens of JSON: strings, numbers and words, checked where they stand. */
#ifndef REEVE_BASE_JSON_SCAN_H
#define REEVE_BASE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scan {
	const char *text;
	size_t length;
	size_t at;
	unsigned depth;
	int64_t values;     /* that may still come; below 0: too many */
	size_t bytes;       /* of the tree so far */
	const char *reason; /* of the failure; NULL: none */
};

/* Sets the reason of the failure; returns false. */
bool scan_refuse(struct scan *s, const char *reason);

/* Scan a token that begins at s->at, and stop after it. */
bool scan_string(struct scan *s);
bool scan_number(struct scan *s);
bool scan_word(struct scan *s);

#endif
