/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/json_walk.h"

#include <string.h>

#include "base/json.h"

struct json_walk
json_walk_begin(const char *text, size_t length)
{
	return (struct json_walk){ text, text + length };
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Skips blanks and returns the next byte; NUL at the end. */
static char
peek(struct json_walk *w)
{
	while (w->at < w->end && is_blank(*w->at))
		w->at++;
	return w->at < w->end ? *w->at : '\0';
}

/* Reading ends where the text is not JSON. */
static bool
give_up(struct json_walk *w)
{
	w->at = w->end;
	return false;
}

/* Returns the end of a string, behind its quote; from: behind the first. */
static const char *
string_end(const char *from, const char *end)
{
	const char *at = from, *quote, *slash;

	for (;; at = quote + 1) {
		quote = memchr(at, '"', (size_t)(end - at));
		if (quote == NULL)
			return end;
		for (slash = quote; slash > at && slash[-1] == '\\'; slash--)
			continue;
		if ((quote - slash) % 2 == 0)
			return quote + 1;
	}
}

/* Returns the end of an object or array. */
static const char *
brackets_end(const char *at, const char *end)
{
	size_t depth = 0;

	while (at < end) {
		switch (*at++) {
		case '"':
			at = string_end(at, end);
			break;
		case '{': case '[':
			depth++;
			break;
		case '}': case ']':
			if (--depth == 0)
				return at;
			break;
		}
	}
	return end;
}

static const char *
scalar_end(const char *at, const char *end)
{
	while (at < end && !is_blank(*at) && *at != ',' && *at != ']' &&
	    *at != '}')
		at++;
	return at;
}

bool
json_walk_enter(struct json_walk *w, char bracket)
{
	if (peek(w) != bracket)
		return false;
	w->at++;
	return true;
}

/* Goes to the next member or element. False: there was the bracket. */
static bool
go_on(struct json_walk *w, char bracket)
{
	char c = peek(w);

	if (c == ',') {
		w->at++;
		c = peek(w);
	}
	if (c == bracket) {
		w->at++;
		return false;
	}
	return c != '\0' || give_up(w);
}

bool
json_walk_member(struct json_walk *w, struct json_span *name)
{
	if (!go_on(w, '}'))
		return false;
	if (*w->at != '"')
		return give_up(w);
	name->at = w->at + 1;
	w->at = string_end(name->at, w->end);
	name->length = (size_t)(w->at - name->at);
	if (name->length > 0)
		name->length--;
	if (peek(w) != ':')
		return give_up(w);
	w->at++;
	return true;
}

bool
json_walk_element(struct json_walk *w)
{
	return go_on(w, ']');
}

struct json_span
json_walk_skip(struct json_walk *w)
{
	char c = peek(w);
	struct json_span value = { .at = w->at };

	if (c == '"')
		w->at = string_end(w->at + 1, w->end);
	else if (c == '{' || c == '[')
		w->at = brackets_end(w->at, w->end);
	else
		w->at = scalar_end(w->at, w->end);
	value.length = (size_t)(w->at - value.at);
	if (value.length == 0) {
		value.at = NULL;
		give_up(w);
	}
	return value;
}

bool
json_span_is(const struct json_span *name, const char *text)
{
	return strlen(text) == name->length &&
	    memcmp(name->at, text, name->length) == 0;
}

/* Goes to the value of a member of the object at hand. */
static bool
go_to_member(struct json_walk *w, const struct json_span *wanted)
{
	struct json_span name;

	if (!json_walk_enter(w, '{'))
		return false;
	while (json_walk_member(w, &name)) {
		if (name.length == wanted->length &&
		    memcmp(name.at, wanted->at, name.length) == 0)
			return true;
		json_walk_skip(w);
	}
	return false;
}

bool
json_walk_to(struct json_walk *w, const char *path)
{
	struct json_span name;

	for (;; path += name.length + 1) {
		name = (struct json_span){ path, strcspn(path, ".") };
		if (!go_to_member(w, &name))
			return false;
		if (path[name.length] == '\0')
			return peek(w) != '\0' && *w->at != 'n';
	}
}

struct json_span
json_span_at(const char *text, size_t length, const char *path)
{
	struct json_walk w = json_walk_begin(text, length);

	return json_walk_to(&w, path) ? json_walk_skip(&w) :
	    (struct json_span){ NULL, 0 };
}

/* ---- values ---- */

#define DIGITS_MAX 17 /* any number of this many digits fits an int64_t */

/* The value as a member "v" of a tree, for what is seldom written. */
static struct json_object *
parse_value(struct arena *a, const struct json_span *value)
{
	const char *error, *text = arena_printf(a, "{\"v\":%.*s}",
	    (int)value->length, value->at);

	return json_parse(a, text, strlen(text), &error);
}

const char *
json_span_string(struct arena *a, const struct json_span *value)
{
	if (value->at == NULL || value->length < 2 || value->at[0] != '"')
		return NULL;
	if (memchr(value->at, '\\', value->length) != NULL)
		return json_string_at(parse_value(a, value), "v");
	return arena_strndup(a, value->at + 1, value->length - 2);
}

bool
json_span_int(struct arena *a, const struct json_span *value, int64_t *out)
{
	int64_t number = 0;
	size_t i = value->at != NULL && value->at[0] == '-', first = i;

	while (i < value->length && value->at[i] >= '0' && value->at[i] <= '9' &&
	    i <= DIGITS_MAX)
		number = number * 10 + (value->at[i++] - '0');
	if (i < value->length || i == first)
		return value->at != NULL &&
		    json_int_at(parse_value(a, value), "v", out);
	*out = first > 0 ? -number : number;
	return true;
}
