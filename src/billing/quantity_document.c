/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/quantity_document.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "billing/line.h"

static const struct range {
	int64_t min;
	int64_t max;
} ranges[] = {
	[QUANTITY_ASKED] = { 0, LINE_COUNT_MAX },
	/* INT64_MIN marks removed quantities when they are stored. */
	[QUANTITY_KEPT] = { -INT64_MAX, INT64_MAX },
};

/* A document being read. */
struct quantity_reader {
	struct arena *arena;
	const char *prefix;
	enum quantity_origin origin;
};

/* A change of one item, or (item NULL) of a whole category. */
struct edit {
	const char *category;
	const char *item;
	bool gone;
	int64_t number;
};

/* ---- checking ---- */

static const char *
path_of(const struct quantity_reader *r, const char *category, const char *item)
{
	const char *path = problem_path(r->arena, r->prefix, category);

	return item == NULL ? path : problem_path(r->arena, path, item);
}

static struct problem *
wrong_type(const struct quantity_reader *r, const char *path, const char *type)
{
	return problem_invalid(r->arena, path, "type",
	    "Value did not match type(s): %s", type);
}

static bool
is_name(const char *name, enum quantity_origin origin)
{
	size_t length = strlen(name);

	/* The database ignores blanks at the end of a name. */
	return length > 0 && utf8_characters(name) <= QUANTITY_NAME_MAX &&
	    (origin != QUANTITY_ASKED ||
	    (name[0] != ' ' && name[length - 1] != ' '));
}

static struct problem *
check_name(const struct quantity_reader *r, const char *category,
    const char *item)
{
	return is_name(item == NULL ? category : item, r->origin) ? NULL :
	    problem_invalid(r->arena, path_of(r, category, item), "maxLength",
	    "a name has 1 to %d characters%s", QUANTITY_NAME_MAX,
	    r->origin == QUANTITY_ASKED ? ", and no blank at either end" : "");
}

static struct problem *
check_number(const struct quantity_reader *r, const struct edit *edit)
{
	const struct range *range = &ranges[r->origin];
	const char *path;

	if (edit->number >= range->min && edit->number <= range->max)
		return NULL;
	path = path_of(r, edit->category, edit->item);
	return edit->number < range->min ?
	    problem_invalid(r->arena, path, "minimum",
	    "Value must be at least %" PRId64, range->min) :
	    problem_invalid(r->arena, path, "maximum",
	    "Value must be at most %" PRId64, range->max);
}

/* ---- reading ---- */

static struct problem *
read_item(const struct quantity_reader *r, const char *category,
    const char *item, struct json_object *value, struct edit *out)
{
	struct problem *p = check_name(r, category, item);

	if (p != NULL)
		return p;
	*out = (struct edit){
		.category = category,
		.item = arena_strdup(r->arena, item),
		.gone = value == NULL,
	};
	if (out->gone)
		return NULL;
	if (!json_object_is_type(value, json_type_int))
		return wrong_type(r, path_of(r, category, item), "integer");
	out->number = json_object_get_int64(value);
	return check_number(r, out);
}

static struct problem *
read_category(const struct quantity_reader *r, const char *category,
    struct json_object *items, struct edit *edits, size_t *count)
{
	struct problem *p = check_name(r, category, NULL);

	if (p != NULL)
		return p;
	category = arena_strdup(r->arena, category);
	if (items == NULL) {
		edits[(*count)++] = (struct edit){
			.category = category,
			.gone = true,
		};
		return NULL;
	}
	if (!json_object_is_type(items, json_type_object))
		return wrong_type(r, path_of(r, category, NULL), "object");
	json_object_object_foreach(items, item, value) {
		p = read_item(r, category, item, value, &edits[*count]);
		if (p != NULL)
			return p;
		(*count)++;
	}
	return NULL;
}

/* Returns the max number of edits in a document. */
static size_t
count_edits(struct json_object *document)
{
	size_t n = 0;

	json_object_object_foreach(document, category, items) {
		(void)category;
		n += json_object_is_type(items, json_type_object) ?
		    (size_t)json_object_object_length(items) : 1;
	}
	return n;
}

