/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/audit_lines.h"

#include <string.h>

#include "base/json.h"
#include "base/utf8.h"

const char *
audit_form_name(enum audit_form form)
{
	return form == AUDIT_INVOICE ? "invoice" : "quantities";
}

/* Reads a whole number; a missing one is 0. */
static bool
whole_or_zero(struct json_object *tree, const char *path, int64_t *out)
{
	*out = 0;
	return json_at(tree, path) == NULL || json_int_at(tree, path, out);
}

static bool
named(struct json_object *item, const char *key, struct audit_line *line)
{
	const char *category = json_string_at(item, "category");

	line->service = json_string_at(item, key);
	line->category = category == NULL ? "" : category;
	return line->service != NULL && line->service[0] != '\0' &&
	    utf8_characters(line->service) <= SERVICE_NAME_MAX &&
	    utf8_characters(line->category) <= SERVICE_NAME_MAX;
}

/* Returns 1: a line was read; 0: nothing to count; -1: *why it cannot be. */
static int
invoice_line(struct json_object *item, struct audit_line *line,
    const char **why)
{
	struct json_object *changes;

	if (!json_object_is_type(item, json_type_object)) {
		*why = "an invoice item is not an object";
		return -1;
	}
	changes = json_at(item, "changes");
	if (changes == NULL)
		return 0;
	if (json_object_at(changes, "difference") == NULL) {
		*why = "an invoice item has changes without a difference";
		return -1;
	}
	if (!whole_or_zero(changes, "difference.billable", &line->difference) ||
	    !whole_or_zero(item, "billable", &line->quantity)) {
		*why = "billable of an invoice item is not a whole number";
		return -1;
	}
	if (line->difference == 0)
		return 0;
	if (!named(item, "item", line)) {
		*why = "an invoice item has no usable name";
		return -1;
	}
	return 1;
}

static int
quantity_line(struct json_object *element, struct audit_line *line,
    const char **why)
{
	if (!json_object_is_type(element, json_type_object)) {
		*why = "an element of audit is not an object";
		return -1;
	}
	if (!whole_or_zero(element, "quantity", &line->difference) ||
	    !whole_or_zero(element, "billable", &line->quantity)) {
		*why = "quantity or billable of an element of audit is not a "
		       "whole number";
		return -1;
	}
	if (!named(element, "source", line)) {
		*why = "an element of audit has no usable source";
		return -1;
	}
	return 1;
}

bool
audit_lines_of(struct arena *a, struct json_object *document,
    enum audit_form form, struct audit_lines *out, const char **why)
{
	struct json_object *elements = json_array_at(document,
	    form == AUDIT_INVOICE ? "invoice.items" : "audit");
	size_t n = elements == NULL ? 0 : json_object_array_length(elements), i;
	struct json_object *element;
	int found;

	memset(out, 0, sizeof(*out));
	if (form == AUDIT_INVOICE && json_object_at(document, "invoice") == NULL) {
		*why = "it has no invoice";
		return false;
	}
	out->lines = arena_alloc(a, n * sizeof(*out->lines));
	for (i = 0; i < n; i++) {
		element = json_object_array_get_idx(elements, i);
		found = form == AUDIT_INVOICE ?
		    invoice_line(element, &out->lines[out->count], why) :
		    quantity_line(element, &out->lines[out->count], why);
		if (found < 0) {
			out->count = 0;
			return false;
		}
		out->count += (size_t)found;
	}
	return true;
}

void
audit_lines_json(const struct audit_lines *lines, struct buffer *out)
{
	struct json_writer w;
	size_t i;

	json_writer_init(&w, out);
	json_begin_array(&w);
	for (i = 0; i < lines->count; i++) {
		json_begin_array(&w);
		json_string(&w, lines->lines[i].service);
		json_string(&w, lines->lines[i].category);
		json_int(&w, lines->lines[i].difference);
		json_int(&w, lines->lines[i].quantity);
		json_end(&w);
	}
	json_end(&w);
}
