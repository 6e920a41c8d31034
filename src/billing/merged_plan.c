/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/merged_plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/json.h"
#include "billing/overlay.h"
#include "billing/plan_number.h"

/* Weakest first: of two that set a field, the later wins. */
enum strategy { SIMPLE, RECURSIVE, CUMULATIVE, STRATEGY__MAX };

/* A plan with its overrides laid over it. */
struct prepared {
	const char *id;
	struct bookkeeper bookkeeper;
	enum strategy strategy;
	bool prioritized; /* without a priority it goes before all others */
	int64_t priority;
	size_t place; /* of equal priority the first assigned wins */
	struct json_object *document;
	struct json_object *origins;
};

/* Which of a plan's two trees is merged. */
enum view { DOCUMENTS, ORIGINS };

static struct json_object *
tree_of(const struct prepared *p, enum view view)
{
	return view == DOCUMENTS ? p->document : p->origins;
}

/* ---- preparing one plan ---- */

static const char *
text_at(struct json_object *tree, const char *path)
{
	const char *text = json_string_at(tree, path);

	return text == NULL ? "" : text;
}

/* A tree of the same shape, its leaves the text; nulls stay. */
static struct json_object *
marked(struct json_object *value, const char *text)
{
	struct json_object *copy;

	if (value == NULL)
		return NULL;
	if (!json_object_is_type(value, json_type_object))
		return json_object_new_string(text);
	copy = json_object_new_object();
	json_object_object_foreach(value, key, member)
		json_object_object_add(copy, key, marked(member, text));
	return copy;
}

/* One layer of a plan, and where it is from. */
static void
lay(struct prepared *p, struct json_object *layer, const char *from)
{
	struct json_object *origin;

	overlay(p->document, layer);
	if (p->origins == NULL || layer == NULL)
		return;
	origin = marked(layer, from);
	overlay(p->origins, origin);
	json_object_put(origin);
}

/* A bookkeeper named without its vendor is the plan's vendor's. */
static struct json_object *
with_vendor(struct arena *a, struct json_object *document,
    const char *vendor_id)
{
	struct json_object *bookkeeper = json_object_at(document, "bookkeeper");
	struct json_object *copy;

	if (bookkeeper == NULL || json_object_object_length(bookkeeper) == 0 ||
	    json_at(bookkeeper, "vendor_id") != NULL)
		return document;
	copy = json_own(a, json_object_new_object());
	overlay(copy, document);
	bookkeeper = json_object_at(copy, "bookkeeper");
	if (bookkeeper != NULL)
		json_put_string(bookkeeper, "vendor_id", vendor_id);
	return copy;
}

/* Where what the overrides set is from. */
static void
lay_origins(struct arena *a, struct prepared *p, struct json_object *overrides,
    struct json_object *own)
{
	struct json_object *both = json_own(a, json_object_new_object());

	overlay(both, json_own(a, marked(overrides, "account-wide override")));
	overlay(both, json_own(a, marked(own, arena_printf(a,
	    "override of plan %s", p->id))));
	overlay(p->origins, both);
}

static void
prepare(struct arena *a, const struct assigned_plan *plan,
    struct json_object *overrides, const struct bookkeeper *bookkeeper,
    bool origins, struct prepared *p)
{
	static const char *const names[] = {
		[SIMPLE] = "simple",
		[RECURSIVE] = "recursive",
		[CUMULATIVE] = "cumulative",
	};
	struct json_object *both = json_own(a, json_object_new_object());
	struct json_object *layer;
	const char *strategy;

	p->id = plan->id;
	p->document = json_own(a, json_object_new_object());
	if (origins)
		p->origins = json_own(a, json_object_new_object());

	layer = json_object_new_object();
	json_object_object_add(layer, "bookkeeper", bookkeeper_json(bookkeeper));
	lay(p, json_own(a, layer), "account");
	layer = json_own(a, json_public_copy(
	    with_vendor(a, plan->document, plan->vendor_id)));
	lay(p, layer, plan->version == 0 ?
	    arena_printf(a, "plan %s", plan->id) :
	    arena_printf(a, "plan %s version %lld", plan->id,
	    (long long)plan->version));
	/*
	 * The plan's overrides go over the account's before both go over the
	 * plan: a null among them takes back an account-wide override, and
	 * never reaches the plan (rules/merging 6).
	 */
	overlay(both, overrides);
	overlay(both, plan->overrides);
	overlay(p->document, both);
	if (origins)
		lay_origins(a, p, overrides, plan->overrides);

	p->bookkeeper.id = text_at(p->document, "bookkeeper.id");
	p->bookkeeper.type = text_at(p->document, "bookkeeper.type");
	p->bookkeeper.vendor_id = text_at(p->document, "bookkeeper.vendor_id");
	strategy = text_at(p->document, "merge.strategy");
	for (p->strategy = CUMULATIVE; p->strategy > SIMPLE; p->strategy--)
		if (strcmp(strategy, names[p->strategy]) == 0)
			break;
	p->prioritized = plan_whole(json_at(p->document, "merge.priority"),
	    &p->priority);
}

/* ---- merging items that add up ---- */

enum rule_kind {
	FIRST,   /* of the highest priority that has it */
	SUM,
	TABLE,   /* all keys; the higher priority wins one */
	SET,     /* all elements, once */
	ANY      /* true if any is */
};