/* ---- applying edits ---- */

/* The edit of a whole category comes before those of its items. */
static int
compare(const char *category, const char *item, const struct edit *edit)
{
	int order = strcmp(category, edit->category);

	return order != 0 ? order :
	    edit->item == NULL ? (item == NULL ? 0 : 1) :
	    item == NULL ? -1 : strcmp(item, edit->item);
}

static int
by_name(const void *x, const void *y)
{
	const struct edit *edit = x;

	return compare(edit->category, edit->item, y);
}

/* True if the edit concerns the row or its whole category. */
static bool
is_edited(const struct quantity *row, const struct edit *edit)
{
	return strcmp(row->category, edit->category) == 0 &&
	    (edit->item == NULL || strcmp(row->item, edit->item) == 0);
}

/* Applies edits, sorted by name, in one pass over both lists. */
static void
lay_over(struct arena *a, struct quantity_table *table,
    const struct edit *edits, size_t count)
{
	struct quantity_table out = { .room = table->count + count };
	const struct quantity *rows = table->rows;
	const struct edit *edit;
	size_t row = 0, i;

	out.rows = arena_alloc(a, out.room * sizeof(*out.rows));
	for (i = 0; i < count; i++) {
		edit = &edits[i];
		while (row < table->count && compare(rows[row].category,
		    rows[row].item, edit) < 0)
			out.rows[out.count++] = rows[row++];
		while (row < table->count && is_edited(&rows[row], edit))
			row++;
		if (!edit->gone)
			out.rows[out.count++] = (struct quantity){
				edit->category, edit->item, edit->number };
	}
	while (row < table->count)
		out.rows[out.count++] = rows[row++];
	*table = out;
}

struct problem *
quantity_table_read(struct arena *a, struct json_object *document,
    const char *prefix, enum quantity_origin origin,
    struct quantity_table *table)
{
	const struct quantity_reader r = { a, prefix, origin };
	struct edit *edits;
	struct problem *p;
	size_t count = 0;

	if (document == NULL)
		return NULL;
	if (!json_object_is_type(document, json_type_object))
		return wrong_type(&r, prefix, "object");
	edits = arena_alloc(a, count_edits(document) * sizeof(*edits));
	json_object_object_foreach(document, category, items) {
		p = read_category(&r, category, items, edits, &count);
		if (p != NULL)
			return p;
	}
	qsort(edits, count, sizeof(*edits), by_name);
	lay_over(a, table, edits, count);
	return NULL;
}

struct problem *
quantity_tables_read(struct arena *a, struct json_object *document,
    const char *prefix, enum quantity_origin origin,
    struct quantity_table tables[QUANTITY_SCOPE__MAX])
{
	enum quantity_scope scope;
	const char *name;
	struct problem *p = NULL;

	for (scope = 0; scope < QUANTITY_SCOPE__MAX && p == NULL; scope++) {
		name = quantity_scope_name(scope);
		p = quantity_table_read(a, json_at(document, name),
		    problem_path(a, prefix, name), origin, &tables[scope]);
	}
	return p;
}

/* ---- writing ---- */

struct json_object *
quantity_table_json(const struct quantity_table *table)
{
	struct json_object *json = json_object_new_object(), *items = NULL;
	const char *category = NULL;
	const struct quantity *row;
	size_t i;

	for (i = 0; i < table->count; i++) {
		row = &table->rows[i];
		if (category == NULL || strcmp(category, row->category) != 0) {
			category = row->category;
			items = json_object_new_object();
			json_object_object_add(json, category, items);
		}
		json_put_int(items, row->item, row->number);
	}
	return json;
}

struct json_object *
quantity_tables_json(const struct quantity_table tables[QUANTITY_SCOPE__MAX])
{
	struct json_object *json = json_object_new_object();
	enum quantity_scope scope;

	for (scope = 0; scope < QUANTITY_SCOPE__MAX; scope++)
		json_object_object_add(json, quantity_scope_name(scope),
		    quantity_table_json(&tables[scope]));
	return json;
}
