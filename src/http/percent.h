/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Percent-encoding of URIs. */
#ifndef REEVE_HTTP_PERCENT_H
#define REEVE_HTTP_PERCENT_H

#include <stdbool.h>

#include "base/attr.h"

/*
 * Decodes text in place; plus_is_space: '+' is a blank, as in queries. False:
 * an invalid escape, or one for NUL.
 */
bool percent_decode(char *text, bool plus_is_space) MUSTCHECK;

#endif
