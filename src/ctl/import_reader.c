/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/import_reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/json.h"
#include "base/utf8.h"
#include "ctl/import_scan.h"

#define VALUE_MAX (64 * 1024 * 1024) /* bytes of one that is read as a whole */

struct reader {
	const char *path;
	FILE *file;
	struct arena *arena;
	bool (*each)(void *, struct arena *, const struct import_item *);
	void *state;
	int64_t offset;
	bool stopped;
};

/* Goes to the first byte behind a byte order mark. */
static void
to_begin(FILE *file)
{
	char first[UTF8_MARK_LENGTH];

	rewind(file);
	if (fread(first, 1, UTF8_MARK_LENGTH, file) != UTF8_MARK_LENGTH ||
	    memcmp(first, UTF8_MARK, UTF8_MARK_LENGTH) != 0)
		rewind(file);
}

static void
hand_over(struct reader *r, struct json_object *document, const char *reason,
    int64_t line)
{
	const struct import_item item = {
		.file = r->path,
		.line = line,
		.offset = r->offset,
		.document = document,
		.reason = reason,
	};

	if (!r->each(r->state, r->arena, &item))
		r->stopped = true;
}

static void
hand_over_document(struct reader *r, struct json_object *document,
    int64_t line)
{
	bool good = json_object_is_type(document, json_type_object);

	hand_over(r, good ? document : NULL,
	    good ? NULL : "it is not a JSON object", line);
}

/* The list of a dump, NULL: the value is a document itself. */
static struct json_object *
dump_list(struct json_object *value, bool *in_rows)
{
	struct json_object *list = json_array_at(value, "docs");

	*in_rows = list == NULL;
	return list != NULL ? list : json_array_at(value, "rows");
}

static void
hand_over_element(struct reader *r, struct json_object *element, bool in_rows,
    int64_t number)
{
	if (in_rows && json_at(element, "doc") == NULL)
		hand_over(r, NULL, "the row has no doc: export with "
		    "include_docs=true", number);
	else
		hand_over_document(r, in_rows ? json_at(element, "doc") :
		    element, number);
}

static void
hand_over_dump(struct reader *r, struct json_object *list, bool in_rows)
{
	size_t n = json_object_array_length(list), i;

	for (i = 0; i < n && !r->stopped; i++)
		hand_over_element(r, json_object_array_get_idx(list, i),
		    in_rows, (int64_t)i + 1);
}

static bool
is_blank(const char *text, size_t length)
{
	return strspn(text, " \t\r\n") >= length;
}

/* A line's value: a document, or a dump that was written on one line. */
static void
hand_over_value(struct reader *r, struct json_object *value, int64_t line)
{
	bool in_rows;
	struct json_object *list = dump_list(value, &in_rows);

	if (list != NULL)
		hand_over_dump(r, list, in_rows);
	else
		hand_over_document(r, value, line);
}

/* The next value of the file; NULL: it cannot be read, *error says why. */
static struct json_object *
read_value(struct reader *r, const char **error)
{
	struct buffer text;
	bool whole;

	buffer_init(&text, r->arena, VALUE_MAX);
	whole = import_scan_value(r->file, &text);
	r->offset = (int64_t)ftello(r->file);
	*error = whole ? "it is longer than 64 MiB" :
	    "it is not a whole value of JSON";
	return whole && !text.failed ?
	    json_parse_strict(r->arena, text.text, text.length, error) : NULL;
}

/* A dump from its first element on, whose elements are read one by one. Returns
 * their number. */
static int64_t
read_dump(struct reader *r, bool in_rows)
{
	struct json_object *value;
	const char *error;
	int64_t n = 0;

	while (!r->stopped && (n == 0 ? import_scan_peek(r->file) != ']' :
	    import_scan_take(r->file, ','))) {
		value = read_value(r, &error);
		n++;
		if (value == NULL)
			hand_over(r, NULL, error, n);
		else
			hand_over_element(r, value, in_rows, n);
		arena_reset(r->arena);
	}
	if (!r->stopped && !import_scan_list_end(r->file))
		hand_over(r, NULL, "the list is not closed", ++n);
	return n;
}

