/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/plan_combine.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/json.h"
#include "billing/overlay.h"
#include "billing/plan_number.h"

enum rule_kind {
	FIRST,   /* the value of the highest priority that has one */
	SUM,
	TABLE,   /* all keys; for each, the higher priority wins */
	SET,     /* all elements, once */
	ANY      /* true if any is */
};

/* The fields of an item's plan in a cumulative merge (rules/merging 13). */
static const struct rule {
	const char *path;
	enum rule_kind kind;
} rules[] = {
	{ "activation_charge", FIRST },
	{ "as", FIRST },
	{ "cascade", ANY },
	{ "discounts.cumulative.maximum", SUM },
	{ "discounts.cumulative.rate", FIRST },
	{ "discounts.cumulative.rates", TABLE },
	{ "discounts.single.rate", FIRST },
	{ "discounts.single.rates", TABLE },
	{ "exceptions", SET },
	{ "flat_rate", FIRST },
	{ "flat_rates", TABLE },
	{ "minimum", SUM },
	{ "name", FIRST },
	{ "prorate.additions", ANY },
	{ "prorate.removals", ANY },
	{ "rate", FIRST },
	{ "rates", TABLE },
	{ "step", FIRST },
};

/* The values of one field, lowest priority first. */
struct values {
	size_t count;
	struct json_object **values;
};

static struct json_object *
sum_of(const struct values *v)
{
	int64_t sum = 0, n;
	size_t i;

	for (i = 0; i < v->count; i++)
		if (plan_whole(v->values[i], &n) &&
		    __builtin_add_overflow(sum, n, &sum))
			sum = n > 0 ? INT64_MAX : INT64_MIN;
	return json_object_new_int64(sum);
}

static struct json_object *
table_of(const struct values *v)
{
	struct json_object *table = json_object_new_object();
	size_t i;

	for (i = 0; i < v->count; i++)
		if (json_object_is_type(v->values[i], json_type_object))
			overlay(table, v->values[i]);
	return table;
}

static int
by_text(const void *x, const void *y)
{
	struct json_object *const *a = x, *const *b = y;

	return strcmp(json_object_get_string(*a), json_object_get_string(*b));
}

static bool
contains(struct json_object *set, struct json_object *element)
{
	size_t i, n = json_object_array_length(set);

	for (i = 0; i < n; i++)
		if (json_object_equal(json_object_array_get_idx(set, i), element))
			return true;
	return false;
}

static struct json_object *
set_of(const struct values *v)
{
	struct json_object *set = json_object_new_array(), *element;
	size_t i, j, n;

	for (i = 0; i < v->count; i++) {
		if (!json_object_is_type(v->values[i], json_type_array))
			continue;
		n = json_object_array_length(v->values[i]);
		for (j = 0; j < n; j++) {
			element = json_object_array_get_idx(v->values[i], j);
			if (json_object_is_type(element, json_type_string) &&
			    !contains(set, element))
				json_object_array_add(set,
				    json_object_get(element));
		}
	}
	json_object_array_sort(set, by_text);
	return set;
}

static struct json_object *
any_of(const struct values *v)
{
	size_t i;

	for (i = 0; i < v->count; i++)
		if (plan_true(v->values[i]))
			return json_object_new_boolean(true);
	return json_object_new_boolean(false);
}

/* The origin of a field to which several plans contribute: all of them. */
static struct json_object *
joined(const struct values *v)
{
	struct json_object *text;
	char *joined = NULL, *longer;
	const char *one;
	size_t i, length = 0, n;

	for (i = 0; i < v->count; i++) {
		one = json_object_get_string(v->values[i]);
		n = strlen(one);
		if ((longer = realloc(joined, length + n + 4)) == NULL)
			break;
		joined = longer;
		if (length > 0) {
			memcpy(joined + length, " + ", 3);
			length += 3;
		}
		memcpy(joined + length, one, n + 1);
		length += n;
	}
	text = json_object_new_string(joined == NULL ? "" : joined);
	free(joined);
	return text;
}

static struct json_object *
combined(const struct rule *rule, const struct values *v, enum plan_view view)
{
	switch (rule->kind) {
	case FIRST:
		return json_object_get(v->values[v->count - 1]);
	case TABLE:
		return table_of(v);
	case SUM:
		return view == PLAN_ORIGINS ? joined(v) : sum_of(v);
	case SET:
		return view == PLAN_ORIGINS ? joined(v) : set_of(v);
	case ANY:
		break;
	}
	return view == PLAN_ORIGINS ? joined(v) : any_of(v);
}

/* Puts a value at a path of at most three keys; creates missing objects. */
static void
put_at(struct json_object *tree, const char *path, struct json_object *value)
{
	struct json_object *inner;
	char key[32];
	size_t length = strcspn(path, ".");

	if (path[length] == '\0') {
		json_object_object_add(tree, path, value);
		return;
	}
	memcpy(key, path, length);
	key[length] = '\0';
	if (!json_object_object_get_ex(tree, key, &inner)) {
		inner = json_object_new_object();
		json_object_object_add(tree, key, inner);
	}
	put_at(inner, path + length + 1, value);
}

static struct json_object *
combined_item(const struct values *items, enum plan_view view,
    struct json_object **scratch)
{
	struct json_object *item = json_object_new_object(), *value;
	struct values v = { .values = scratch };
	size_t r, i;

	for (r = 0; r < NELEM(rules); r++) {
		for (i = 0, v.count = 0; i < items->count; i++) {
			value = json_at(items->values[i], rules[r].path);
			if (value != NULL)
				v.values[v.count++] = value;
		}
		if (v.count > 0)
			put_at(item, rules[r].path,
			    combined(&rules[r], &v, view));
	}
	return item;
}

struct json_object *
plan_combine(struct arena *a, const struct layered_plan *const *plans, size_t n,
    enum plan_view view)
{
	struct json_object *out = json_object_new_object(), *names, *items;
	struct json_object **found = arena_alloc(a, n * sizeof(*found));
	struct json_object **scratch = arena_alloc(a, n * sizeof(*scratch));
	struct values v = { .values = found };
	size_t i;

	names = json_own(a, json_object_new_object());
	for (i = 0; i < n; i++)
		overlay(names, json_object_at(layered_plan_tree(plans[i], view), "plan"));
	json_object_object_foreach(names, category, keys) {
		if (!json_object_is_type(keys, json_type_object))
			continue;
		items = json_object_new_object();
		json_object_object_add(out, category, items);
		json_object_object_foreach(keys, key, unused) {
			struct json_object *plan, *of_category, *item;

			(void)unused;
			for (i = 0, v.count = 0; i < n; i++) {
				plan = json_object_at(layered_plan_tree(plans[i], view),
				    "plan");
				if (plan != NULL && json_object_object_get_ex(
				    plan, category, &of_category) &&
				    json_object_is_type(of_category,
				    json_type_object) &&
				    json_object_object_get_ex(of_category, key,
				    &item) && json_object_is_type(item,
				    json_type_object))
					found[v.count++] = item;
			}
			json_object_object_add(items, key,
			    combined_item(&v, view, scratch));
		}
	}
	return out;
}
