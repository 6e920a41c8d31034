/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/import_scan.h"

#include <string.h>

static bool
is_blank(int byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

int
import_scan_peek(FILE *file)
{
	int byte;

	do
		byte = getc_unlocked(file);
	while (is_blank(byte));
	if (byte != EOF)
		ungetc(byte, file);
	return byte;
}

bool
import_scan_take(FILE *file, int byte)
{
	if (import_scan_peek(file) != byte)
		return false;
	(void)getc_unlocked(file);
	return true;
}

/* A place within a value. */
struct place {
	int depth; /* of brackets */
	bool in_string;
	bool escaped;
};

/* Takes one byte of a list, an object or a string. True: it is the last one. */
static bool
is_last(struct place *p, int byte)
{
	if (p->in_string) {
		p->in_string = byte != '"' || p->escaped;
		p->escaped = byte == '\\' && !p->escaped;
		return !p->in_string && p->depth == 0;
	}
	p->in_string = byte == '"';
	p->depth += byte == '{' || byte == '[';
	p->depth -= byte == '}' || byte == ']';
	return p->depth <= 0 && !p->in_string;
}

static void
add(struct buffer *text, int byte)
{
	if (text != NULL)
		buffer_putc(text, (char)byte);
}

/* A number or a name: it has no end of its own. */
static bool
pass_word(FILE *file, struct buffer *text)
{
	bool any = false;
	int byte;

	while ((byte = getc_unlocked(file)) != EOF && !is_blank(byte) &&
	    (byte == '\0' || strchr(",:[]{}\"", byte) == NULL)) {
		add(text, byte);
		any = true;
	}
	if (byte != EOF)
		ungetc(byte, file);
	return any;
}

bool
import_scan_value(FILE *file, struct buffer *text)
{
	struct place place = { .depth = 0 };
	int byte = import_scan_peek(file);

	if (byte != '{' && byte != '[' && byte != '"')
		return pass_word(file, text);
	while ((byte = getc_unlocked(file)) != EOF) {
		add(text, byte);
		if (is_last(&place, byte))
			return true;
	}
	return false;
}

/* ---- an object with a list ---- */

/* The most bytes of a name that are kept: longer ones are not looked for. */
#define NAME_MAX_BYTES 16

bool
import_scan_list(FILE *file, struct arena *a, bool *in_rows)
{
	struct buffer name;
	bool is_list;

	if (!import_scan_take(file, '{'))
		return false;
	do {
		buffer_init(&name, a, NAME_MAX_BYTES);
		if (import_scan_peek(file) != '"' || !import_scan_value(file, &name) ||
		    !import_scan_take(file, ':'))
			return false;
		*in_rows = strcmp(name.text, "\"rows\"") == 0;
		is_list = *in_rows || strcmp(name.text, "\"docs\"") == 0;
		if (is_list && import_scan_take(file, '['))
			return true;
		if (!import_scan_value(file, NULL))
			return false;
	} while (import_scan_take(file, ','));
	return false;
}

bool
import_scan_list_end(FILE *file)
{
	if (!import_scan_take(file, ']'))
		return false;
	while (import_scan_take(file, ','))
		if (import_scan_peek(file) != '"' || !import_scan_value(file, NULL) ||
		    !import_scan_take(file, ':') || !import_scan_value(file, NULL))
			return false;
	return import_scan_take(file, '}');
}
