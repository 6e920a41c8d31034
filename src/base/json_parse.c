/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Parsing of JSON. json-c builds the trees, but it accepts values that an API
 * about money must refuse: integers cut to 64 bits, NaN, NUL in strings, loose
 * numbers. So the text is first scanned for these, token by token, in constant
 * memory; json-c then checks only the grammar between tokens.
 */
#include <config.h>

#include "base/json.h"

#include <limits.h>

#include "base/json_scan.h"
#include "base/memory.h"

/*
 * The memory of a tree, measured with json-c 0.16 and glibc on 64 bits and
 * rounded up: of each value, and of each byte of text.
 */
#define OBJECT_BYTES 832 /* a table of 16 members, empty */
#define ARRAY_BYTES 400
#define MEMBER_BYTES 160 /* its place in a table that doubles, and its name */
#define VALUE_BYTES 120  /* a scalar, and its place in an array that doubles */

/* Counts a value and the memory that it takes. */
static bool
count_value(struct scan *s, size_t bytes)
{
	s->bytes += bytes;
	return --s->values >= 0 || scan_refuse(s, "too many values");
}

static bool
scan_opening(struct scan *s)
{
	if (s->depth == JSON_DEPTH)
		return scan_refuse(s, "nesting too deep");
	s->depth++;
	return count_value(s,
	    s->text[s->at++] == '{' ? OBJECT_BYTES : ARRAY_BYTES);
}

static bool
scan_token(struct scan *s)
{
	switch (s->text[s->at]) {
	case '"':
		return count_value(s, VALUE_BYTES) && scan_string(s);
	case '-': case '0': case '1': case '2': case '3': case '4':
	case '5': case '6': case '7': case '8': case '9':
		return count_value(s, VALUE_BYTES) && scan_number(s);
	case '{': case '[':
		return scan_opening(s);
	case '}': case ']':
		if (s->depth > 0)
			s->depth--;
		break;
	case ':':
		/* The string before it was a name. */
		s->values++;
		s->bytes += MEMBER_BYTES;
		break;
	case ' ': case '\t': case '\r': case '\n': case ',':
		break;
	default:
		return count_value(s, VALUE_BYTES) && scan_word(s);
	}
	s->at++;
	return true;
}

static bool
scan_all(struct scan *s)
{
	while (s->at < s->length)
		if (!scan_token(s))
			return false;
	return true;
}

/* ---- parsing ---- */

/*
 * Calls json-c. The extra NUL marks the end of the text: without it, json-c
 * would wait for the rest of a truncated text or a bare number.
 */
static struct json_object *
build(struct scan *s, struct json_tokener *tokener)
{
	struct json_object *tree;

	tree = json_tokener_parse_ex(tokener, s->text, (int)s->length);
	s->at = json_tokener_get_parse_end(tokener);
	if (json_tokener_get_error(tokener) == json_tokener_continue) {
		tree = json_tokener_parse_ex(tokener, "", 1);
		s->at = s->length;
	}
	if (json_tokener_get_error(tokener) != json_tokener_success)
		s->reason = json_tokener_error_desc(
		    json_tokener_get_error(tokener));
	else if (tree == NULL)
		s->reason = "null is no value here";
	return tree;
}

/* json-c leaves out what it finds no memory for, so there must be enough. */
static bool
has_room(struct scan *s)
{
	s->bytes += s->length;
	if (memory_has_room(s->bytes))
		return true;
	s->values = -1;
	return scan_refuse(s, "the tree would not fit into memory");
}

static struct json_object *
parse(struct scan *s)
{
	struct json_tokener *tokener;
	struct json_object *tree;

	if (s->length > INT_MAX) {
		s->reason = "text too long";
		return NULL;
	}
	if (!scan_all(s) || !has_room(s))
		return NULL;
	/* Two levels more than the scan allows: json-c counts scalars. */
	tokener = json_tokener_new_ex(JSON_DEPTH + 2);
	if (tokener == NULL)
		memory_exhausted(0);
	json_tokener_set_flags(tokener,
	    JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	tree = build(s, tokener);
	json_tokener_free(tokener);
	return tree;
}

struct json_object *
json_parse_within(struct arena *a, const char *text, size_t length,
    int64_t *values, const char **error)
{
	struct scan s = { .text = text, .length = length, .values = *values };
	struct json_object *tree;

	tree = json_own(a, parse(&s));
	if (tree == NULL)
		*error = arena_printf(a, "%s around %zu", s.reason, s.at);
	*values = s.values;
	return tree;
}

struct json_object *
json_parse(struct arena *a, const char *text, size_t length,
    const char **error)
{
	int64_t values = (int64_t)length; /* each takes a byte */
	struct json_object *tree;

	tree = json_parse_within(a, text, length, &values, error);
	if (values < 0)
		memory_exhausted(length);
	return tree;
}
