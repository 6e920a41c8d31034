/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/json_scan.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/utf8.h"

/* No useful number is longer; the limit keeps conversions out of the heap. */
#define NUMBER_MAX 255

bool
scan_refuse(struct scan *s, const char *reason)
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
		return scan_refuse(s, s->at < s->length ? "malformed number" :
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
			return scan_refuse(s, "malformed escape");
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
		return scan_refuse(s, "NUL character in a string");
	if (value < 0xd800 || value > 0xdfff)
		return true;
	if (value < 0xdc00 && s->length - s->at >= 2 &&
	    memcmp(s->text + s->at, "\\u", 2) == 0) {
		s->at += 2;
		if (!scan_code_unit(s, &low))
			return false;
	}
	return (low >= 0xdc00 && low <= 0xdfff) ||
	    scan_refuse(s, "half a surrogate pair in a string");
}

/* Scans the rest of an escape, after the backslash. */
static bool
scan_escape(struct scan *s)
{
	char c = peek(s);

	if (c == '\0' || strchr("\"\\/bfnrtu", c) == NULL)
		return scan_refuse(s, "malformed escape");
	s->at++;
	return c != 'u' || scan_unicode_escape(s);
}

bool
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
			return scan_refuse(s, "NUL character in a string");
		} else if (c > 0 && c < 0x20) {
			return scan_refuse(s, "control character in a string");
		} else if (step == 0) {
			return scan_refuse(s, "invalid UTF-8");
		}
	}
	return scan_refuse(s, "unexpected end of data");
}

/* True if the number text[start..at) survives conversion. */
static bool
number_fits(struct scan *s, size_t start, bool whole)
{
	char text[NUMBER_MAX + 1];
	size_t length = s->at - start;

	if (length > NUMBER_MAX)
		return scan_refuse(s, "number too long");
	memcpy(text, s->text + start, length);
	text[length] = '\0';
	errno = 0;
	if (whole) {
		(void)strtoll(text, NULL, 10);
		if (errno == ERANGE)
			return scan_refuse(s, "integer beyond 64 bits");
	} else if (isinf(strtod(text, NULL))) {
		return scan_refuse(s, "number out of range");
	}
	return true;
}

bool
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
		return scan_refuse(s, "malformed number");
	return number_fits(s, start, whole);
}

bool
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
	return scan_refuse(s, "unexpected character");
}
