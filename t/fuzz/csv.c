/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CSV that is written, from a JSON list: a simple reader finds in it the rows,
 * columns and texts of the list, and the reader of usage files each row.
 */
#include "config.h"

#include "http/csv.h"

#include "base/formula.h"
#include "ctl/usage_reader.h"
#include "fuzz.h"

#define NESTING_MAX 16

/* ---- a simple reader ---- */

struct table {
	struct json_object *rows; /* a list of lists of texts */
	const char *at, *end;
};

/* Reads a cell up to its comma or line end. */
static struct json_object *
read_cell(struct arena *a, struct table *t)
{
	struct buffer text;
	bool quoted = t->at < t->end && *t->at == '"';

	buffer_init(&text, a, 0);
	t->at += quoted;
	for (; t->at < t->end; t->at++) {
		if (quoted && *t->at == '"' &&
		    (t->at + 1 == t->end || t->at[1] != '"'))
			break;
		if (!quoted && strchr(",\r\n", *t->at) != NULL)
			break;
		t->at += quoted && *t->at == '"';
		buffer_putc(&text, *t->at);
	}
	demand(!quoted || t->at < t->end);
	t->at += quoted;
	return json_object_new_string_len(text.text, (int)text.length);
}

static void
read_row(struct arena *a, struct table *t)
{
	struct json_object *row = json_object_new_array();

	json_object_array_add(t->rows, row);
	for (;;) {
		json_object_array_add(row, read_cell(a, t));
		if (t->at == t->end || *t->at != ',')
			break;
		t->at++;
	}
	demand(t->end - t->at >= 2 && memcmp(t->at, "\r\n", 2) == 0);
	t->at += 2;
}

static struct json_object *
read_table(struct arena *a, const struct buffer *text)
{
	struct table t = { json_own(a, json_object_new_array()), text->text,
		text->text + text->length };

	while (t.at < t.end)
		read_row(a, &t);
	return t.rows;
}

static const char *
cell(struct json_object *table, size_t row, size_t column)
{
	return json_object_get_string(json_object_array_get_idx(
	    json_object_array_get_idx(table, row), column));
}

/* ---- what must be in it ---- */

/* Adds the leaves of a value to an object, each with its joined name. */
static void
flatten(struct arena *a, struct json_object *value, const char *name,
    int depth, struct json_object *out)
{
	if (value == NULL)
		return;
	if (!json_object_is_type(value, json_type_object) ||
	    depth == NESTING_MAX) {
		json_object_object_add(out, name, json_object_get(value));
		return;
	}
	json_object_object_foreach(value, key, member)
		flatten(a, member, name[0] == '\0' ? key :
		    arena_printf(a, "%s_%s", name, key), depth + 1, out);
}

static struct json_object *
flat(struct arena *a, struct json_object *value)
{
	struct json_object *out = json_own(a, json_object_new_object());

	flatten(a, value, "", 0, out);
	return out;
}

static size_t
index_of(struct json_object *columns, const char *name)
{
	struct json_object *index;

	demand(json_object_object_get_ex(columns, name, &index));
	return (size_t)json_object_get_int64(index);
}

/* The columns of all rows: {name: index}. */
static struct json_object *
columns_of(struct arena *a, struct json_object *data, size_t rows)
{
	struct json_object *columns = json_own(a, json_object_new_object());
	size_t i;

	for (i = 0; i < rows; i++) {
		json_object_object_foreach(flat(a,
		    json_object_array_get_idx(data, i)), name, value) {
			(void)value;
			if (!json_object_object_get_ex(columns, name, NULL))
				json_put_int(columns, name,
				    json_object_object_length(columns));
		}
	}
	return columns;
}

static void
check_row(struct arena *a, struct json_object *columns, struct json_object *row,
    struct json_object *table, size_t number)
{
	size_t n = json_object_array_length(json_object_array_get_idx(table,
	    number)), i, filled = 0, width;
	struct json_object *leaves = flat(a, row);

	width = (size_t)json_object_object_length(columns);
	demand(n == (width == 0 ? 1 : width));
	json_object_object_foreach(leaves, name, leaf) {
		const char *text = cell(table, number,
		    index_of(columns, name));

		if (json_object_is_type(leaf, json_type_string))
			demand(fuzz_same(json_object_get_string(leaf), text +
			    (text[0] == '\'' && is_formula(text))));
		else
			demand(text[0] != '\0');
		filled += text[0] != '\0';
	}
	for (i = 0; i < n; i++)
		filled -= cell(table, number, i)[0] != '\0';
	demand(filled == 0);
}

/* ---- the reader of usage files ---- */

static bool
take(void *state, struct arena *a, const struct import_item *item)
{
	size_t *rows = state;

	(void)a;
	demand(item->document != NULL ||
	    strstr(item->reason, ": the cell is empty") != NULL);
	++*rows;
	return true;
}

/* It leaves out empty lines, which are rows without any text, and refuses two
 * columns for one field. */
static void
read_as_usage(struct arena *a, const struct buffer *text, size_t rows)
{
	static struct fuzz_file file;
	const struct usage_csv csv = { .delimiter = ',' };
	const char *error = NULL;
	size_t found = 0;

	fuzz_write(&file, (struct fuzz_part){ text->text, text->length });
	if (!usage_read_csv(a, file.path, &csv, take, &found, &error))
		demand(strstr(error, "\" are both ") != NULL);
	demand(found <= rows);
}

static void
check(struct arena *a, struct json_object *data)
{
	struct json_object *columns, *table;
	struct buffer out;
	size_t rows, i;

	buffer_init(&out, a, 0);
	if (!csv_write(&out, data, (struct csv_style){ 0 }, &rows))
		return;
	demand(rows == json_object_array_length(data));
	columns = columns_of(a, data, rows);
	table = read_table(a, &out);
	demand(json_object_array_length(table) == (rows == 0 ? 0 : rows + 1));
	for (i = 0; i < rows; i++)
		check_row(a, columns, json_object_array_get_idx(data, i), table,
		    i + 1);
	if (rows > 0 && json_object_object_length(columns) <= 200)
		read_as_usage(a, &out, rows);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const struct fuzz_part part = { (const char *)bytes, length };
	struct arena *a = arena_new(4096);
	struct json_object *data;
	const char *error;

	data = fuzz_json(a, part, &error);
	if (json_object_is_type(data, json_type_array))
		check(a, data);
	arena_free(&a);
	return 0;
}