/* A value of several lines, if the whole file is one. */
static bool
read_whole(struct reader *r)
{
	struct json_object *value = NULL;
	const char *error;

	to_begin(r->file);
	if (!import_scan_value(r->file, NULL) || import_scan_peek(r->file) != EOF)
		return false;
	to_begin(r->file);
	if ((value = read_value(r, &error)) == NULL)
		return false;
	hand_over_value(r, value, 1);
	arena_reset(r->arena);
	return true;
}

/* Lines, each a document; line is the number of the first. False: that of the
 * file is none, and may be a part of one. */
static bool
read_lines(struct reader *r, int64_t line, bool may_be_whole)
{
	struct json_object *value;
	char *text = NULL;
	const char *error;
	size_t size = 0, mark;
	bool ok = true;
	ssize_t n;

	for (; ok && !r->stopped && (n = getline(&text, &size, r->file)) > 0;
	    line++) {
		r->offset += n;
		/* Of a file that was put behind another. */
		mark = strncmp(text, UTF8_MARK, UTF8_MARK_LENGTH) == 0 ? UTF8_MARK_LENGTH : 0;
		if (is_blank(text + mark, (size_t)n - mark))
			continue;
		value = json_parse_strict(r->arena, text + mark,
		    (size_t)n - mark, &error);
		if (value != NULL)
			hand_over_value(r, value, line);
		else if (line == 1 && may_be_whole)
			ok = false;
		else
			hand_over(r, NULL, error, line);
		arena_reset(r->arena);
	}
	free(text);
	return ok;
}

/* Dumps that stand behind each other, and lines behind them. False: the file does
 * not begin with one. */
static bool
read_dumps(struct reader *r)
{
	int64_t elements = 0;
	off_t behind = 0;
	bool in_rows;

	while (!r->stopped && import_scan_list(r->file, r->arena, &in_rows)) {
		elements = read_dump(r, in_rows);
		behind = ftello(r->file);
		r->offset = (int64_t)behind;
	}
	if (behind == 0 || r->stopped)
		return behind != 0;
	if (fseeko(r->file, behind, SEEK_SET) == 0)
		(void)read_lines(r, elements + 1, false);
	return true;
}

static void
read_file(struct reader *r)
{
	to_begin(r->file);
	if (read_dumps(r))
		return;
	to_begin(r->file);
	arena_reset(r->arena);
	if (read_lines(r, 1, true) || read_whole(r))
		return;
	to_begin(r->file);
	r->offset = 0;
	(void)read_lines(r, 1, false);
}

bool
import_copy(FILE *from, FILE *to)
{
	char block[65536];
	size_t n;

	while ((n = fread(block, 1, sizeof(block), from)) > 0)
		if (fwrite(block, 1, n, to) != n)
			return false;
	return ferror(from) == 0;
}

/* A file that can be read from its beginning again: a copy of a pipe. NULL:
 * errno says why there is none. */
static FILE *
seekable(FILE *own_file)
{
	FILE *copy;

	if (fseeko(own_file, 0, SEEK_SET) == 0)
		return own_file;
	copy = tmpfile();
	if (copy != NULL && !import_copy(own_file, copy)) {
		fclose(copy);
		copy = NULL;
	}
	fclose(own_file);
	if (copy != NULL)
		rewind(copy);
	return copy;
}

bool
import_read(const char *path, bool (*each)(void *state,
    struct arena *item_arena, const struct import_item *item), void *state,
    const char **error)
{
	struct reader r = { .path = path, .each = each, .state = state };
	bool ok;

	if ((r.file = fopen(path, "r")) == NULL ||
	    (r.file = seekable(r.file)) == NULL) {
		*error = strerror(errno);
		return false;
	}
	r.arena = arena_new(64 * 1024);
	read_file(&r);
	ok = ferror(r.file) == 0;
	if (!ok)
		*error = strerror(errno);
	arena_free(&r.arena);
	fclose(r.file);
	return ok;
}

int64_t
import_size(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) ? st.st_size : 0;
}
