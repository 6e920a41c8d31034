/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/import_reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/json.h"

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

/* A file whose first line is no whole value is one value as a whole. */
static void
read_whole(struct reader *r, char *first, size_t length)
{
	struct json_object *value, *list;
	const char *error = "out of memory";
	char *text = rest_of_file(r, first, &length);
	bool in_rows;

	r->offset = (int64_t)length;
	value = text == NULL ? NULL : json_parse(r->arena, text, length, &error);
	if (value == NULL)
		hand_over(r, NULL, error, 1);
	else if ((list = dump_list(value, &in_rows)) != NULL)
		hand_over_dump(r, list, in_rows);
	else
		hand_over_document(r, value, 1);
	arena_reset(r->arena);
	free(text);
}

static bool
is_blank(const char *text, size_t length)
{
	return strspn(text, " \t\r\n") >= length;
}

/* Lines, each a document; true: the file was read. */
static bool
read_lines(struct reader *r)
{
	struct json_object *value, *list;
	char *text = NULL;
	const char *error;
	size_t size = 0;
	ssize_t length;
	int64_t line = 0;
	bool in_rows;

	while (!r->stopped && (length = getline(&text, &size, r->file)) > 0) {
		line++;
		r->offset += length;
		if (is_blank(text, (size_t)length))
			continue;
		value = json_parse(r->arena, text, (size_t)length, &error);
		if (value == NULL && line == 1 && !feof(r->file)) {
			read_whole(r, text, (size_t)length);
			return ferror(r->file) == 0;
		}
		if (value == NULL)
			hand_over(r, NULL, error, line);
		else if ((list = dump_list(value, &in_rows)) != NULL)
			hand_over_dump(r, list, in_rows);
		else
			hand_over_document(r, value, line);
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
	ok = read_lines(&r);
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
