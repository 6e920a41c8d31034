/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/item_plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "billing/plan_number.h"

/* ---- tiers ---- */

/* Reads a key that consists of digits only. */
static bool
tier_key(const char *text, int64_t *out)
{
	char *end;

	if (text[0] == '\0' || text[strspn(text, "0123456789")] != '\0')
		return false;
	errno = 0;
	*out = strtoll(text, &end, 10);
	return errno == 0;
}

static void
read_tiers(struct arena *a, struct json_object *document, struct tiers *out)
{
	struct tier *tier;

	if (!json_object_is_type(document, json_type_object))
		return;
	out->tiers = arena_alloc(a, (size_t)json_object_object_length(document) *
	    sizeof(*out->tiers));
	json_object_object_foreach(document, key, value) {
		tier = &out->tiers[out->count];
		if (!tier_key(key, &tier->max))
			continue;
		tier->is_priced = plan_money(value, &tier->price);
		out->count++;
	}
}

const struct tier *
tiers_find(const struct tiers *tiers, int64_t n)
{
	const struct tier *best = NULL, *tier;
	size_t i;

	for (i = 0; i < tiers->count; i++) {
		tier = &tiers->tiers[i];
		if (tier->max >= n && (best == NULL || tier->max < best->max))
			best = tier;
	}
	return best != NULL && best->is_priced ? best : NULL;
}

/* ---- the parts of a plan ---- */

static const char *
text_at(struct json_object *document, const char *key)
{
	const char *text = json_string_at(document, key);

	return text == NULL || text[0] == '\0' ? NULL : text;
}

static void
read_exceptions(struct arena *a, struct json_object *list,
    struct item_plan *out)
{
	struct json_object *name;
	size_t i, n;

	if (!json_object_is_type(list, json_type_array))
		return;
	n = json_object_array_length(list);
	out->exceptions = arena_alloc(a, n * sizeof(*out->exceptions));
	for (i = 0; i < n; i++) {
		name = json_object_array_get_idx(list, i);
		if (json_object_is_type(name, json_type_string))
			out->exceptions[out->exception_count++] =
			    json_object_get_string(name);
	}
}

static void
read_discounts(struct arena *a, struct json_object *discounts,
    struct item_plan *out)
{
	struct json_object *single = json_object_at(discounts, "single");
	struct json_object *cumulative = json_object_at(discounts,
	    "cumulative");

	if (single != NULL) {
		out->single.is_given = true;
		out->single.minimum = plan_whole_at(single, "minimum", 1);
		out->single.has_rate = plan_money(json_at(single, "rate"),
		    &out->single.rate);
	}
	if (cumulative != NULL) {
		out->cumulative.is_given = true;
		out->cumulative.minimum = plan_whole_at(cumulative, "minimum",
		    1);
		out->cumulative.has_maximum = json_at(cumulative,
		    "maximum") != NULL;
		out->cumulative.maximum = plan_whole_at(cumulative, "maximum",
		    0);
		out->cumulative.has_rate = plan_money(json_at(cumulative,
		    "rate"), &out->cumulative.rate);
		read_tiers(a, json_at(cumulative, "rates"),
		    &out->cumulative.rates);
	}
}

/* By default additions are prorated and removals are not. */
static void
read_prorate(struct json_object *prorate, struct prorate_terms *out)
{
	struct json_object *additions = json_at(prorate, "additions");

	if (prorate == NULL || json_object_object_length(prorate) == 0)
		return;
	out->is_given = true;
	out->additions = additions == NULL || plan_true(additions);
	out->removals = plan_true(json_at(prorate, "removals"));
}

void
item_plan_read(struct arena *a, struct json_object *document,
    struct item_plan *out)
{
	*out = (struct item_plan){
		.as = text_at(document, "as"),
		.name = text_at(document, "name"),
		.cascade = plan_true(json_at(document, "cascade")),
		.step = plan_whole_at(document, "step", 1),
		.minimum = plan_whole_at(document, "minimum", 0),
		.flat_rate = plan_money_at(document, "flat_rate", 0),
		.rate = plan_money_at(document, "rate", 0),
		.activation_charge = plan_money_at(document,
		    "activation_charge", 0),
		.document = document,
	};
	if (out->step < 1)
		out->step = 1;
	out->has_maximum = plan_whole(json_at(document, "maximum"),
	    &out->maximum);
	read_exceptions(a, json_at(document, "exceptions"), out);
	read_tiers(a, json_at(document, "flat_rates"), &out->flat_rates);
	read_tiers(a, json_at(document, "rates"), &out->rates);
	read_discounts(a, json_object_at(document, "discounts"), out);
	read_prorate(json_object_at(document, "prorate"), &out->prorate);
}

/* ---- all items ---- */

static struct json_object *
plan_of(struct json_object *category, struct json_object *item)
{
	return json_object_is_type(item, json_type_object) ? item :
	    json_object_at(category, QUANTITY_ALL);
}

/* Returns NULL if origins are not wanted. */
static struct json_object *
origins_of(struct json_object *origins, const char *category, const char *key)
{
	struct json_object *found, *item;

	return origins != NULL &&
	    json_object_object_get_ex(origins, category, &found) &&
	    json_object_object_get_ex(found, key, &item) ?
	    plan_of(found, item) : NULL;
}

static size_t
count_items(struct json_object *plan)
{
	size_t n = 0;

	json_object_object_foreach(plan, category, items) {
		(void)category;
		if (json_object_is_type(items, json_type_object))
			n += (size_t)json_object_object_length(items);
	}
	return n;
}

void
plan_items_read(struct arena *a, struct json_object *plan,
    struct json_object *origins, struct plan_items *out)
{
	struct plan_item *one;

	out->count = 0;
	out->items = arena_alloc(a, count_items(plan) * sizeof(*out->items));
	json_object_object_foreach(plan, category, items) {
		if (!json_object_is_type(items, json_type_object))
			continue;
		json_object_object_foreach(items, key, item) {
			one = &out->items[out->count++];
			one->category = category;
			one->key = key;
			item_plan_read(a, plan_of(items, item), &one->plan);
			one->origins = origins_of(origins, category, key);
		}
	}
}
