/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/line.h"

#include <stdarg.h>
#include <string.h>

#include "base/gregorian.h"

/* A line being priced. */
struct pricing {
	struct arena *arena;
	struct line *line;
	const struct item_plan *plan;
	bool overflow;
};

static void
add_step(struct arena *a, struct line *line, const char *text)
{
	struct line_step *step = arena_alloc(a, sizeof(*step));

	step->text = text;
	step->earlier = line->steps;
	line->steps = step;
}

static void PRINTF(2, 3)
step(struct pricing *p, const char *format, ...)
{
	struct buffer text;
	va_list args;

	if (!p->line->explains)
		return;
	buffer_init(&text, p->arena, 0);
	va_start(args, format);
	buffer_vprintf(&text, format, args);
	va_end(args);
	add_step(p->arena, p->line, text.text);
}

void
line_say_only(struct arena *a, struct line *line, const char *text)
{
	if (!line->explains)
		return;
	line->steps = NULL;
	add_step(a, line, text);
}

static const char *
shown(struct pricing *p, money_t amount)
{
	char *text = arena_alloc(p->arena, MONEY_TEXT_SIZE);

	money_format(amount, text);
	return text;
}

/* ---- quantity ---- */

/* Rounds up to a multiple. */
static int64_t
rounded_up(struct pricing *p, int64_t n, int64_t multiple)
{
	int64_t count = n / multiple + (n % multiple > 0), out;

	if (__builtin_mul_overflow(count, multiple, &out) ||
	    out > LINE_COUNT_MAX || out < -LINE_COUNT_MAX) {
		p->overflow = true;
		return 0;
	}
	return out;
}

/* A minimum above the maximum wins. */
static void
bound(struct pricing *p, const struct quantities *q)
{
	struct line *line = p->line;
	int64_t multiple = p->plan->step;
	int64_t min, max, b;
	struct buffer terms;

	buffer_init(&terms, p->arena, 0);
	if (!quantity_of(q, line->category, line->key, p->plan,
	    &line->quantity, line->explains ? &terms : NULL))
		p->overflow = true;
	step(p, "quantity %lld%s%s", (long long)line->quantity,
	    terms.length == 0 ? "" : " = ", terms.text);
	line->maximum = p->plan->has_maximum ? p->plan->maximum : line->quantity;
	if (line->maximum > LINE_COUNT_MAX)
		line->maximum = LINE_COUNT_MAX;
	line->minimum = p->plan->minimum;

	b = rounded_up(p, line->quantity, multiple);
	if (multiple > 1)
		step(p, "in steps of %lld: %lld", (long long)multiple,
		    (long long)b);
	min = rounded_up(p, line->minimum, multiple);
	max = rounded_up(p, line->maximum, multiple);
	if (b < min) {
		b = min;
		step(p, "at least %lld", (long long)b);
	} else if (b > max) {
		b = max;
		step(p, "at most %lld", (long long)b);
	}
	line->billable = b;
}

/* ---- price ---- */

static void
choose_rate(struct pricing *p)
{
	const struct item_plan *plan = p->plan;
	struct line *line = p->line;
	const struct tier *tier;

	if ((tier = tiers_find(&plan->flat_rates, line->billable)) != NULL) {
		line->rate = tier->price;
		step(p, "flat price %s for up to %lld: billed once",
		    shown(p, line->rate), (long long)tier->max);
		line->billable = 1;
	} else if (plan->flat_rate > 0) {
		line->rate = plan->flat_rate;
		step(p, "flat price %s: billed once", shown(p, line->rate));
		line->billable = 1;
	} else if ((tier = tiers_find(&plan->rates, line->billable)) != NULL) {
		line->rate = tier->price;
		step(p, "rate %s for up to %lld", shown(p, line->rate),
		    (long long)tier->max);
	} else {
		line->rate = plan->rate;
		step(p, "rate %s", shown(p, line->rate));
	}
}

/* ---- discounts ---- */

/* True if the line qualifies for a discount. */
static bool
is_discounted(struct pricing *p, int64_t min)
{
	if (p->plan->rate <= 0) {
		step(p, "no discount: the plan has no plain rate");
		return false;
	}
	if (p->line->billable < min) {
		step(p, "no discount below %lld", (long long)min);
		return false;
	}
	return true;
}

static void
discount_once(struct pricing *p)
{
	const struct single_discount *single = &p->plan->single;

	if (!single->is_given || !is_discounted(p, single->minimum))
		return;
	p->line->single_rate = single->has_rate ? single->rate : p->plan->rate;
	step(p, "less %s once", shown(p, p->line->single_rate));
}

