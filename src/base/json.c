/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Parsing of JSON. json-c builds the trees, but it accepts values that an API
 * about money must refuse: integers cut to 64 bits, NaN, NUL in strings, loose
 * numbers. So the text is first scanned for these, token by token, in constant
 * memory; json-c then checks only the grammar between tokens.
 */
#include <config.h>

#include "base/json.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

/* No useful number is longer; the limit keeps conversions out of the heap. */
#define NUMBER_MAX 255

#define PATH_KEY_MAX 128 /* paths are constants with short keys */

/* Doubles represent all whole numbers up to here. */
#define WHOLE_MAX 9007199254740992.0

/*
 * The memory of a tree, measured with json-c 0.16 and glibc on 64 bits and
 * rounded up: of each value, and of each byte of text.
 */
#define OBJECT_BYTES 832 /* a table of 16 members, empty */
#define ARRAY_BYTES 400
#define MEMBER_BYTES 160 /* its place in a table that doubles, and its name */
#define VALUE_BYTES 120  /* a scalar, and its place in an array that doubles */

/* ---- the scan ---- */

struct scan {
	const char *text;
	size_t length;
	size_t at;
	unsigned depth;
	int64_t values;     /* that may still come; below 0: too many */
	size_t bytes;       /* of the tree so far */
	const char *reason; /* of the failure; NULL: none */
};

static bool
refuse(struct scan *s, const char *reason)
{
	s->reason = reason;
	return false;
}

