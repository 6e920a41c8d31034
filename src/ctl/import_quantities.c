/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/import_quantities.h"

#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "billing/quantity_document.h"
#include "ctl/command.h"

/* Items under the name of an older version, and under today's. */
static const struct {
	const char *category, *old, *item;
	bool flat; /* a name of before 4.3 */
} names[] = {
	{ "users", "null", "user", false }, /* of users without a priv_level */
	{ "voicemails", "vmbox", "mailbox", true },
	{ "faxes", "faxbox", "mailbox", true },
};

/* False: the sum exceeds 64 bits. */
static bool
rename_items(struct arena *a, bool flat, struct quantity_table *table)
{
	int64_t number;
	size_t i;

	for (i = 0; i < NELEM(names); i++) {
		if ((names[i].flat && !flat) || !quantity_table_get(table,
		    names[i].category, names[i].old, &number))
			continue;
		quantity_table_remove(table, names[i].category, names[i].old);
		if (!quantity_table_add(a, table, names[i].category,
		    names[i].item, number))
			return false;
	}
	return true;
}

static bool
ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), n = strlen(end);

	return length >= n && strcmp(text + length - n, end) == 0;
}

/*
 * Removes the items of call centres that say neither recipient nor queue: one
 * version of Kazoo sums both under the name of the offering. The users and
 * queues themselves count.
 */
static void
drop_offerings(struct quantity_table *table, const char *scope,
    struct buffer *notes)
{
	struct quantity_rows rows = quantity_table_category(table, "qubicle");
	const char *item;
	size_t i = 0;

	while (i < rows.count) {
		item = rows.rows[i].item;
		if (ends_with(item, "_recipient") || ends_with(item, "_queue")) {
			i++;
			continue;
		}
		buffer_printf(notes, "%squantities.%s.qubicle.%s (users and "
		    "queues of that offering are counted)",
		    notes->length > 0 ? ", " : "", scope, item);
		quantity_table_remove(table, "qubicle", item);
		rows = quantity_table_category(table, "qubicle");
	}
}

/* Names members beside the scopes. */
static void
note_others(struct json_object *quantities, struct buffer *notes)
{
	enum quantity_scope scope;

	json_object_object_foreach(quantities, name, value) {
		(void)value;
		if (!quantity_scope_named(name, &scope))
			buffer_printf(notes, "%squantities.%s",
			    notes->length > 0 ? ", " : "", name);
	}
}

static bool
is_flat(struct json_object *quantities)
{
	enum quantity_scope scope;

	if (quantities == NULL)
		return true;
	json_object_object_foreach(quantities, name, value) {
		(void)value;
		if (quantity_scope_named(name, &scope))
			return false;
	}
	return true;
}

static struct problem *
read_tables(struct arena *a, struct json_object *document,
    struct import_quantities *out)
{
	struct json_object *quantities = json_object_at(document, "quantities");
	struct json_object *manual = json_object_at(document,
	    "manual_quantities");
	struct problem *p = NULL;
	enum quantity_scope scope;
	const char *name;

	out->flat = is_flat(quantities);
	if (out->flat) {
		p = quantity_table_read(a, quantities, "quantities",
		    QUANTITY_KEPT, &out->tables[QUANTITY_ACCOUNT]);
		return p != NULL ? p : quantity_table_read(a, manual,
		    "manual_quantities", QUANTITY_KEPT,
		    &out->tables[QUANTITY_MANUAL]);
	}
	/* Scopes that are not objects have none. */
	for (scope = 0; scope < QUANTITY_SCOPE__MAX && p == NULL; scope++) {
		name = quantity_scope_name(scope);
		p = quantity_table_read(a, json_object_at(quantities, name),
		    problem_path(a, "quantities", name), QUANTITY_KEPT,
		    &out->tables[scope]);
	}
	return p;
}

const char *
import_quantities_read(struct arena *a, struct json_object *document,
    struct import_quantities *out)
{
	struct json_object *quantities = json_at(document, "quantities");
	enum quantity_scope scope;
	struct buffer notes;
	struct problem *p;

	*out = (struct import_quantities){ .flat = false };
	buffer_init(&notes, a, 0);
	if ((p = read_tables(a, document, out)) != NULL)
		return arena_printf(a, "its quantities are not {category: "
		    "{item: whole number}}: %s", ctl_describe(a, p));
	for (scope = 0; scope < QUANTITY_MANUAL; scope++) {
		if (!rename_items(a, out->flat, &out->tables[scope]))
			return "its quantities are more than 64 bits count";
		drop_offerings(&out->tables[scope], quantity_scope_name(scope),
		    &notes);
	}
	if (quantities != NULL &&
	    !json_object_is_type(quantities, json_type_object))
		buffer_puts(&notes, "quantities (not an object)");
	else if (quantities != NULL && !out->flat)
		note_others(quantities, &notes);
	out->note = notes.length > 0 ? notes.text : NULL;
	return NULL;
}
