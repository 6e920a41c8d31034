/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/import_reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/json.h"
#include "base/log.h"

struct reader {
	const char *path;
	FILE *file;
	struct arena *arena;
	bool (*each)(void *, struct arena *, const struct import_item *);
	void *state;
	int64_t offset;
	bool stopped;
};

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
hand_over_dump(struct reader *r, struct json_object *list, bool in_rows)
{
	size_t n = json_object_array_length(list), i;
	struct json_object *element;

	for (i = 0; i < n && !r->stopped; i++) {
		element = json_object_array_get_idx(list, i);
		if (in_rows && json_at(element, "doc") == NULL)
			hand_over(r, NULL, "the row has no doc: export with "
			    "include_docs=true", (int64_t)i + 1);
		else
			hand_over_document(r, in_rows ?
			    json_at(element, "doc") : element, (int64_t)i + 1);
	}
}

/* Everything from the text in hand to the end of the file. */
static char *
rest_of_file(struct reader *r, char *text, size_t *length)
{
	size_t capacity = *length + 65536, n;

	for (;;) {
		text = realloc(text, capacity);
		if (text == NULL)
			return NULL;
		n = fread(text + *length, 1, capacity - *length, r->file);
		*length += n;
		if (n == 0)
			return text;
		if (*length == capacity)
			capacity *= 2;
	}
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

/*
 * Reads a value of several lines, if the first line is not a whole value. False:
 * the text is not a single value; *text is then the whole file.
 */
static bool
read_whole(struct reader *r, char **text, size_t *length)
{
	struct json_object *value;
	const char *error;

	*text = rest_of_file(r, *text, length);
	if (*text == NULL)
		log_fatal(71, "out of memory");
	value = json_parse(r->arena, *text, *length, &error);
	if (value == NULL)
		return false;
	r->offset = (int64_t)*length;
	hand_over_value(r, value, 1);
	arena_reset(r->arena);
	return true;
}

static bool read_lines(struct reader *r, bool may_be_whole);

/* The file from its first line on, now that it is known to be lines. */
static bool
read_text_lines(struct reader *r, char *text, size_t length)
{
	FILE *file = r->file;
	bool ok = false;

	r->file = fmemopen(text, length, "r");
	r->offset = 0;
	if (r->file != NULL) {
		ok = read_lines(r, false);
		fclose(r->file);
	}
	r->file = file;
	return ok;
}

/* Lines, each a document; true: the file was read. */
static bool
read_lines(struct reader *r, bool may_be_whole)
{
	struct json_object *value;
	char *text = NULL;
	const char *error;
	size_t size = 0, length;
	ssize_t n;
	int64_t line = 0;
	bool ok;

	while (!r->stopped && (n = getline(&text, &size, r->file)) > 0) {
		length = (size_t)n;
		line++;
		r->offset += n;
		if (is_blank(text, length))
			continue;
		value = json_parse(r->arena, text, length, &error);
		if (value == NULL && line == 1 && may_be_whole) {
			ok = read_whole(r, &text, &length) ||
			    read_text_lines(r, text, length);
			free(text);
			return ok && ferror(r->file) == 0;
		}
		if (value == NULL)
			hand_over(r, NULL, error, line);
		else
			hand_over_value(r, value, line);
		arena_reset(r->arena);
	}
	free(text);
	return ferror(r->file) == 0;
}

bool
import_read(const char *path, bool (*each)(void *state,
    struct arena *item_arena, const struct import_item *item), void *state,
    const char **error)
{
	struct reader r = { .path = path, .each = each, .state = state };
	bool ok;

	r.file = fopen(path, "r");
	if (r.file == NULL) {
		*error = strerror(errno);
		return false;
	}
	r.arena = arena_new(64 * 1024);
	ok = read_lines(&r, true);
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
