/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All that reevectl prints. Names and other texts come from clients and files:
 * none of them may drive the reader's terminal, or look like a line of its own.
 * t/check/printing lets no other file of this floor print.
 */
#ifndef REEVE_CTL_PRINT_H
#define REEVE_CTL_PRINT_H

#include <stdarg.h>
#include <stdio.h>

#include "base/attr.h"

/*
 * Prints as vfprintf() does, but each %s in one line: control characters, what
 * changes the direction of a line, and a backslash become escapes (\n, \u001b,
 * \\), bytes that are not UTF-8 \xNN. The format itself is printed as it is. It
 * may contain %s, %c, %d, %u and %%, with -, 0, a width, a precision and ll, l
 * or z.
 */
void ctl_vprint(FILE *to, const char *format, va_list args)
    PRINTF(2, 0);

/* The same, on standard output. */
void ctl_print(const char *format, ...) PRINTF(1, 2);

/* The same, on standard error. */
void ctl_tell(const char *format, ...) PRINTF(1, 2);

/*
 * Prints JSON or CSV, which has lines of its own: newlines and TAB stay, the
 * other characters that ctl_vprint() escapes become \uNNNN, which JSON reads as
 * the same text, and bytes that are not UTF-8 \ufffd.
 */
void ctl_put_document(FILE *to, const char *text);

/* The same and a newline, on standard output. */
void ctl_print_document(const char *text);

#endif
