/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "http/csv.h"

#include <string.h>

#include "base/formula.h"
#include "base/json.h"
#include "base/utf8.h"

#define NESTING_MAX 16 /* deeper values are written as JSON */

struct csv {
	struct csv_style style;
	struct json_object *columns; /* the index of each name, in order */
	size_t count;
	size_t names; /* bytes */
	struct buffer name; /* of the leaf that is being visited */
	struct json_object *cells[CSV_COLUMNS_MAX]; /* of the row, lent */
};

static const struct heading {
	const char *key;
	const char *heading;
} headings[] = {
	{ "account_id", "Account ID" },
	{ "account_name", "Account Name" },
	{ "amount", "Amount" },
	{ "description", "Description" },
	{ "id", "ID" },
	{ "period_start", "Start Time" },
	{ "period_end", "End Time" },
	{ "source_id", "Source ID" },
	{ "source_service", "Source Service" },
	{ "usage_quantity", "Usage Quantity" },
	{ "usage_type", "Usage Type" },
	{ "usage_unit", "Usage Unit" },
	{ "metadata_direction", "Direction" },
	{ "metadata_from", "From" },
	{ "metadata_to", "To" },
	{ "metadata_caller_id_number", "Caller ID Number" },
	{ "metadata_caller_id_name", "Caller ID Name" },
	{ "metadata_callee_id_number", "Callee ID Number" },
	{ "metadata_callee_id_name", "Callee ID Name" },
	{ "metadata_rate_description", "Rate Description" },
	{ "metadata_rate_increment", "Rate Increment" },
	{ "metadata_rate_minimum", "Rate Minimum" },
	{ "metadata_rate_name", "Rate Name" },
	{ "metadata_rate_nocharge_time", "Grace Period" },
	{ "metadata_rate_value", "Rate" },
};

static void
write_cell(struct buffer *out, const char *text)
{
	if (text[strcspn(text, ",\"\r\n")] == '\0') {
		buffer_puts(out, text);
		return;
	}
	buffer_putc(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			buffer_putc(out, '"');
		buffer_putc(out, *text);
	}
	buffer_putc(out, '"');
}

static void
write_text(const struct csv *csv, struct buffer *out, const char *text)
{
	if (!csv->style.raw && is_formula(text))
		text = arena_printf(out->arena, "'%s", text);
	write_cell(out, text);
}

static void
write_leaf(const struct csv *csv, struct buffer *out, struct json_object *leaf)
{
	if (json_object_is_type(leaf, json_type_string))
		write_text(csv, out, json_object_get_string(leaf));
	else
		write_cell(out, json_object_to_json_string_ext(leaf,
		    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
}

static const char *
heading_of(const char *key)
{
	size_t i;

	for (i = 0; i < NELEM(headings); i++)
		if (strcmp(headings[i].key, key) == 0)
			return headings[i].heading;
	return key;
}

struct csv *
csv_new(struct arena *a, struct csv_style style)
{
	struct csv *csv = arena_alloc(a, sizeof(*csv));

	csv->style = style;
	csv->columns = json_own(a, json_object_new_object());
	buffer_init(&csv->name, a, 0);
	return csv;
}

/* ---- columns ---- */

/* Takes a leaf, named csv->name. False: no further one is wanted. */
typedef bool leaf_fn(struct csv *csv, struct json_object *leaf);

static void
cut_name(struct csv *csv, size_t length)
{
	csv->name.length = length;
	csv->name.text[length] = '\0';
}

/* Visits the leaves of a value, each with its joined name. */
static bool
visit(struct csv *csv, struct json_object *value, int depth, leaf_fn *fn)
{
	size_t length = csv->name.length;
	bool goes_on = true;

	if (value == NULL)
		return true;
	if (!json_object_is_type(value, json_type_object) ||
	    depth == NESTING_MAX)
		return fn(csv, value);
	json_object_object_foreach(value, key, member) {
		if (length > 0)
			buffer_putc(&csv->name, '_');
		buffer_puts(&csv->name, key);
		goes_on = visit(csv, member, depth + 1, fn);
		cut_name(csv, length);
		if (!goes_on)
			break;
	}
	return goes_on;
}

static bool
note_column(struct csv *csv, struct json_object *leaf)
{
	(void)leaf;
	if (json_object_object_get_ex(csv->columns, csv->name.text, NULL))
		return true;
	csv->names += csv->name.length;
	if (csv->count == CSV_COLUMNS_MAX || csv->names > CSV_NAMES_MAX)
		return false;
	json_object_object_add(csv->columns, csv->name.text,
	    json_object_new_int64((int64_t)csv->count++));
	return true;
}

bool
csv_note(struct csv *csv, const char *prefix, struct json_object *row)
{
	bool fits;

	buffer_puts(&csv->name, prefix);
	fits = visit(csv, row, prefix[0] != '\0', note_column);
	cut_name(csv, 0);
	return fits;
}

void
csv_write_header(struct csv *csv, struct buffer *out)
{
	const char *separator = csv->style.mark ? UTF8_MARK : "";

	json_object_object_foreach(csv->columns, key, unused) {
		(void)unused;
		buffer_puts(out, separator);
		write_text(csv, out, heading_of(key));
		separator = ",";
	}
	buffer_puts(out, "\r\n");
}

/* ---- rows ---- */

static bool
place_cell(struct csv *csv, struct json_object *leaf)
{
	struct json_object *index;

	/* Two names of a row may be joined to the same: the last is shown. */
	if (json_object_object_get_ex(csv->columns, csv->name.text, &index))
		csv->cells[json_object_get_int64(index)] = leaf;
	return true;
}

void
csv_write_row(struct csv *csv, struct buffer *out, struct json_object *row)
{
	size_t i;

	memset(csv->cells, 0, csv->count * sizeof(*csv->cells));
	(void)visit(csv, row, 0, place_cell);
	for (i = 0; i < csv->count; i++) {
		if (i > 0)
			buffer_putc(out, ',');
		if (csv->cells[i] != NULL)
			write_leaf(csv, out, csv->cells[i]);
	}
	buffer_puts(out, "\r\n");
}

bool
csv_write(struct buffer *out, struct json_object *data, struct csv_style style,
    size_t *rows)
{
	struct csv *csv = csv_new(out->arena, style);
	bool list = json_object_is_type(data, json_type_array);
	size_t count = list ? json_object_array_length(data) :
	    json_object_object_length(data) > 0, i;

	*rows = count;
	for (i = 0; i < count; i++)
		if (!csv_note(csv, "", list ?
		    json_object_array_get_idx(data, i) : data))
			return false;
	if (count > 0)
		csv_write_header(csv, out);
	for (i = 0; i < count; i++)
		csv_write_row(csv, out, list ?
		    json_object_array_get_idx(data, i) : data);
	return true;
}
