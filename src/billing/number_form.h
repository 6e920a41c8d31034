/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The normal form of phone numbers: +COUNTRY..., whatever way they are written.
 * Every number that is stored or looked up passes through here (rules/ports 1).
 * Pure.
 */
#ifndef REEVE_BILLING_NUMBER_FORM_H
#define REEVE_BILLING_NUMBER_FORM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/* How numbers are dialled where the installation is. */
struct number_plan {
	int64_t country;   /* its code: 1 is the North American plan */
	const char *trunk; /* what a national number begins with, and +COUNTRY
	                      replaces; "": nothing. Ignored where country is 1 */
};

/*
 * The normal form; the arena's. Numbers of up to six digits without "+" stay as
 * they are dialled. NULL: the text is no phone number.
 */
const char *number_form(struct arena *a, const struct number_plan *plan,
    const char *text);

/* Is a normal form a whole number: its country, and 7 to 15 digits with it, 11 in
 * the North American plan? Emergency and short numbers are not. */
bool number_is_whole(const char *form);

#endif
