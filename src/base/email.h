/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The form of e-mail addresses. */
#ifndef REEVE_BASE_EMAIL_H
#define REEVE_BASE_EMAIL_H

#include <stdbool.h>

/*
 * True for LOCAL@DOMAIN that can stand in a mail's head as it is: without blanks,
 * control characters, quotes and the marks between addresses. The domain has
 * letters, digits and hyphens, of any script, and single dots within it.
 */
bool email_is_valid(const char *text);

#endif
