/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/quantities.h"

#include <string.h>

struct count {
	int64_t sum;
	bool overflow;
	struct buffer *explain;
};

static void
add(struct count *c, int64_t n, const char *item, const char *table)
{
	if (c->explain != NULL)
		buffer_printf(c->explain, "%s%lld %s (%s)",
		    c->explain->length == 0 ? "" : " + ", (long long)n, item,
		    table);
	if (__builtin_add_overflow(c->sum, n, &c->sum))
		c->overflow = true;
}

static bool
excepted(const struct item_plan *plan, const char *item)
{
	size_t i;

	for (i = 0; i < plan->exception_count; i++)
		if (strcmp(plan->exceptions[i], item) == 0)
			return true;
	return false;
}

/* A manual quantity replaces the account's own, even if it is 0. */
static void
count_item(const struct quantities *q, const char *category, const char *item,
    bool cascade, struct count *c)
{
	const struct quantity_table *tables = q->tables;
	int64_t n;

	if (quantity_table_get(&tables[QUANTITY_MANUAL], category, item, &n))
		add(c, n, item, "manual");
	else if (quantity_table_get(&tables[QUANTITY_ACCOUNT], category, item,
	    &n))
		add(c, n, item, "own");
	if (cascade && quantity_table_get(&tables[QUANTITY_CASCADE], category,
	    item, &n))
		add(c, n, item, "below");
}

static void
count_category(const struct quantities *q, const char *category,
    const struct item_plan *plan, struct count *c)
{
	const struct quantity_table *own = &q->tables[QUANTITY_ACCOUNT];
	struct quantity_rows rows;
	const struct quantity *row;
	int64_t n;
	size_t i;

	rows = quantity_table_category(own, category);
	for (i = 0; i < rows.count; i++) {
		row = &rows.rows[i];
		if (!excepted(plan, row->item))
			count_item(q, category, row->item, false, c);
	}
	rows = quantity_table_category(&q->tables[QUANTITY_MANUAL], category);
	for (i = 0; i < rows.count; i++) {
		row = &rows.rows[i];
		if (!excepted(plan, row->item) &&
		    !quantity_table_get(own, category, row->item, &n))
			add(c, row->number, row->item, "manual");
	}
	if (!plan->cascade)
		return;
	rows = quantity_table_category(&q->tables[QUANTITY_CASCADE], category);
	for (i = 0; i < rows.count; i++) {
		row = &rows.rows[i];
		if (!excepted(plan, row->item))
			add(c, row->number, row->item, "below");
	}
}

bool
quantity_of(const struct quantities *q, const char *category, const char *key,
    const struct item_plan *plan, int64_t *out, struct buffer *explain)
{
	struct count c = { .explain = explain };

	*out = 0;
	if (q->gone)
		return true;
	if (strcmp(key, QUANTITY_ALL) == 0)
		count_category(q, category, plan, &c);
	else
		count_item(q, category, key, plan->cascade, &c);
	*out = c.sum;
	return !c.overflow;
}

bool
quantities_total(const struct quantity_table tables[QUANTITY_SCOPE__MAX],
    const char *category, const char *item, int64_t *out)
{
	int64_t own, cascade;

	if (!quantity_table_get(&tables[QUANTITY_MANUAL], category, item, &own))
		quantity_table_get(&tables[QUANTITY_ACCOUNT], category, item,
		    &own);
	quantity_table_get(&tables[QUANTITY_CASCADE], category, item, &cascade);
	return !__builtin_add_overflow(own, cascade, out);
}

static int64_t
counted_above(int64_t n)
{
	return n > 0 ? n : 0;
}

bool
quantities_cascade(struct arena *a, const struct quantity_table *before,
    const struct quantity_table *after, struct quantity_table *cascade)
{
	struct quantity_walk walk = { .before = before, .after = after };
	struct quantity_pair d;
	int64_t more;

	while (quantity_walk_difference(&walk, &d)) {
		more = counted_above(d.after) - counted_above(d.before);
		if (more != 0 && !quantity_table_add(a, cascade, d.category,
		    d.item, more))
			return false;
	}
	return true;
}
