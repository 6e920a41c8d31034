/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Texts in CSV that a spreadsheet may run as formulas. Such a text is written
 * with an apostrophe in front; a reader that finds one before such a text takes
 * it off again.
 */
#ifndef REEVE_BASE_FORMULA_H
#define REEVE_BASE_FORMULA_H

#include <stdbool.h>

/*
 * True if a text begins with = + - @ TAB or CR, unless the rest is digits,
 * blanks, dots and commas: amounts and phone numbers. Apostrophes in front of
 * it are skipped: they would be taken for ours.
 */
bool is_formula(const char *text);

#endif
