/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "http/csv.h"

#include <string.h>

#include "base/json.h"

#define NESTING_MAX 16 /* deeper values are written as JSON */

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

/* Adds the leaves of a value to a flat object, with joined names. */
static void
flatten(struct arena *a, struct json_object *flat, const char *name,
    struct json_object *value, int depth)
{
	const char *inner;

	if (value == NULL)
		return;
	if (!json_object_is_type(value, json_type_object) ||
	    depth == NESTING_MAX) {
		json_object_object_add(flat, name, json_object_get(value));
		return;
	}
	json_object_object_foreach(value, key, member) {
		inner = name[0] == '\0' ? key :
		    arena_printf(a, "%s_%s", name, key);
		flatten(a, flat, inner, member, depth + 1);
	}
}

static const char *
cell_text(struct json_object *cell)
{
	if (json_object_is_type(cell, json_type_string))
		return json_object_get_string(cell);
	return json_object_to_json_string_ext(cell,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
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

static void
write_header(struct buffer *out, struct json_object *columns)
{
	const char *separator = "";

	json_object_object_foreach(columns, key, unused) {
		(void)unused;
		buffer_puts(out, separator);
		write_cell(out, heading_of(key));
		separator = ",";
	}
	buffer_puts(out, "\r\n");
}

static void
write_row(struct buffer *out, struct json_object *columns,
    struct json_object *flat)
{
	const char *separator = "";
	struct json_object *cell;

	json_object_object_foreach(columns, key, unused) {
		(void)unused;
		buffer_puts(out, separator);
		if (json_object_object_get_ex(flat, key, &cell))
			write_cell(out, cell_text(cell));
		separator = ",";
	}
	buffer_puts(out, "\r\n");
}

size_t
csv_write(struct buffer *out, struct json_object *data)
{
	struct arena *a = out->arena;
	bool list = json_object_is_type(data, json_type_array);
	size_t count = list ? json_object_array_length(data) :
	    json_object_object_length(data) > 0, i;
	struct json_object **rows = arena_alloc(a, count * sizeof(*rows));
	struct json_object *columns = json_own(a, json_object_new_object());

	if (count == 0)
		return 0;
	for (i = 0; i < count; i++) {
		rows[i] = json_own(a, json_object_new_object());
		flatten(a, rows[i], "", list ?
		    json_object_array_get_idx(data, i) : data, 0);
		json_object_object_foreach(rows[i], key, unused) {
			(void)unused;
			json_object_object_add(columns, key, NULL);
		}
	}
	write_header(out, columns);
	for (i = 0; i < count; i++)
		write_row(out, columns, rows[i]);
	return count;
}
