/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/audit_lines.h"

#include <string.h>

#include "base/json.h"
#include "base/json_walk.h"
#include "base/utf8.h"

#define FIRST_ROOM 8 /* lines */

const char *
audit_form_name(enum audit_form form)
{
	return form == AUDIT_INVOICE ? "invoice" : "quantities";
}

/* The members of an element that make its line, as they are written. */
struct element {
	struct json_span name;
	struct json_span category;
	struct json_span difference;
	struct json_span quantity;
	bool changed;        /* of an invoice item: it has changes, */
	bool has_difference; /* and they a difference */
};

static bool
is_missing(const struct json_span *value)
{
	return value->at == NULL || value->at[0] == 'n';
}

/* Reads a whole number; a missing one is 0. */
static bool
whole_or_zero(struct arena *a, const struct json_span *value, int64_t *out)
{
	*out = 0;
	return is_missing(value) || json_span_int(a, value, out);
}

static bool
named(struct arena *a, const struct element *e, struct audit_line *line)
{
	const char *category = json_span_string(a, &e->category);

	line->service = json_span_string(a, &e->name);
	line->category = category == NULL ? "" : category;
	return line->service != NULL && line->service[0] != '\0' &&
	    utf8_characters(line->service) <= SERVICE_NAME_MAX &&
	    utf8_characters(line->category) <= SERVICE_NAME_MAX;
}

/* ---- items of invoices ---- */

static void
read_difference(struct json_walk *w, struct element *e)
{
	struct json_span name, value;

	e->has_difference = true;
	while (json_walk_member(w, &name)) {
		value = json_walk_skip(w);
		if (json_span_is(&name, "billable"))
			e->difference = value;
	}
}

static void
read_changes(struct json_walk *w, struct element *e)
{
	struct json_span name, value;

	e->changed = true;
	if (!json_walk_enter(w, '{')) {
		value = json_walk_skip(w);
		e->changed = !is_missing(&value);
		return;
	}
	while (json_walk_member(w, &name))
		if (json_span_is(&name, "difference") &&
		    json_walk_enter(w, '{'))
			read_difference(w, e);
		else
			json_walk_skip(w);
}

static void
read_item(struct json_walk *w, struct element *e)
{
	struct json_span name, value;

	while (json_walk_member(w, &name)) {
		if (json_span_is(&name, "changes")) {
			read_changes(w, e);
			continue;
		}
		value = json_walk_skip(w);
		if (json_span_is(&name, "item"))
			e->name = value;
		else if (json_span_is(&name, "category"))
			e->category = value;
		else if (json_span_is(&name, "billable"))
			e->quantity = value;
	}
}

/* Returns 1: a line was read; 0: nothing to count; -1: *why it cannot be. */
static int
invoice_line(struct arena *a, struct json_walk *w, struct audit_line *line,
    const char **why)
{
	struct element e = { .changed = false };

	if (!json_walk_enter(w, '{')) {
		*why = "an invoice item is not an object";
		return -1;
	}
	read_item(w, &e);
	if (!e.changed)
		return 0;
	if (!e.has_difference) {
		*why = "an invoice item has changes without a difference";
		return -1;
	}
	if (!whole_or_zero(a, &e.difference, &line->difference) ||
	    !whole_or_zero(a, &e.quantity, &line->quantity)) {
		*why = "billable of an invoice item is not a whole number";
		return -1;
	}
	if (line->difference == 0)
		return 0;
	if (!named(a, &e, line)) {
		*why = "an invoice item has no usable name";
		return -1;
	}
	return 1;
}

/* ---- elements of "audit" ---- */

static void
read_quantity(struct json_walk *w, struct element *e)
{
	struct json_span name, value;

	while (json_walk_member(w, &name)) {
		value = json_walk_skip(w);
		if (json_span_is(&name, "source"))
			e->name = value;
		else if (json_span_is(&name, "category"))
			e->category = value;
		else if (json_span_is(&name, "quantity"))
			e->difference = value;
		else if (json_span_is(&name, "billable"))
			e->quantity = value;
	}
}

static int
quantity_line(struct arena *a, struct json_walk *w, struct audit_line *line,
    const char **why)
{
	struct element e = { .changed = false };

	if (!json_walk_enter(w, '{')) {
		*why = "an element of audit is not an object";
		return -1;
	}
	read_quantity(w, &e);
	if (!whole_or_zero(a, &e.difference, &line->difference) ||
	    !whole_or_zero(a, &e.quantity, &line->quantity)) {
		*why = "quantity or billable of an element of audit is not a "
		       "whole number";
		return -1;
	}
	if (!named(a, &e, line)) {
		*why = "an element of audit has no usable source";
		return -1;
	}
	return 1;
}

/* ---- documents ---- */

static struct audit_line *
room_for_line(struct arena *a, struct audit_lines *lines, size_t *room)
{
	struct audit_line *longer;

	if (lines->count < *room)
		return &lines->lines[lines->count];
	*room = *room == 0 ? FIRST_ROOM : 2 * *room;
	longer = arena_alloc(a, *room * sizeof(*longer));
	if (lines->count > 0)
		memcpy(longer, lines->lines, lines->count * sizeof(*longer));
	lines->lines = longer;
	return &lines->lines[lines->count];
}

/* Goes to the list of a document. False: it has none. */
static bool
enter_list(struct json_walk *w, enum audit_form form, const char **why)
{
	if (form == AUDIT_QUANTITIES)
		return json_walk_to(w, "audit") && json_walk_enter(w, '[');
	if (!json_walk_to(w, "invoice") || w->at[0] != '{') {
		*why = "it has no invoice";
		return false;
	}
	return json_walk_to(w, "items") && json_walk_enter(w, '[');
}

bool
audit_lines_of(struct arena *a, const char *document, enum audit_form form,
    struct audit_lines *out, const char **why)
{
	struct json_walk w = json_walk_begin(document, strlen(document));
	struct audit_line *line;
	size_t room = 0;
	int found;

	memset(out, 0, sizeof(*out));
	*why = NULL;
	if (!enter_list(&w, form, why))
		return *why == NULL;
	while (json_walk_element(&w)) {
		line = room_for_line(a, out, &room);
		found = form == AUDIT_INVOICE ?
		    invoice_line(a, &w, line, why) :
		    quantity_line(a, &w, line, why);
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
