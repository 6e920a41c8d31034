/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads values of a JSON text where they stand, without a tree: in constant
 * memory, each byte at most once. It is for stored documents, which were checked
 * when they were written: of a text that is not JSON it may find anything,
 * but it stays within the text and comes to an end.
 */
#ifndef REEVE_BASE_JSON_WALK_H
#define REEVE_BASE_JSON_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"

/* One value as it stands in a text: lent by that text. */
struct json_span {
	const char *at; /* NULL: there is none */
	size_t length;
};

/* A place in a text: a value is at hand. */
struct json_walk {
	const char *at;
	const char *end;
};

struct json_walk json_walk_begin(const char *text, size_t length);

/* Enters the object ('{') or array ('[') at hand. False: the value at hand is
 * another. */
bool json_walk_enter(struct json_walk *w, char bracket);

/*
 * Goes on to the next value of the object or array that was entered, when the
 * one before has been skipped, or entered and left. False: it has ended, and was
 * left. *name is a member's name as it is written, without its quotes.
 */
bool json_walk_member(struct json_walk *w, struct json_span *name);
bool json_walk_element(struct json_walk *w);

/* Skips the value at hand and returns it. */
struct json_span json_walk_skip(struct json_walk *w);

/* True if a member's name is this one. */
bool json_span_is(const struct json_span *name, const char *text);

/* Goes to the value at a dotted path in the object at hand, as json_at() does.
 * False: it is missing or null; the place is lost. */
bool json_walk_to(struct json_walk *w, const char *path);

/* The value there, or none. */
struct json_span json_span_at(const char *text, size_t length,
    const char *path);

/* The text of a string; the arena's. NULL: it is none. */
const char *json_span_string(struct arena *a, const struct json_span *value);

/* Reads a whole number as json_int_at() does. False: it is none. */
bool json_span_int(struct arena *a, const struct json_span *value,
    int64_t *out) MUSTCHECK;

#endif
