/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UTF-8 as RFC 3629 has it: no overlong forms, no surrogates. */
#ifndef REEVE_BASE_UTF8_H
#define REEVE_BASE_UTF8_H

#include <stddef.h>

/*
 * The length, 1 to 4, of the character that starts at bytes, of which left may
 * be read. 0: what stands there is no character.
 */
size_t utf8_length(const char *bytes, size_t left);

/* How many characters a well-formed text has. */
size_t utf8_characters(const char *text);

#endif
