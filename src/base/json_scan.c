/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/json_scan.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

bool
scan_refuse(struct scan *s, const char *reason)
{
	s->reason = reason;
	return false;
}

static char
peek(const struct scan *s)
{
	return s->at < s->length ? s->text[s->at] : '\0';
}

char
scan_next(struct scan *s)
{
	char c;

	while ((c = peek(s)) == ' ' || c == '\n' || c == '\r' || c == '\t')
		s->at++;
	return c;
}

/* ---- numbers ---- */

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

/* Converts the number text[start..at). */
static bool
convert(struct scan *s, size_t start, struct scanned_number *out)
{
	size_t length = s->at - start;

	if (length > NUMBER_MAX)
		return scan_refuse(s, "number too long");
	memcpy(out->text, s->text + start, length);
	out->text[length] = '\0';
	errno = 0;
	if (out->whole) {
		out->integer = strtoll(out->text, NULL, 10);
		if (errno == ERANGE)
			return scan_refuse(s, "integer beyond 64 bits");
	} else {
		out->real = strtod(out->text, NULL);
		if (isinf(out->real))
			return scan_refuse(s, "number out of range");
	}
	return true;
}

bool
scan_number(struct scan *s, struct scanned_number *out)
{
	size_t start = s->at;

	out->whole = true;
	if (peek(s) == '-')
		s->at++;
	if (peek(s) == '0')
		s->at++;
	else if (!scan_digits(s))
		return false;
	if (peek(s) == '.') {
		out->whole = false;
		s->at++;
		if (!scan_digits(s))
			return false;
	}
	if (peek(s) == 'e' || peek(s) == 'E') {
		out->whole = false;
		s->at++;
		if (peek(s) == '+' || peek(s) == '-')
			s->at++;
		if (!scan_digits(s))
			return false;
	}
	if (s->at < s->length && memchr(" \t\r\n,]}", peek(s), 7) == NULL)
		return scan_refuse(s, "malformed number");
	return convert(s, start, out);
}

/* ---- strings ---- */

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

/* Half a surrogate pair is no character. */
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

/* Characters that stand for themselves and take a byte. */
static bool
is_plain(char c)
{
	return c >= 0x20 && (unsigned char)c < 0x80 && c != '"' && c != '\\';
}

static void
skip_plain(struct scan *s)
{
	size_t at = s->at;

	while (at < s->length && is_plain(s->text[at]))
		at++;
	s->at = at;
}

bool
scan_string(struct scan *s, struct scanned_string *out)
{
	size_t start = ++s->at, step;
	char c;

	out->escaped = false;
	for (;;) {
		skip_plain(s);
		if (s->at == s->length)
			return scan_refuse(s, "unexpected end of data");
		c = s->text[s->at];
		if (c == '"')
			break;
		if (c == '\\') {
			out->escaped = true;
			s->at++;
			if (!scan_escape(s))
				return false;
			continue;
		}
		if (c == '\0')
			return scan_refuse(s, "NUL character in a string");
		if (c > 0 && c < 0x20)
			return scan_refuse(s, "control character in a string");
		step = utf8_length(s->text + s->at, s->length - s->at);
		if (step == 0)
			return scan_refuse(s, "invalid UTF-8");
		s->at += step;
	}
	out->text = s->text + start;
	out->length = s->at++ - start;
	return true;
}

static uint32_t
code_unit(const char *digits)
{
	uint32_t value = 0;
	int i;

	for (i = 0; i < 4; i++)
		value = value * 16 + (uint32_t)hex_value(digits[i]);
	return value;
}

static void
add_character(struct buffer *out, uint32_t code)
{
	static const unsigned char leads[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 :
	    code < 0x10000 ? 3 : 4;
	char bytes[4];
	size_t i;

	for (i = length - 1; i > 0; i--, code >>= 6)
		bytes[i] = (char)(0x80 | (code & 0x3f));
	bytes[0] = (char)(length == 1 ? code : leads[length] | code);
	buffer_add(out, bytes, length);
}

/* Appends what \u stands for, after the u; returns the length of its digits. */
static size_t
decode_unicode(const char *digits, struct buffer *out)
{
	uint32_t code = code_unit(digits);

	if (code < 0xd800 || code > 0xdfff) {
		add_character(out, code);
		return 4;
	}
	/* A pair is complete: it was checked. */
	add_character(out, 0x10000 + ((code - 0xd800) << 10) +
	    (code_unit(digits + 6) - 0xdc00));
	return 10;
}

/* Appends what an escape stands for, after the backslash; returns its length. */
static size_t
decode_escape(const char *escape, struct buffer *out)
{
	static const char names[] = "bfnrt", meant[] = "\b\f\n\r\t";
	const char *name = strchr(names, escape[0]);

	if (escape[0] == 'u')
		return 1 + decode_unicode(escape + 1, out);
	buffer_putc(out, name == NULL ? escape[0] : meant[name - names]);
	return 1;
}

void
scan_decode(const struct scanned_string *string, struct buffer *out)
{
	const char *at = string->text, *end = at + string->length, *escape;

	buffer_reserve(out, string->length);
	while (at < end) {
		escape = !string->escaped ? NULL :
		    memchr(at, '\\', (size_t)(end - at));
		if (escape == NULL)
			escape = end;
		buffer_add(out, at, (size_t)(escape - at));
		at = escape;
		if (at < end)
			at += 1 + decode_escape(at + 1, out);
	}
}

/* ---- words ---- */

bool
scan_word(struct scan *s, const char *word)
{
	size_t length = strlen(word);

	if (length > s->length - s->at ||
	    memcmp(s->text + s->at, word, length) != 0)
		return false;
	s->at += length;
	return true;
}