static void
discount_each(struct pricing *p)
{
	const struct cumulative_discount *each = &p->plan->cumulative;
	struct line *line = p->line;
	const struct tier *tier;

	if (!each->is_given || !is_discounted(p, each->minimum))
		return;
	line->cumulative_quantity = each->maximum < line->billable ?
	    each->maximum : line->billable;
	tier = tiers_find(&each->rates, line->cumulative_quantity);
	line->cumulative_rate = tier != NULL ? tier->price :
	    each->has_rate ? each->rate : p->plan->rate;
	if (each->has_maximum)
		step(p, "less %s for each of %lld",
		    shown(p, line->cumulative_rate),
		    (long long)line->cumulative_quantity);
	else
		step(p, "no cumulative discount: it has no maximum");
}

static void
total(struct pricing *p)
{
	struct line *line = p->line;
	money_t gross, each;

	if (!money_times(line->rate, line->billable, &gross) ||
	    !money_times(line->cumulative_rate, line->cumulative_quantity,
	    &each) ||
	    !money_add(line->single_rate, each, &line->discount) ||
	    !money_subtract(gross, line->discount, &line->total)) {
		p->overflow = true;
		return;
	}
	step(p, "total %lld x %s%s%s = %s", (long long)line->billable,
	    shown(p, line->rate), line->discount == 0 ? "" : " - ",
	    line->discount == 0 ? "" : shown(p, line->discount),
	    shown(p, line->total));
}

/* ---- the line ---- */

struct problem *
line_overflow(struct arena *a, const struct line *line)
{
	return problem_invalid(a, arena_printf(a, "%s.%s", line->category,
	    line->key), "overflow",
	    "the quantity or price of %s/%s is too large to be billed",
	    line->category, line->key);
}

struct problem *
line_price(struct arena *a, const struct quantities *q,
    const struct plan_item *item, bool explain, struct line *out)
{
	const struct item_plan *plan = &item->plan;
	struct pricing p = { .arena = a, .line = out, .plan = plan };

	memset(out, 0, sizeof(*out));
	out->category = item->category;
	out->key = item->key;
	out->plan = plan;
	out->origins = item->origins;
	out->explains = explain;
	out->item = plan->as != NULL ? plan->as : item->key;
	out->name = plan->name != NULL ? plan->name :
	    strcmp(item->key, QUANTITY_ALL) == 0 ? item->category :
	    arena_printf(a, "%s/%s", item->category, out->item);
	out->activation_charge = plan->activation_charge;
	bound(&p, q);
	choose_rate(&p);
	discount_once(&p);
	discount_each(&p);
	total(&p);
	return p.overflow ? line_overflow(a, out) : NULL;
}

/* ---- proration ---- */

/* The share of a monthly amount for the rest of this month. */
static struct problem *
rest_of_month(struct pricing *p, const struct proration *proration,
    money_t amount, struct month_days *left, money_t *out)
{
	char day[GREGORIAN_DAY_SIZE];

	*left = proration_days_left(proration->now);
	if (!proration_share(amount, left, out))
		return line_overflow(p->arena, p->line);
	gregorian_day(left->from, day);
	step(p, "%sprorated for %lld of %lld days from %s: "
	    "%s - %s (%s x %lld / %lld) = %s%s",
	    proration->billed ? "" : "would be ", (long long)left->days,
	    (long long)left->days_in_month, day, shown(p, amount),
	    shown(p, amount - *out), shown(p, amount), (long long)left->before,
	    (long long)left->days_in_month, shown(p, *out),
	    proration->billed ? "" : ", if prorate were on");
	return NULL;
}

struct problem *
line_prorate(struct arena *a, const struct proration *proration, money_t was,
    struct line *line)
{
	struct pricing p = { .arena = a, .line = line, .plan = line->plan };
	const struct prorate_terms *terms = &line->plan->prorate;
	struct month_days left;
	struct problem *problem;
	money_t change, amount;

	if (!terms->is_given || proration->now == 0 ||
	    line->change == LINE_SAME || line->total == was ||
	    (!proration->billed && !line->explains))
		return NULL;
	/* An explanation alone never fails. */
	if (!money_subtract(line->total, was, &change))
		return proration->billed ? line_overflow(a, line) : NULL;
	step(&p, "total was %s: changes by %s a month", shown(&p, was),
	    shown(&p, change));
	if (!(change > 0 ? terms->additions : terms->removals)) {
		step(&p, "%s are not prorated",
		    change > 0 ? "additions" : "removals");
		return NULL;
	}
	problem = rest_of_month(&p, proration, change, &left, &amount);
	if (problem == NULL && proration->billed) {
		line->prorated_days = left;
		line->prorated = amount;
	}
	return problem;
}

struct problem *
line_explain_proration(struct arena *a, const struct proration *proration,
    struct line *line)
{
	struct pricing p = { .arena = a, .line = line, .plan = line->plan };
	struct month_days left;
	money_t amount;

	if (!line->plan->prorate.is_given || proration->now == 0 ||
	    !line->explains)
		return NULL;
	return rest_of_month(&p, proration, line->total, &left, &amount);
}
