/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/print.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#define DIRECTIVE_MAX 32
#define ESCAPE_MAX 8

/* ---- characters ---- */

static uint32_t
character_at(const char *bytes, size_t length)
{
	uint32_t c = (unsigned char)bytes[0];
	size_t i;

	if (length > 1)
		c &= 0x7fu >> length;
	for (i = 1; i < length; i++)
		c = c << 6 | ((unsigned char)bytes[i] & 0x3f);
	return c;
}

/* Controls, separators of lines, and what turns the direction of a line. */
static bool
is_unsafe(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) ||
	    (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* The escape of what stands at bytes. Returns the number of bytes that it stands
 * for; 0: a character that is printed as it is, of *length bytes. */
static size_t
escape_at(const char *bytes, size_t left, bool in_document, size_t *length,
    char escape[ESCAPE_MAX])
{
	uint32_t c;

	*length = utf8_length(bytes, left);
	if (*length == 0) {
		snprintf(escape, ESCAPE_MAX, in_document ? "\\ufffd" :
		    "\\x%02x", (unsigned char)bytes[0]);
		return 1;
	}
	c = character_at(bytes, *length);
	if (in_document ? !is_unsafe(c) || c == '\n' || c == '\t' :
	    !is_unsafe(c) && c != '\\')
		return 0;
	if (c == '\\' || (!in_document && (c == '\n' || c == '\t')))
		snprintf(escape, ESCAPE_MAX, "\\%c", c == '\n' ? 'n' :
		    c == '\t' ? 't' : '\\');
	else
		snprintf(escape, ESCAPE_MAX, "\\u%04x", (unsigned int)c);
	return *length;
}

/* Prints a text; to NULL: only counts. Returns the number of characters. */
static int
put_text(FILE *to, const char *text, size_t size, bool in_document)
{
	char escape[ESCAPE_MAX];
	size_t at, from = 0, step, length;
	int count = 0;

	for (at = 0; at < size; at += step) {
		step = escape_at(text + at, size - at, in_document, &length,
		    escape);
		if (step == 0) {
			step = length;
			count++;
			continue;
		}
		count += (int)strlen(escape);
		if (to != NULL) {
			fwrite(text + from, 1, at - from, to);
			fputs(escape, to);
		}
		from = at + step;
	}
	if (to != NULL)
		fwrite(text + from, 1, size - from, to);
	return count;
}

void
ctl_put_document(FILE *to, const char *text)
{
	put_text(to, text, strlen(text), true);
}

void
ctl_print_document(const char *text)
{
	ctl_put_document(stdout, text);
	putchar('\n');
}

/* ---- formats ---- */

/* A directive of a format. */
struct directive {
	char flags[DIRECTIVE_MAX]; /* "%", and the flags */
	int width;
	int precision; /* -1: none */
	int longs;     /* the number of l */
	bool is_size;  /* z */
};

/* Arguments that other functions take from, too. */
struct arguments {
	va_list list;
};

/* A number of the format, or of the arguments, for *. */
static int
read_number(const char **format, struct arguments *args)
{
	char *end;
	long n;

	if (**format == '*') {
		(*format)++;
		return va_arg(args->list, int);
	}
	n = strtol(*format, &end, 10);
	*format = end;
	return (int)n;
}

static struct directive
read_directive(const char **format, struct arguments *args)
{
	struct directive d = { .precision = -1 };
	size_t flags = strspn(*format, "-0");

	snprintf(d.flags, sizeof(d.flags), "%%%.*s", (int)flags, *format);
	*format += flags;
	d.width = read_number(format, args);
	if (**format == '.') {
		(*format)++;
		d.precision = read_number(format, args);
	}
	for (; **format == 'l'; (*format)++)
		d.longs++;
	d.is_size = **format == 'z';
	*format += d.is_size;
	return d;
}

static void
put_string(FILE *to, const struct directive *d, const char *text)
{
	size_t size;
	int blanks;

	if (text == NULL)
		text = "(null)";
	size = d->precision < 0 ? strlen(text) :
	    strnlen(text, (size_t)d->precision);
	blanks = d->width - put_text(NULL, text, size, false);
	if (blanks > 0 && strchr(d->flags, '-') == NULL)
		fprintf(to, "%*s", blanks, "");
	put_text(to, text, size, false);
	if (blanks > 0 && strchr(d->flags, '-') != NULL)
		fprintf(to, "%*s", blanks, "");
}

static void
put_integer(FILE *to, const struct directive *d, struct arguments *args,
    bool is_signed)
{
	bool fills = strchr(d->flags, '0') != NULL;
	int width = strchr(d->flags, '-') != NULL ? -d->width : d->width;
	unsigned long long n = d->is_size ? va_arg(args->list, size_t) :
	    d->longs == 2 ? va_arg(args->list, unsigned long long) :
	    d->longs == 1 ? va_arg(args->list, unsigned long) :
	    va_arg(args->list, unsigned int);

	if (is_signed && d->longs == 0 && !d->is_size)
		n = (unsigned long long)(int)n;
	if (is_signed)
		fprintf(to, fills ? "%0*lld" : "%*lld", width, (long long)n);
	else
		fprintf(to, fills ? "%0*llu" : "%*llu", width, n);
}

/* Prints an argument. Returns what follows its directive. */
static const char *
put_argument(FILE *to, const char *format, struct arguments *args)
{
	struct directive d = read_directive(&format, args);
	char byte[2] = "";

	switch (*format) {
	case 's':
		put_string(to, &d, va_arg(args->list, const char *));
		break;
	case 'c':
		byte[0] = (char)va_arg(args->list, int);
		put_string(to, &d, byte);
		break;
	case 'd':
	case 'u':
		put_integer(to, &d, args, *format == 'd');
		break;
	case '%':
		putc('%', to);
		break;
	default: /* the compiler knows more directives than this file */
		abort();
	}
	return format + 1;
}

void
ctl_vprint(FILE *to, const char *format, va_list args)
{
	struct arguments taken;
	size_t length;

	va_copy(taken.list, args);
	while (*format != '\0') {
		length = strcspn(format, "%");
		fwrite(format, 1, length, to);
		format += length;
		if (*format == '%')
			format = put_argument(to, format + 1, &taken);
	}
	va_end(taken.list);
}

void
ctl_print(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	ctl_vprint(stdout, format, args);
	va_end(args);
}

void
ctl_tell(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	ctl_vprint(stderr, format, args);
	va_end(args);
}
