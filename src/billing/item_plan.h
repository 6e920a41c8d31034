/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The items of a merged plan, read from the document once, so that lines are
 * priced by typed values. A reading end. Pure.
 */
#ifndef REEVE_BILLING_ITEM_PLAN_H
#define REEVE_BILLING_ITEM_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/money.h"

struct json_object;

/* The key that stands for a whole category. */
#define QUANTITY_ALL "_all"

/* A price for all units of a quantity up to a limit. */
struct tier {
	int64_t max; /* the limit, included */
	bool is_priced; /* false: its price is not a readable amount */
	money_t price;
};

struct tiers {
	size_t count;
	struct tier *tiers; /* in the document's order */
};

struct single_discount {
	bool is_given;
	int64_t minimum; /* of the billable quantity */
	bool has_rate;   /* else the item's plain one */
	money_t rate;
};

struct cumulative_discount {
	bool is_given;
	int64_t minimum;
	bool has_maximum;
	int64_t maximum; /* 0 without one */
	bool has_rate;
	money_t rate;
	struct tiers rates;
};

/* Terms of pro-ration. */
struct prorate_terms {
	bool is_given; /* false: nothing is pro-rated */
	bool additions;
	bool removals;
};

/* How an item is counted and priced. All zero, with a step of 1: free. */
struct item_plan {
	const char *as;   /* how invoices show the item; NULL: by its key */
	const char *name; /* NULL: the plan gives none */
	bool cascade;     /* descendants count, too */
	size_t exception_count;
	const char **exceptions; /* items that "_all" leaves out */
	int64_t step;     /* at least 1 */
	int64_t minimum;
	bool has_maximum;
	int64_t maximum;
	struct tiers flat_rates;
	money_t flat_rate; /* 0: none */
	struct tiers rates;
	money_t rate;
	struct single_discount single;
	struct cumulative_discount cumulative;
	money_t activation_charge; /* of one; 0: none */
	struct prorate_terms prorate;
	struct json_object *document; /* lent, to be shown unchanged */
};

/* An item of a merged plan. */
struct plan_item {
	const char *category;
	const char *key;
	struct item_plan plan;
	struct json_object *origins; /* the origins of its fields; NULL: not
	                                asked for */
};

struct plan_items {
	size_t count;
	struct plan_item *items; /* in the document's order */
};

/* Reads the plan of one item; the document is lent. */
void item_plan_read(struct arena *a, struct json_object *document,
    struct item_plan *out);

/*
 * Reads {category: {item: plan}}; documents are lent. A plan that is not an
 * object (true, for example) is that of "_all" in its category, or else empty.
 * origins: the same shape, with the origin of each field; or NULL.
 */
void plan_items_read(struct arena *a, struct json_object *plan,
    struct json_object *origins, struct plan_items *out);

/*
 * The tier of n units: the one with the smallest limit that is at least n.
 * NULL: n is beyond the last, or the tier has no price.
 */
const struct tier *tiers_find(const struct tiers *tiers, int64_t n) MUSTCHECK;

#endif
