/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Percent-encoding of URIs. */
#ifndef REEVE_HTTP_PERCENT_H
#define REEVE_HTTP_PERCENT_H

#include <stdbool.h>

#include "base/attr.h"

/*
 * Decodes text in place; plus_is_space as in queries. False: a broken escape,
 * or one that stands for NUL.
 */
bool percent_decode(char *text, bool plus_is_space) MUSTCHECK;

/* Well-formed UTF-8 from end to end (base/utf8.h). */
bool percent_is_utf8(const char *text);

#endif
