/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many there are of what: a table of quantities by category and item,
 * sorted by both, bytewise. Pure.
 *
 * One that is all zero is empty. Names are copied into the arena that grows a
 * table; its rows and their names live as long. A table that is assigned to
 * another lends its rows: quantity_table_copy before either is changed.
 */
#ifndef REEVE_BILLING_QUANTITY_TABLE_H
#define REEVE_BILLING_QUANTITY_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"

#define QUANTITY_NAME_MAX 128 /* characters of a category or an item */

/* The tables that an account has. */
enum quantity_scope {
	QUANTITY_ACCOUNT, /* its own */
	QUANTITY_CASCADE, /* of all below it */
	QUANTITY_MANUAL,  /* typed in: replace its own */
	QUANTITY_SCOPE__MAX
};

/* "account", "cascade", "manual". */
const char *quantity_scope_name(enum quantity_scope scope);
/* False: there is none of the name. */
bool quantity_scope_named(const char *name, enum quantity_scope *out) MUSTCHECK;

struct quantity {
	const char *category;
	const char *item;
	int64_t number;
};

struct quantity_table {
	size_t count;
	size_t room; /* capacity in rows */
	struct quantity *rows;
};

/* False: there is none, *out is 0. */
bool quantity_table_get(const struct quantity_table *table,
    const char *category, const char *item, int64_t *out);

/* A quantity of 0 is one, too. */
void quantity_table_set(struct arena *a, struct quantity_table *table,
    const char *category, const char *item, int64_t number);

/* Adds number, of either sign; a sum of 0 is removed. False: the sum exceeds
 * 64 bits; nothing is changed. */
bool quantity_table_add(struct arena *a, struct quantity_table *table,
    const char *category, const char *item, int64_t number) MUSTCHECK;

void quantity_table_remove(struct quantity_table *table, const char *category,
    const char *item);

/* Rows of a table that follow each other; lent. */
struct quantity_rows {
	size_t count;
	const struct quantity *rows;
};

/* Those of one category. */
struct quantity_rows quantity_table_category(const struct quantity_table *table,
    const char *category);

/* All of a category together. False: more than 64 bits count. */
bool quantity_table_sum(const struct quantity_table *table,
    const char *category, int64_t *out) MUSTCHECK;

/* One that may be changed; names are lent. */
void quantity_table_copy(struct arena *a, const struct quantity_table *from,
    struct quantity_table *to);

/* The same rows with the same numbers. */
bool quantity_table_equal(const struct quantity_table *one,
    const struct quantity_table *other);

/* The quantities of one name in two tables. */
struct quantity_pair {
	const char *category;
	const char *item;
	bool was; /* the table before has it */
	bool is;  /* the table after has it */
	int64_t before; /* 0 where there is none */
	int64_t after;
};

/* A walk along two tables, in their order. */
struct quantity_walk {
	const struct quantity_table *before;
	const struct quantity_table *after;
	size_t before_at; /* both 0 to begin with */
	size_t after_at;
};

/* The next name that is in either; false: there is none. */
bool quantity_walk_pair(struct quantity_walk *walk, struct quantity_pair *out)
    MUSTCHECK;

/* The next that is in one of them only, or of which they do not have the same
 * number; false: there is none. */
bool quantity_walk_difference(struct quantity_walk *walk,
    struct quantity_pair *out) MUSTCHECK;

#endif