/* Returns the next byte; NUL at the end, where no valid token continues. */
static char
peek(const struct scan *s)
{
	return s->at < s->length ? s->text[s->at] : '\0';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
scan_digits(struct scan *s)
{
	if (!is_digit(peek(s)))
		return refuse(s, s->at < s->length ? "malformed number" :
		    "unexpected end of data");
	while (is_digit(peek(s)))
		s->at++;
	return true;
}

static int
hex_value(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool
scan_code_unit(struct scan *s, int *value)
{
	int i, digit;

	*value = 0;
	for (i = 0; i < 4; i++, s->at++) {
		digit = hex_value(peek(s));
		if (digit < 0)
			return refuse(s, "malformed escape");
		*value = *value * 16 + digit;
	}
	return true;
}

/* json-c replaces half a surrogate pair by U+FFFD, so that different texts
 * become the same. */
static bool
scan_unicode_escape(struct scan *s)
{
	int value, low = 0;

	if (!scan_code_unit(s, &value))
		return false;
	if (value == 0)
		return refuse(s, "NUL character in a string");
	if (value < 0xd800 || value > 0xdfff)
		return true;
	if (value < 0xdc00 && s->length - s->at >= 2 &&
	    memcmp(s->text + s->at, "\\u", 2) == 0) {
		s->at += 2;
		if (!scan_code_unit(s, &low))
			return false;
	}
	return (low >= 0xdc00 && low <= 0xdfff) ||
	    refuse(s, "half a surrogate pair in a string");
}

/* Scans the rest of an escape, after the backslash. */
static bool
scan_escape(struct scan *s)
{
	char c = peek(s);

	if (c == '\0' || strchr("\"\\/bfnrtu", c) == NULL)
		return refuse(s, "malformed escape");
	s->at++;
	return c != 'u' || scan_unicode_escape(s);
}

static bool
scan_string(struct scan *s)
{
	size_t step;
	char c;

	for (s->at++; s->at < s->length; s->at += step) {
		c = s->text[s->at];
		step = utf8_length(s->text + s->at, s->length - s->at);
		if (c == '"') {
			s->at++;
			return true;
		}
		if (c == '\\') {
			s->at++;
			if (!scan_escape(s))
				return false;
			step = 0;
		} else if (c == '\0') {
			return refuse(s, "NUL character in a string");
		} else if (c > 0 && c < 0x20) {
			return refuse(s, "control character in a string");
		} else if (step == 0) {
			return refuse(s, "invalid UTF-8");
		}
	}
	return refuse(s, "unexpected end of data");
}

/* True if the number text[start..at) survives conversion. */
static bool
number_fits(struct scan *s, size_t start, bool whole)
{
	char text[NUMBER_MAX + 1];
	size_t length = s->at - start;

	if (length > NUMBER_MAX)
		return refuse(s, "number too long");
	memcpy(text, s->text + start, length);
	text[length] = '\0';
	errno = 0;
	if (whole) {
		(void)strtoll(text, NULL, 10);
		if (errno == ERANGE)
			return refuse(s, "integer beyond 64 bits");
	} else if (isinf(strtod(text, NULL))) {
		return refuse(s, "number out of range");
	}
	return true;
}

static bool
scan_number(struct scan *s)
{
	size_t start = s->at;
	bool whole = true;

	if (peek(s) == '-')
		s->at++;
	if (peek(s) == '0')
		s->at++;
	else if (!scan_digits(s))
		return false;
	if (peek(s) == '.') {
		whole = false;
		s->at++;
		if (!scan_digits(s))
			return false;
	}
	if (peek(s) == 'e' || peek(s) == 'E') {
		whole = false;
		s->at++;
		if (peek(s) == '+' || peek(s) == '-')
			s->at++;
		if (!scan_digits(s))
			return false;
	}
	if (s->at < s->length && memchr(" \t\r\n,]}", peek(s), 7) == NULL)
		return refuse(s, "malformed number");
	return number_fits(s, start, whole);
}

static bool
scan_word(struct scan *s)
{
	static const char *const words[] = { "true", "false", "null" };
	size_t i, length;

	for (i = 0; i < NELEM(words); i++) {
		length = strlen(words[i]);
		if (length <= s->length - s->at &&
		    memcmp(s->text + s->at, words[i], length) == 0) {
			s->at += length;
			return true;
		}
	}
	return refuse(s, "unexpected character");
}

/* Counts a value and the memory that it takes. */
static bool
count_value(struct scan *s, size_t bytes)
{
	s->bytes += bytes;
	return --s->values >= 0 || refuse(s, "too many values");
}

static bool
scan_opening(struct scan *s)
{
	if (s->depth == JSON_DEPTH)
		return refuse(s, "nesting too deep");
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
	return refuse(s, "the tree would not fit into memory");
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

static void
put_tree(void *tree)
{
	json_object_put(tree);
}

struct json_object *
json_own(struct arena *a, struct json_object *own_tree)
{
	if (own_tree != NULL)
		arena_defer(a, put_tree, own_tree);
	return own_tree;
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

/* ---- reading trees ---- */

struct json_object *
json_at(struct json_object *tree, const char *path)
{
	char key[PATH_KEY_MAX];
	size_t length;

	for (;;) {
		length = strcspn(path, ".");
		if (length >= sizeof(key) ||
		    !json_object_is_type(tree, json_type_object))
			return NULL;
		memcpy(key, path, length);
		key[length] = '\0';
		if (!json_object_object_get_ex(tree, key, &tree) ||
		    path[length] == '\0')
			return tree;
		path += length + 1;
	}
}

static struct json_object *
typed_at(struct json_object *tree, const char *path, enum json_type type)
{
	struct json_object *value = json_at(tree, path);

	return json_object_is_type(value, type) ? value : NULL;
}

const char *
json_string_at(struct json_object *tree, const char *path)
{
	struct json_object *value = typed_at(tree, path, json_type_string);

	return value == NULL ? NULL : json_object_get_string(value);
}

struct json_object *
json_object_at(struct json_object *tree, const char *path)
{
	return typed_at(tree, path, json_type_object);
}

struct json_object *
json_array_at(struct json_object *tree, const char *path)
{
	return typed_at(tree, path, json_type_array);
}

static bool
whole_double(double value, int64_t *out)
{
	if (!(value >= -WHOLE_MAX && value <= WHOLE_MAX) ||
	    value != trunc(value))
		return false;
	*out = (int64_t)value;
	return true;
}

bool
json_int_at(struct json_object *tree, const char *path, int64_t *out)
{
	struct json_object *value = json_at(tree, path);

	if (json_object_is_type(value, json_type_double))
		return whole_double(json_object_get_double(value), out);
	/* json-c also has unsigned numbers, and would cut them silently. */
	if (!json_object_is_type(value, json_type_int) ||
	    json_object_get_uint64(value) > INT64_MAX)
		return false;
	*out = json_object_get_int64(value);
	return true;
}

bool
json_true_at(struct json_object *tree, const char *path)
{
	struct json_object *value = typed_at(tree, path, json_type_boolean);

	return value != NULL && json_object_get_boolean(value);
}

bool
json_false_at(struct json_object *tree, const char *path)
{
	struct json_object *value = typed_at(tree, path, json_type_boolean);

	return value != NULL && !json_object_get_boolean(value);
}

static bool
is_private(const char *key)
{
	return key[0] == '_' || strncmp(key, "pvt_", 4) == 0;
}

struct json_object *
json_money(money_t amount)
{
	char text[MONEY_TEXT_SIZE];

	money_format(amount, text);
	/* Only the text of the number is used. */
	return json_object_new_double_s(0, text);
}

void
json_put_string(struct json_object *object, const char *key, const char *text)
{
	if (text != NULL)
		json_object_object_add(object, key,
		    json_object_new_string(text));
}

void
json_put_int(struct json_object *object, const char *key, int64_t number)
{
	json_object_object_add(object, key, json_object_new_int64(number));
}

void
json_put_bool(struct json_object *object, const char *key, bool value)
{
	json_object_object_add(object, key, json_object_new_boolean(value));
}

void
json_put_money(struct json_object *object, const char *key, money_t amount)
{
	json_object_object_add(object, key, json_money(amount));
}

struct json_object *
json_public_copy(struct json_object *document)
{
	struct json_object *copy = NULL, *value;

	if (!json_object_is_type(document, json_type_object)) {
		json_object_deep_copy(document, &copy, NULL);
		return copy;
	}
	copy = json_object_new_object();
	json_object_object_foreach(document, key, member) {
		if (is_private(key))
			continue;
		value = NULL;
		if (member != NULL)
			json_object_deep_copy(member, &value, NULL);
		json_object_object_add(copy, key, value);
	}
	return copy;
}

struct json_object *
json_without_client_members(struct arena *a, struct json_object *object)
{
	struct json_object *out = json_own(a, json_object_new_object());

	json_object_object_foreach(object, key, value)
		if (strcmp(key, "ui_metadata") != 0 &&
		    strcmp(key, "accept_charges") != 0)
			json_object_object_add(out, key,
			    json_object_get(value));
	return out;
}
