/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/quantities.h"

#include <string.h>

#include "billing/plan_number.h"

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

static struct json_object *
category_of(struct json_object *table, const char *category)
{
	struct json_object *found = NULL;

	if (table != NULL && json_object_object_get_ex(table, category, &found) &&
	    json_object_is_type(found, json_type_object))
		return found;
	return NULL;
}

static bool
item_of(struct json_object *category, const char *item, int64_t *out)
{
	struct json_object *value;

	return category != NULL &&
	    json_object_object_get_ex(category, item, &value) &&
	    plan_whole(value, out);
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

/* Manual replaces the account's own figure, 0 too. */
static void
count_item(const struct quantities *q, const char *category, const char *item,
    bool cascade, struct count *c)
{
	int64_t n;

	if (item_of(category_of(q->manual, category), item, &n))
		add(c, n, item, "manual");
	else if (item_of(category_of(q->account, category), item, &n))
		add(c, n, item, "own");
	if (cascade && item_of(category_of(q->cascade, category), item, &n))
		add(c, n, item, "below");
}

static void
count_category(const struct quantities *q, const char *category,
    const struct item_plan *plan, struct count *c)
{
	struct json_object *own = category_of(q->account, category);
	struct json_object *manual = category_of(q->manual, category);
	struct json_object *below = category_of(q->cascade, category);
	int64_t n;

	if (own != NULL) {
		json_object_object_foreach(own, item, unused) {
			(void)unused;
			if (!excepted(plan, item))
				count_item(q, category, item, false, c);
		}
	}
	if (manual != NULL) {
		json_object_object_foreach(manual, item, value)
			if (!excepted(plan, item) &&
			    !item_of(own, item, &n) && plan_whole(value, &n))
				add(c, n, item, "manual");
	}
	if (plan->cascade && below != NULL) {
		json_object_object_foreach(below, item, value)
			if (!excepted(plan, item) && plan_whole(value, &n))
				add(c, n, item, "below");
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
