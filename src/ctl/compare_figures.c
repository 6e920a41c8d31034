/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/compare_figures.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"

struct compared {
	struct arena *arena;
	struct json_object *by_name; /* millionths */
};

struct compared *
compared_new(struct arena *a)
{
	struct compared *f = arena_alloc(a, sizeof(*f));

	f->arena = a;
	f->by_name = json_own(a, json_object_new_object());
	return f;
}

static money_t
figure(struct compared *f, const char *name)
{
	struct json_object *known;

	return json_object_object_get_ex(f->by_name, name, &known) ?
	    json_object_get_int64(known) : 0;
}

static bool
is_number(struct json_object *value)
{
	return json_object_is_type(value, json_type_int) ||
	    json_object_is_type(value, json_type_double);
}

/* Adds a number. One that is absent is 0; false: it is something else, or too
 * large. */
static bool
add(struct compared *f, const char *name, struct json_object *value)
{
	money_t number, sum;

	if (value == NULL)
		return true;
	if (!is_number(value) || !money_parse(json_object_to_json_string(value),
	    &number) || !money_add(figure(f, name), number, &sum))
		return false;
	json_object_object_add(f->by_name, name, json_object_new_int64(sum));
	return true;
}

/* ---- the services summary ---- */

static bool
add_category(struct compared *f, const char *prefix, struct json_object *items)
{
	json_object_object_foreach(items, item, value)
		if (!add(f, arena_printf(f->arena, "%s.%s", prefix, item), value))
			return false;
	return true;
}

static bool
add_quantities(struct compared *f, struct json_object *quantities)
{
	static const char *const scopes[] = { "account", "cascade", "manual" };
	struct json_object *table;
	size_t i;

	for (i = 0; i < NELEM(scopes); i++) {
		table = json_object_at(quantities, scopes[i]);
		if (table == NULL)
			continue;
		json_object_object_foreach(table, category, items)
			if (!json_object_is_type(items, json_type_object) ||
			    !add_category(f, arena_printf(f->arena,
			    "quantities.%s.%s", scopes[i], category), items))
				return false;
	}
	return true;
}

static bool
add_line(struct compared *f, struct json_object *line)
{
	const char *category = json_string_at(line, "category");
	const char *item = json_string_at(line, "item");

	return category != NULL && item != NULL &&
	    add(f, arena_printf(f->arena, "invoices.%s.%s.quantity", category,
	        item), json_at(line, "quantity")) &&
	    add(f, arena_printf(f->arena, "invoices.%s.%s.total", category,
	        item), json_at(line, "total"));
}

static bool
add_invoice(struct compared *f, struct json_object *invoice)
{
	struct json_object *lines = json_array_at(invoice, "items");
	size_t i;

	if (lines == NULL)
		return false;
	for (i = 0; i < json_object_array_length(lines); i++)
		if (!add_line(f, json_object_array_get_idx(lines, i)))
			return false;
	return add(f, "invoices.recurring", json_at(invoice,
	    "summary.recurring"));
}

bool
compared_add_summary(struct compared *f, struct json_object *summary)
{
	struct json_object *quantities = json_object_at(summary, "quantities");
	struct json_object *invoices = json_array_at(summary, "invoices");
	size_t i;

	if (quantities == NULL || invoices == NULL ||
	    !add_quantities(f, quantities))
		return false;
	for (i = 0; i < json_object_array_length(invoices); i++)
		if (!add_invoice(f, json_object_array_get_idx(invoices, i)))
			return false;
	return true;
}

/* ---- the audit summary ---- */

static bool
add_day(struct compared *f, const char *what, const char *service,
    const char *day, struct json_object *row)
{
	static const char *const members[] = { "addition", "removal",
		"quantity" };
	size_t i;

	for (i = 0; i < NELEM(members); i++)
		if (!add(f, arena_printf(f->arena, "%s.%s.%s.%s", what, day,
		    service, members[i]), json_at(row, members[i])))
			return false;
	return json_object_is_type(row, json_type_object);
}

/* {day: row, ...}, or a list of such. */
static bool
add_service(struct compared *f, const char *what, const char *service,
    struct json_object *days)
{
	size_t i;

	if (json_object_is_type(days, json_type_array)) {
		for (i = 0; i < json_object_array_length(days); i++)
			if (!add_service(f, what, service,
			    json_object_array_get_idx(days, i)))
				return false;
		return true;
	}
	if (!json_object_is_type(days, json_type_object))
		return false;
	json_object_object_foreach(days, day, row)
		if (!add_day(f, what, service, day, row))
			return false;
	return true;
}

bool
compared_add_days(struct compared *f, const char *what, struct json_object *days)
{
	size_t i;

	/* Objects of some of the services, in any number. */
	if (json_object_is_type(days, json_type_array)) {
		for (i = 0; i < json_object_array_length(days); i++)
			if (!json_object_is_type(json_object_array_get_idx(days,
			    i), json_type_object) || !compared_add_days(f, what,
			    json_object_array_get_idx(days, i)))
				return false;
		return true;
	}
	if (!json_object_is_type(days, json_type_object))
		return false;
	json_object_object_foreach(days, service, of_days)
		if (!add_service(f, what, service, of_days))
			return false;
	return true;
}

/* ---- side by side ---- */

static int
by_text(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

void
compared_each_difference(struct compared *theirs, struct compared *ours,
    void (*tell)(void *state, const char *name, money_t theirs, money_t ours),
    void *state)
{
	size_t most = (size_t)json_object_object_length(theirs->by_name) +
	    (size_t)json_object_object_length(ours->by_name), count = 0, i;
	const char **names = arena_alloc(ours->arena,
	    (most + 1) * sizeof(*names));
	money_t number;

	json_object_object_foreach(theirs->by_name, name, unused) {
		(void)unused;
		names[count++] = name;
	}
	{
		json_object_object_foreach(ours->by_name, our_name, also) {
			(void)also;
			if (!json_object_object_get_ex(theirs->by_name, our_name,
			    NULL))
				names[count++] = our_name;
		}
	}
	qsort(names, count, sizeof(*names), by_text);
	for (i = 0; i < count; i++) {
		number = figure(theirs, names[i]);
		if (number != figure(ours, names[i]))
			tell(state, names[i], number, figure(ours, names[i]));
	}
}
