/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attributes of the compiler. Includes nothing. */
#ifndef REEVE_BASE_ATTR_H
#define REEVE_BASE_ATTR_H

#define MUSTCHECK __attribute__((warn_unused_result))
#define PRINTF(text, first) __attribute__((format(printf, text, first)))
#define NORETURN __attribute__((noreturn))

#define NELEM(array) (sizeof(array) / sizeof((array)[0]))

#endif
