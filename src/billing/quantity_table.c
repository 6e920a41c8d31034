/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/quantity_table.h"

#include <string.h>

#define FIRST_ROOM 16

static const char *const scopes[] = {
	[QUANTITY_ACCOUNT] = "account",
	[QUANTITY_CASCADE] = "cascade",
	[QUANTITY_MANUAL] = "manual",
};

const char *
quantity_scope_name(enum quantity_scope scope)
{
	return scopes[scope];
}

bool
quantity_scope_named(const char *name, enum quantity_scope *out)
{
	size_t i;

	for (i = 0; i < NELEM(scopes); i++) {
		if (strcmp(scopes[i], name) == 0) {
			*out = (enum quantity_scope)i;
			return true;
		}
	}
	return false;
}

/* ---- finding ---- */

/* Rows of one category usually share one copy of its name. */
static int
compare_names(const char *a, const char *b)
{
	return a == b ? 0 : strcmp(a, b);
}

static int
compare(const struct quantity *row, const char *category, const char *item)
{
	int order = compare_names(row->category, category);

	return order != 0 ? order : compare_names(row->item, item);
}

/* Returns the index of a row, or where to insert it. */
static size_t
place_of(const struct quantity_table *table, const char *category,
    const char *item, bool *found)
{
	size_t low = 0, high = table->count, middle;
	int order;

	*found = false;
	while (low < high) {
		middle = low + (high - low) / 2;
		order = compare(&table->rows[middle], category, item);
		if (order == 0) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
quantity_table_get(const struct quantity_table *table, const char *category,
    const char *item, int64_t *out)
{
	bool found;
	size_t at = place_of(table, category, item, &found);

	*out = found ? table->rows[at].number : 0;
	return found;
}

struct quantity_rows
quantity_table_category(const struct quantity_table *table,
    const char *category)
{
	struct quantity_rows out = { .count = 0 };
	bool found;
	/* No name sorts before the empty one. */
	size_t first = place_of(table, category, "", &found), end;

	for (end = first; end < table->count && compare_names(
	    table->rows[end].category, category) == 0; end++)
		;
	out.count = end - first;
	out.rows = out.count == 0 ? NULL : &table->rows[first];
	return out;
}

bool
quantity_table_sum(const struct quantity_table *table, const char *category,
    int64_t *out)
{
	struct quantity_rows rows = quantity_table_category(table, category);
	size_t i;

	*out = 0;
	for (i = 0; i < rows.count; i++)
		if (__builtin_add_overflow(*out, rows.rows[i].number, out))
			return false;
	return true;
}

/* ---- changing ---- */

static void
make_room(struct arena *a, struct quantity_table *table)
{
	size_t room = table->room == 0 ? FIRST_ROOM : table->room * 2;
	struct quantity *rows;

	if (table->count < table->room)
		return;
	rows = arena_alloc(a, room * sizeof(*rows));
	if (table->count > 0)
		memcpy(rows, table->rows, table->count * sizeof(*rows));
	table->rows = rows;
	table->room = room;
}

/* Returns a neighbour's copy of the name, or else a new one. */
static const char *
category_at(struct arena *a, const struct quantity_table *table, size_t at,
    const char *category)
{
	if (at > 0 && strcmp(table->rows[at - 1].category, category) == 0)
		return table->rows[at - 1].category;
	if (at < table->count && strcmp(table->rows[at].category, category) == 0)
		return table->rows[at].category;
	return arena_strdup(a, category);
}

static void
insert(struct arena *a, struct quantity_table *table, size_t at,
    const struct quantity *row)
{
	const struct quantity copy = {
		.category = category_at(a, table, at, row->category),
		.item = arena_strdup(a, row->item),
		.number = row->number,
	};

	make_room(a, table);
	memmove(&table->rows[at + 1], &table->rows[at],
	    (table->count - at) * sizeof(*table->rows));
	table->rows[at] = copy;
	table->count++;
}

static void
remove_at(struct quantity_table *table, size_t at)
{
	table->count--;
	memmove(&table->rows[at], &table->rows[at + 1],
	    (table->count - at) * sizeof(*table->rows));
}

void
quantity_table_set(struct arena *a, struct quantity_table *table,
    const char *category, const char *item, int64_t number)
{
	const struct quantity row = { category, item, number };
	bool found;
	size_t at = place_of(table, category, item, &found);

	if (found)
		table->rows[at].number = number;
	else
		insert(a, table, at, &row);
}

bool
quantity_table_add(struct arena *a, struct quantity_table *table,
    const char *category, const char *item, int64_t number)
{
	struct quantity row = { category, item, 0 };
	bool found;
	size_t at = place_of(table, category, item, &found);

	if (__builtin_add_overflow(found ? table->rows[at].number : 0, number,
	    &row.number))
		return false;
	if (!found && row.number != 0)
		insert(a, table, at, &row);
	else if (found && row.number == 0)
		remove_at(table, at);
	else if (found)
		table->rows[at].number = row.number;
	return true;
}

void
quantity_table_remove(struct quantity_table *table, const char *category,
    const char *item)
{
	bool found;
	size_t at = place_of(table, category, item, &found);

	if (found)
		remove_at(table, at);
}

/* ---- two tables ---- */

void
quantity_table_copy(struct arena *a, const struct quantity_table *from,
    struct quantity_table *to)
{
	struct quantity_table copy = { .count = from->count,
		.room = from->count };

	copy.rows = arena_alloc(a, copy.room * sizeof(*copy.rows));
	if (copy.count > 0)
		memcpy(copy.rows, from->rows, copy.count * sizeof(*copy.rows));
	*to = copy;
}

bool
quantity_table_equal(const struct quantity_table *one,
    const struct quantity_table *other)
{
	size_t i;

	if (one->count != other->count)
		return false;
	for (i = 0; i < one->count; i++)
		if (one->rows[i].number != other->rows[i].number ||
		    compare(&one->rows[i], other->rows[i].category,
		    other->rows[i].item) != 0)
			return false;
	return true;
}

bool
quantity_walk_pair(struct quantity_walk *walk, struct quantity_pair *out)
{
	const struct quantity *before = NULL, *after = NULL;
	int order = 0;

	if (walk->before_at < walk->before->count)
		before = &walk->before->rows[walk->before_at];
	if (walk->after_at < walk->after->count)
		after = &walk->after->rows[walk->after_at];
	if (before != NULL && after != NULL)
		order = compare(before, after->category, after->item);
	if (order > 0)
		before = NULL;
	else if (order < 0)
		after = NULL;
	if (before == NULL && after == NULL)
		return false;
	walk->before_at += before != NULL;
	walk->after_at += after != NULL;
	*out = (struct quantity_pair){
		.category = (before != NULL ? before : after)->category,
		.item = (before != NULL ? before : after)->item,
		.was = before != NULL,
		.is = after != NULL,
		.before = before == NULL ? 0 : before->number,
		.after = after == NULL ? 0 : after->number,
	};
	return true;
}

bool
quantity_walk_difference(struct quantity_walk *walk,
    struct quantity_pair *out)
{
	while (quantity_walk_pair(walk, out))
		if (out->was != out->is || out->before != out->after)
			return true;
	return false;
}
