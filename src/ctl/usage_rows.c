/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/usage_rows.h"

#include <string.h>
#include <strings.h>

#include "base/utf8.h"

#define SEPARATOR "sep="

enum where {
	CELL_BEGINS,
	CELL_PLAIN,
	CELL_QUOTED,
	CELL_QUOTE, /* behind a quote in quotes: another one, or their end */
	CELL_CLOSED,
	CELL_BROKEN /* the rest of the line is left out */
};

void
usage_rows_init(struct usage_rows *r, struct arena *a)
{
	buffer_init(&r->cell, a, 0);
	r->where = CELL_BEGINS;
	r->begun = false;
	r->fault = NULL;
}

static bool
is_blank(const struct usage_rows *r, char c)
{
	return (c == ' ' || c == '\t') && c != r->delimiter;
}

static bool
has_mark(const char *text, size_t length)
{
	return length >= UTF8_MARK_LENGTH &&
	    memcmp(text, UTF8_MARK, UTF8_MARK_LENGTH) == 0;
}

static void
put(struct usage_rows *r, char c)
{
	if (r->cell.length < USAGE_CELL_MAX)
		buffer_putc(&r->cell, c);
	else
		r->fault = "a cell is longer than 1 MiB";
}

static void
end_cell(struct usage_rows *r)
{
	const char *text = r->cell.text;
	size_t length = r->cell.length;

	if (r->where == CELL_PLAIN)
		while (length > 0 && is_blank(r, text[length - 1]))
			length--;
	while (has_mark(text, length)) {
		text += UTF8_MARK_LENGTH;
		length -= UTF8_MARK_LENGTH;
	}
	r->take_cell(r->state, text, length);
	buffer_clear(&r->cell);
	r->begun = true;
	r->where = CELL_BEGINS;
}

static void
end_row(struct usage_rows *r)
{
	if (!r->begun && r->where == CELL_BEGINS)
		return;
	end_cell(r);
	r->end_row(r->state, r->fault);
	r->begun = false;
	r->fault = NULL;
}

static void
break_cell(struct usage_rows *r, const char *fault)
{
	r->fault = fault;
	r->where = CELL_BROKEN;
}

static void
feed_plain(struct usage_rows *r, char c)
{
	if (c == '"' && r->where == CELL_BEGINS) {
		r->where = CELL_QUOTED;
		return;
	}
	if (is_blank(r, c) && r->where == CELL_BEGINS)
		return;
	r->where = CELL_PLAIN;
	put(r, c);
	if (r->cell.length == UTF8_MARK_LENGTH &&
	    has_mark(r->cell.text, UTF8_MARK_LENGTH)) {
		buffer_clear(&r->cell);
		r->where = CELL_BEGINS;
	}
}

static void
feed_byte(struct usage_rows *r, char c)
{
	if (r->where == CELL_QUOTED) {
		if (c == '"')
			r->where = CELL_QUOTE;
		else
			put(r, c);
	} else if (r->where == CELL_QUOTE && c == '"') {
		put(r, c);
		r->where = CELL_QUOTED;
	} else if (c == '\r' || c == '\n') {
		end_row(r);
	} else if (r->where == CELL_BROKEN) {
		return;
	} else if (c == r->delimiter) {
		end_cell(r);
	} else if (r->where != CELL_QUOTE && r->where != CELL_CLOSED) {
		feed_plain(r, c);
	} else if (!is_blank(r, c)) {
		break_cell(r, "text stands behind a closing quote");
	} else {
		r->where = CELL_CLOSED;
	}
}

void
usage_rows_feed(struct usage_rows *r, const char *block, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		feed_byte(r, block[i]);
}

void
usage_rows_end(struct usage_rows *r)
{
	if (r->where == CELL_QUOTED)
		r->fault = "a quote is not closed";
	end_row(r);
}

char
usage_rows_delimiter(const char *text, size_t length)
{
	static const char delimiters[] = ",;\t|";
	size_t counts[sizeof(delimiters)] = { 0 }, i, best = 0;
	const char *found;
	bool quoted = false, begun = false;

	if (has_mark(text, length)) {
		text += UTF8_MARK_LENGTH;
		length -= UTF8_MARK_LENGTH;
	}
	if (length > strlen(SEPARATOR) &&
	    strncasecmp(text, SEPARATOR, strlen(SEPARATOR)) == 0)
		return text[strlen(SEPARATOR)];
	for (i = 0; i < length; i++) {
		quoted ^= text[i] == '"';
		if (!quoted && (text[i] == '\n' || text[i] == '\r')) {
			if (begun)
				break;
			continue;
		}
		begun = begun || (text[i] != ' ' && text[i] != '\t');
		found = text[i] == '\0' ? NULL : strchr(delimiters, text[i]);
		if (!quoted && found != NULL)
			counts[found - delimiters]++;
	}
	for (i = 1; i < strlen(delimiters); i++)
		if (counts[i] > counts[best])
			best = i;
	return delimiters[best];
}
