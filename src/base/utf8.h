/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UTF-8 of RFC 3629: no overlong forms, no surrogates. */
#ifndef REEVE_BASE_UTF8_H
#define REEVE_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* The byte order mark that some editors put before a text. */
#define UTF8_MARK "\xef\xbb\xbf"
#define UTF8_MARK_LENGTH (sizeof(UTF8_MARK) - 1)

/*
 * Returns the length, 1 to 4, of the character at bytes, reading at most left
 * bytes; 0: not a character.
 */
size_t utf8_length(const char *bytes, size_t left);

/* True if all of a text is characters. */
bool utf8_is_valid(const char *text);

/* Counts the characters of a valid text. */
size_t utf8_characters(const char *text);

#endif
