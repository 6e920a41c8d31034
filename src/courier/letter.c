/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "courier/letter.h"

#include <sodium.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "base/buffer.h"
#include "base/gregorian.h"

#define LINE_MOST 998       /* bytes, as SMTP has it */
#define BODY_LINE_BYTES 57  /* which make 76 characters */
#define WORD_BYTES 42       /* of an encoded word: 68 characters */
#define PLAIN_SUBJECT_MAX 65 /* characters that need no folding */

/* ---- base64 ---- */

static void
put_base64(struct buffer *b, const char *bytes, size_t length)
{
	char text[sodium_base64_ENCODED_LEN(BODY_LINE_BYTES,
	    sodium_base64_VARIANT_ORIGINAL)];

	sodium_bin2base64(text, sizeof(text), (const unsigned char *)bytes,
	    length, sodium_base64_VARIANT_ORIGINAL);
	buffer_puts(b, text);
}

/* ---- headers ---- */

static bool
is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* The bytes of the next encoded word, which ends between two characters. */
static size_t
word_length(const char *text)
{
	size_t length = strlen(text);

	if (length <= WORD_BYTES)
		return length;
	for (length = WORD_BYTES; length > 1 && is_continuation(text[length]);)
		length--;
	return length;
}

static bool
is_plain(const char *text)
{
	const char *c;

	for (c = text; *c >= ' ' && *c <= '~'; c++)
		;
	return *c == '\0' && c - text <= PLAIN_SUBJECT_MAX &&
	    strstr(text, "=?") == NULL;
}

/* A control character would end the header, or change its meaning. */
static const char *
without_controls(struct arena *a, const char *text)
{
	char *copy = arena_strdup(a, text), *c;

	for (c = copy; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
	return copy;
}

static void
put_subject(struct buffer *b, struct arena *a, const char *subject)
{
	const char *text = without_controls(a, subject);
	size_t length;

	buffer_puts(b, "Subject:");
	if (is_plain(text))
		buffer_printf(b, " %s", text);
	else
		for (; *text != '\0'; text += length) {
			length = word_length(text);
			buffer_puts(b, " =?UTF-8?B?");
			put_base64(b, text, length);
			buffer_puts(b, text[length] == '\0' ? "?=" : "?=\r\n");
		}
	buffer_puts(b, "\r\n");
}

static void
put_date(struct buffer *b, int64_t created)
{
	static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu",
		"Fri", "Sat" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	const time_t unix_s = (time_t)(created - GREGORIAN_UNIX_EPOCH);
	struct tm tm = { .tm_mday = 1 };

	gmtime_r(&unix_s, &tm);
	buffer_printf(b, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n",
	    days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
	    tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* ---- the body ---- */

/* With CRLF at the end of each line, the last one too, and no other control
 * characters but tabs. */
static const char *
canonical_lines(struct arena *a, const char *text)
{
	struct buffer b;
	const char *c;

	buffer_init(&b, a, 0);
	for (c = text; *c != '\0'; c++) {
		if (*c == '\n' || (*c == '\r' && c[1] != '\n'))
			buffer_puts(&b, "\r\n");
		else if ((unsigned char)*c >= ' ' ? *c != 0x7f : *c == '\t')
			buffer_putc(&b, *c);
	}
	if (b.length == 0 || b.text[b.length - 1] != '\n')
		buffer_puts(&b, "\r\n");
	return b.text;
}

static bool
travels_as_it_is(const char *lines)
{
	const char *c;
	size_t length = 0;

	for (c = lines; *c != '\0'; c++) {
		length = *c == '\n' ? 0 : length + (*c != '\r');
		if ((unsigned char)*c >= 0x80 || length > LINE_MOST)
			return false;
	}
	return true;
}

static void
put_body(struct buffer *b, struct arena *a, const char *text)
{
	const char *lines = canonical_lines(a, text);
	size_t left = strlen(lines), length;

	buffer_puts(b, "MIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: ");
	if (travels_as_it_is(lines)) {
		buffer_printf(b, "7bit\r\n\r\n%s", lines);
		return;
	}
	buffer_puts(b, "base64\r\n\r\n");
	for (; left > 0; left -= length, lines += length) {
		length = left < BODY_LINE_BYTES ? left : BODY_LINE_BYTES;
		put_base64(b, lines, length);
		buffer_puts(b, "\r\n");
	}
}

const char *
letter_write(struct arena *a, const struct letter *letter)
{
	struct buffer b;

	buffer_init(&b, a, 0);
	put_date(&b, letter->created);
	buffer_printf(&b, "From: <%s>\r\nTo: <%s>\r\n", letter->from,
	    letter->to);
	put_subject(&b, a, letter->subject);
	buffer_printf(&b, "Message-ID: <%s@%s>\r\n", letter->id,
	    strrchr(letter->from, '@') + 1);
	/* No answering machine answers this. */
	buffer_puts(&b, "Auto-Submitted: auto-generated\r\n");
	put_body(&b, a, letter->text);
	return b.text;
}
