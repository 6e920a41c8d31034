/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/merged_plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "billing/overlay.h"
#include "billing/plan_combine.h"
#include "billing/plan_layers.h"

/* ---- merging a group ---- */

/*
 * In order of priority, the highest last, because later plans win. A plan
 * without a priority has the highest. Of equal plans the one that was assigned
 * first comes last.
 */
static int
by_priority(const void *x, const void *y)
{
	const struct layered_plan *a = *(const struct layered_plan *const *)x;
	const struct layered_plan *b = *(const struct layered_plan *const *)y;

	if (a->prioritized != b->prioritized)
		return a->prioritized ? -1 : 1;
	if (a->prioritized && a->priority != b->priority)
		return a->priority < b->priority ? -1 : 1;
	return a->place > b->place ? -1 : 1;
}

/* Merges all plans of one strategy. */
static struct json_object *
merge_strategy(struct arena *a, const struct layered_plan *const *plans,
    size_t n, enum plan_view view)
{
	struct json_object *out = json_own(a, json_object_new_object());
	size_t i;

	for (i = 0; i < n; i++)
		overlay(out, layered_plan_tree(plans[i], view));
	if (n > 0 && plans[0]->strategy == MERGE_CUMULATIVE) {
		json_object_object_del(out, "plan");
		json_object_object_add(out, "plan",
		    plan_combine(a, plans, n, view));
	}
	return out;
}

static struct json_object *
merge_group(struct arena *a, const struct layered_plan *const *plans, size_t n,
    enum plan_view view)
{
	const struct layered_plan **some = arena_alloc(a, n * sizeof(*some));
	struct json_object *out = json_own(a, json_object_new_object());
	enum merge_strategy s;
	size_t i, count;

	for (s = MERGE_SIMPLE; s < MERGE_STRATEGY__MAX; s++) {
		for (i = 0, count = 0; i < n; i++)
			if (plans[i]->strategy == s)
				some[count++] = plans[i];
		if (count == 0)
			continue;
		qsort(some, count, sizeof(*some), by_priority);
		overlay(out, merge_strategy(a, some, count, view));
	}
	if (view == PLAN_DOCUMENTS)
		json_put_string(out, "id", "single");
	return out;
}

static void
merge_into(struct arena *a, const struct layered_plan *const *plans, size_t n,
    bool origins, struct merged_plan *out)
{
	size_t i;

	out->bookkeeper = plans[0]->bookkeeper;
	out->plan_count = n;
	out->plan_ids = arena_alloc(a, n * sizeof(*out->plan_ids));
	for (i = 0; i < n; i++)
		out->plan_ids[i] = plans[i]->id;
	out->document = merge_group(a, plans, n, PLAN_DOCUMENTS);
	if (origins)
		out->origins = merge_group(a, plans, n, PLAN_ORIGINS);
	out->plan = json_object_at(out->document, "plan");
	if (out->plan != NULL)
		plan_items_read(a, out->plan,
		    json_object_at(out->origins, "plan"), &out->items);
}

static int
by_bookkeeper(const void *x, const void *y)
{
	const struct layered_plan *a = *(const struct layered_plan *const *)x;
	const struct layered_plan *b = *(const struct layered_plan *const *)y;
	int order = bookkeeper_compare(&a->bookkeeper, &b->bookkeeper);

	return order != 0 ? order : a->place < b->place ? -1 : 1;
}

void
merged_plans_of(struct arena *a, const struct assigned_plans *assigned,
    struct json_object *overrides, const struct bookkeeper *bookkeeper,
    bool origins, struct merged_plans *out)
{
	struct layered_plan *all = arena_alloc(a, assigned->count * sizeof(*all));
	const struct layered_plan **order;
	size_t i, n = 0, first;

	order = arena_alloc(a, assigned->count * sizeof(*order));
	for (i = 0; i < assigned->count; i++) {
		if (assigned->plans[i].document == NULL)
			continue;
		plan_layer(a, &assigned->plans[i], overrides, bookkeeper, origins,
		    &all[n]);
		all[n].place = n;
		order[n] = &all[n];
		n++;
	}
	qsort(order, n, sizeof(*order), by_bookkeeper);
	out->count = 0;
	out->plans = arena_alloc(a, n * sizeof(*out->plans));
	for (first = 0; first < n; first = i) {
		for (i = first + 1; i < n && bookkeeper_compare(
		    &order[first]->bookkeeper, &order[i]->bookkeeper) == 0; i++)
			;
		merge_into(a, order + first, i - first, origins,
		    &out->plans[out->count++]);
	}
}