/* What of an item's plan a cumulative merge keeps (rules/merging 13). */
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

/* Where a field is from to which several plans add: all of them. */
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
combined(const struct rule *rule, const struct values *v, enum view view)
{
	switch (rule->kind) {
	case FIRST:
		return json_object_get(v->values[v->count - 1]);
	case TABLE:
		return table_of(v);
	case SUM:
		return view == ORIGINS ? joined(v) : sum_of(v);
	case SET:
		return view == ORIGINS ? joined(v) : set_of(v);
	case ANY:
		break;
	}
	return view == ORIGINS ? joined(v) : any_of(v);
}

/* Puts a value at a path of at most three keys, making what is between. */
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
combined_item(const struct values *items, enum view view,
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

/* Every category and item of any plan, from all plans that have it. */
static struct json_object *
combined_plan(struct arena *a, const struct prepared *const *plans, size_t n,
    enum view view)
{
	struct json_object *out = json_object_new_object(), *names, *items;
	struct json_object **found = arena_alloc(a, n * sizeof(*found));
	struct json_object **scratch = arena_alloc(a, n * sizeof(*scratch));
	struct values v = { .values = found };
	size_t i;

	names = json_own(a, json_object_new_object());
	for (i = 0; i < n; i++)
		overlay(names, json_object_at(tree_of(plans[i], view), "plan"));
	json_object_object_foreach(names, category, keys) {
		if (!json_object_is_type(keys, json_type_object))
			continue;
		items = json_object_new_object();
		json_object_object_add(out, category, items);
		json_object_object_foreach(keys, key, unused) {
			struct json_object *plan, *of_category, *item;

			(void)unused;
			for (i = 0, v.count = 0; i < n; i++) {
				plan = json_object_at(tree_of(plans[i], view),
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

/* ---- merging a group ---- */

/*
 * Lowest priority first; without one, highest; of equal ones the first
 * assigned last, so that it wins.
 */
static int
by_priority(const void *x, const void *y)
{
	const struct prepared *a = *(const struct prepared *const *)x;
	const struct prepared *b = *(const struct prepared *const *)y;

	if (a->prioritized != b->prioritized)
		return a->prioritized ? -1 : 1;
	if (a->prioritized && a->priority != b->priority)
		return a->priority < b->priority ? -1 : 1;
	return a->place > b->place ? -1 : 1;
}

/* All plans of one strategy, laid together. */
static struct json_object *
merge_strategy(struct arena *a, const struct prepared *const *plans, size_t n,
    enum view view)
{
	struct json_object *out = json_own(a, json_object_new_object());
	size_t i;

	for (i = 0; i < n; i++)
		overlay(out, tree_of(plans[i], view));
	if (n > 0 && plans[0]->strategy == CUMULATIVE) {
		json_object_object_del(out, "plan");
		json_object_object_add(out, "plan",
		    combined_plan(a, plans, n, view));
	}
	return out;
}

static struct json_object *
merge_group(struct arena *a, const struct prepared *const *plans, size_t n,
    enum view view)
{
	const struct prepared **some = arena_alloc(a, n * sizeof(*some));
	struct json_object *out = json_own(a, json_object_new_object());
	enum strategy s;
	size_t i, count;

	for (s = SIMPLE; s < STRATEGY__MAX; s++) {
		for (i = 0, count = 0; i < n; i++)
			if (plans[i]->strategy == s)
				some[count++] = plans[i];
		if (count == 0)
			continue;
		qsort(some, count, sizeof(*some), by_priority);
		overlay(out, merge_strategy(a, some, count, view));
	}
	if (view == DOCUMENTS)
		json_put_string(out, "id", "single");
	return out;
}

static void
merge_into(struct arena *a, const struct prepared *const *plans, size_t n,
    bool origins, struct merged_plan *out)
{
	size_t i;

	out->bookkeeper = plans[0]->bookkeeper;
	out->plan_count = n;
	out->plan_ids = arena_alloc(a, n * sizeof(*out->plan_ids));
	for (i = 0; i < n; i++)
		out->plan_ids[i] = plans[i]->id;
	out->document = merge_group(a, plans, n, DOCUMENTS);
	if (origins)
		out->origins = merge_group(a, plans, n, ORIGINS);
	out->plan = json_object_at(out->document, "plan");
	if (out->plan != NULL)
		plan_items_read(a, out->plan,
		    json_object_at(out->origins, "plan"), &out->items);
}

static int
by_bookkeeper(const void *x, const void *y)
{
	const struct prepared *a = *(const struct prepared *const *)x;
	const struct prepared *b = *(const struct prepared *const *)y;
	int order = bookkeeper_compare(&a->bookkeeper, &b->bookkeeper);

	return order != 0 ? order : a->place < b->place ? -1 : 1;
}

void
merged_plans_of(struct arena *a, const struct assigned_plans *assigned,
    struct json_object *overrides, const struct bookkeeper *bookkeeper,
    bool origins, struct merged_plans *out)
{
	struct prepared *all = arena_alloc(a, assigned->count * sizeof(*all));
	const struct prepared **order;
	size_t i, n = 0, first;

	order = arena_alloc(a, assigned->count * sizeof(*order));
	for (i = 0; i < assigned->count; i++) {
		if (assigned->plans[i].document == NULL)
			continue;
		prepare(a, &assigned->plans[i], overrides, bookkeeper, origins,
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
