/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The class of a phone number in price plans: the first of an ordered list whose
 * expression the number matches (rules/counting 5). Pure.
 */
#ifndef REEVE_BILLING_NUMBER_CLASS_H
#define REEVE_BILLING_NUMBER_CLASS_H

#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"

/* The class of a number that matches none. */
#define NUMBER_CLASS_UNKNOWN "unknown"

struct number_classes;

/*
 * Reads a list as a configuration writes it, "name:expression name:expression",
 * whose expressions are POSIX extended ones without blanks; the
 * arena's. NULL: it cannot be read, *why says at which name.
 */
struct number_classes *number_classes_read(struct arena *a, const char *text,
    const char **why);

/* The name of a class, by number, and its expression; lent by the list. NULL:
 * that was the last. */
const char *number_class_at(const struct number_classes *classes, size_t index,
    const char **expression);

/* The class of a number (as its object's id); lent by the list. */
const char *number_class(const struct number_classes *classes,
    const char *number);

#endif
