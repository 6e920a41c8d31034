/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One line of an invoice: what an item costs, by its plan and quantity. Exact
 * decimals; works on typed values: documents are lent through. Pure.
 */
#ifndef REEVE_BILLING_LINE_H
#define REEVE_BILLING_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/money.h"
#include "base/problem.h"
#include "billing/item_plan.h"
#include "billing/proration.h"
#include "billing/quantities.h"

/* A line that counts more than this is refused. */
#define LINE_COUNT_MAX INT64_C(1000000000000000)

enum line_change { LINE_SAME, LINE_MODIFIED, LINE_CREATED, LINE_REMOVED };

/* A step of a line's calculation, in words. Later steps point back, so that the
 * comparison of a line adds to the steps of its pricing. */
struct line_step {
	const char *text;
	const struct line_step *earlier; /* NULL: it is the first */
};

/* Proposed less current, of the fields that are compared (rules/changes 3). */
struct line_difference {
	int64_t quantity;
	int64_t billable;
	int64_t minimum;
	money_t rate;
	money_t single_rate;
	money_t cumulative_rate;
	int64_t cumulative_quantity;
	const char *item; /* the new one, NULL: the same */
	const char *name;
};

struct line {
	const char *category;
	const char *key;  /* of the plan */
	const char *item; /* as it is shown: the plan's "as", or the key */
	const char *name;
	int64_t quantity; /* counted */
	int64_t billable; /* after step, minimum, maximum and flat price */
	money_t rate;     /* of one: the tier's, the flat or the plain one */
	money_t single_rate;         /* deducted once */
	money_t cumulative_rate;     /* deducted for each of: */
	int64_t cumulative_quantity;
	money_t discount; /* both together */
	money_t total;    /* billable * rate - discount */
	int64_t minimum;  /* as the plan has them; 0: none */
	int64_t maximum;  /* without one in the plan: the quantity */
	money_t activation_charge;    /* of one; 0: none */
	const struct item_plan *plan; /* lent */
	struct json_object *origins;  /* where its fields are from, or NULL */
	bool explains;                /* steps are kept */
	const struct line_step *steps; /* the last one, or NULL */
	enum line_change change;
	struct line_difference difference;
	struct month_days prorated_days; /* none: it is not pro-rated */
	money_t prorated;                /* of the rise or fall of the total */
};

/*
 * Prices an item, which is lent. explain: keep the steps. Problems: VALIDATION
 * with code "overflow" naming category.item.
 */
struct problem *line_price(struct arena *a, const struct quantities *q,
    const struct plan_item *item, bool explain, struct line *out) MUSTCHECK;

/*
 * Pro-rates the change of a changed line's total, from was, over the rest of
 * the month of now, if the line's plan has "prorate": without "additions" it
 * pro-rates rises, without "removals" it does not pro-rate falls.
 * Problems: as of line_price.
 */
struct problem *line_prorate(struct arena *a, const struct proration *proration,
    money_t was, struct line *line) MUSTCHECK;

/*
 * Adds to the steps of a line whose plan pro-rates its whole total for the rest
 * of the month. Problems: as of line_price.
 */
struct problem *line_explain_proration(struct arena *a,
    const struct proration *proration, struct line *line) MUSTCHECK;

/* Replaces the steps of a line, where they are kept. */
void line_say_only(struct arena *a, struct line *line, const char *text);

/* "category.item" is beyond what can be counted. */
struct problem *line_overflow(struct arena *a, const struct line *line);

#endif
