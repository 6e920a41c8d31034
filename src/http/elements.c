/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "http/elements.h"

#include <string.h>
#include <strings.h>

#define FIRST_ROOM 64

static void
add(struct arena *a, struct elements *e, const struct element *element)
{
	struct element *longer;

	if (e->count == e->room) {
		e->room = e->room == 0 ? FIRST_ROOM : 2 * e->room;
		longer = arena_alloc(a, e->room * sizeof(*longer));
		if (e->count > 0)
			memcpy(longer, e->list, e->count * sizeof(*longer));
		e->list = longer;
	}
	e->list[e->count++] = *element;
}

/* ---- an envelope ---- */

struct walk {
	const char *text;
	size_t length;
	size_t at;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Skips blanks and returns the next byte; NUL at the end. */
static char
next(struct walk *w)
{
	while (w->at < w->length && is_blank(w->text[w->at]))
		w->at++;
	return w->at < w->length ? w->text[w->at] : '\0';
}

static bool
take(struct walk *w, char c)
{
	if (next(w) != c)
		return false;
	w->at++;
	return true;
}

static bool
skip_string(struct walk *w)
{
	for (w->at++; w->at < w->length; w->at++) {
		if (w->text[w->at] == '"') {
			w->at++;
			return true;
		}
		if (w->text[w->at] == '\\')
			w->at++;
	}
	return false;
}

/* Skips to the comma or bracket that ends a value. False: the text ends. */
static bool
skip_value(struct walk *w)
{
	size_t depth = 0;

	while (w->at < w->length) {
		switch (w->text[w->at]) {
		case '"':
			if (!skip_string(w))
				return false;
			continue;
		case '{': case '[':
			depth++;
			break;
		case '}': case ']':
			if (depth == 0)
				return true;
			depth--;
			break;
		case ',':
			if (depth == 0)
				return true;
			break;
		}
		w->at++;
	}
	return false;
}

/* Adds the elements up to the closing bracket, which is not skipped. */
static bool
add_elements(struct arena *a, struct walk *w, struct elements *out)
{
	size_t start, end;

	if (next(w) == ']')
		return true;
	for (;;) {
		next(w);
		start = w->at;
		if (!skip_value(w))
			return false;
		for (end = w->at; end > start && is_blank(w->text[end - 1]);)
			end--;
		if (end == start)
			return false;
		add(a, out, &(struct element){ w->text + start, end - start,
		    0 });
		if (!take(w, ','))
			return next(w) == ']';
	}
}

/* True if the member's name, with its quotes, is "data" in any case. */
static bool
is_data(const char *name, size_t length)
{
	return length == strlen("\"data\"") &&
	    strncasecmp(name, "\"data\"", length) == 0;
}

bool
elements_of_envelope(struct arena *a, const char *text, size_t length,
    struct elements *out, size_t *begin, size_t *end)
{
	struct walk w = { text, length, 0 };
	bool found = false;
	size_t name;

	*out = (struct elements){ 0 };
	if (!take(&w, '{'))
		return false;
	do {
		if (next(&w) != '"')
			return false;
		name = w.at;
		if (!skip_string(&w) || memchr(text + name, '\\', w.at - name))
			return false;
		if (is_data(text + name, w.at - name)) {
			if (found || !take(&w, ':') || !take(&w, '['))
				return false;
			found = true;
			*begin = w.at;
			if (!add_elements(a, &w, out))
				return false;
			*end = w.at++;
			next(&w);
		} else if (!skip_value(&w)) {
			return false;
		}
	} while (take(&w, ','));
	return found && next(&w) == '}';
}

/* ---- lines ---- */

void
elements_of_lines(struct arena *a, const char *text, size_t length,
    struct elements *out)
{
	const char *at = text, *end = text + length, *stop, *first;
	size_t line;

	*out = (struct elements){ 0 };
	for (line = 1; at < end; at = stop + 1, line++) {
		stop = memchr(at, '\n', (size_t)(end - at));
		if (stop == NULL)
			stop = end;
		for (first = at; first < stop && is_blank(*first);)
			first++;
		if (first < stop)
			add(a, out, &(struct element){ at,
			    (size_t)(stop - at), line });
	}
}
