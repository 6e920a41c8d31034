/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The elements of a batch as texts. A tree of all of them would take several
 * times the memory of the body, so they are found first and parsed one by one.
 */
#ifndef REEVE_HTTP_ELEMENTS_H
#define REEVE_HTTP_ELEMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"

struct element {
	const char *text;
	size_t length;
	size_t line; /* from 1; 0: it is part of an envelope */
};

struct elements {
	size_t count;
	struct element *list;
	size_t room; /* of list */
};

/*
 * Finds the elements of an envelope's "data". *begin and *end are the offsets of
 * what stands between its brackets. False: the text is no object that has one
 * list of this name, a name is escaped (it may be "data", too), or its form is
 * broken. Only the form is looked at: strings,
 * brackets and commas. Texts are lent.
 */
bool elements_of_envelope(struct arena *a, const char *text, size_t length,
    struct elements *out, size_t *begin, size_t *end) MUSTCHECK;

/* Finds the lines that are not blank. Each is given whole, so that a place in it
 * counts from its beginning. */
void elements_of_lines(struct arena *a, const char *text, size_t length,
    struct elements *out);

#endif
