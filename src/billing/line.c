/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/line.h"

#include <stdarg.h>
#include <string.h>

#include "base/gregorian.h"
#include "base/json.h"
#include "billing/plan_number.h"

/* A line being priced. */
struct pricing {
	struct arena *arena;
	struct line *line;
	struct json_object *plan;
	bool overflow;
};

static void PRINTF(2, 3)
step(struct pricing *p, const char *format, ...)
{
	struct buffer text;
	va_list args;

	if (p->line->steps == NULL)
		return;
	buffer_init(&text, p->arena, 0);
	va_start(args, format);
	buffer_vprintf(&text, format, args);
	va_end(args);
	json_object_array_add(p->line->steps,
	    json_object_new_string(text.text));
}

static const char *
shown(struct pricing *p, money_t amount)
{
	char *text = arena_alloc(p->arena, MONEY_TEXT_SIZE);

	money_format(amount, text);
	return text;
}

/* ---- how many ---- */

/* Up to the next multiple. */
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

/* The minimum wins over the maximum. */
static void
bound(struct pricing *p, const struct quantities *q)
{
	struct line *line = p->line;
	int64_t multiple = plan_whole_at(p->plan, "step", 1);
	int64_t least, most, b;
	struct buffer counted;

	buffer_init(&counted, p->arena, 0);
	if (!quantity_of(q, line->category, line->key, p->plan,
	    &line->quantity, line->steps == NULL ? NULL : &counted))
		p->overflow = true;
	step(p, "quantity %lld%s%s", (long long)line->quantity,
	    counted.length == 0 ? "" : " = ", counted.text);
	if (multiple < 1)
		multiple = 1;
	if (!plan_whole(json_at(p->plan, "maximum"), &line->maximum))
		line->maximum = line->quantity;
	if (line->maximum > LINE_COUNT_MAX)
		line->maximum = LINE_COUNT_MAX;
	line->minimum = plan_whole_at(p->plan, "minimum", 0);

	b = rounded_up(p, line->quantity, multiple);
	if (multiple > 1)
		step(p, "in steps of %lld: %lld", (long long)multiple,
		    (long long)b);
	least = rounded_up(p, line->minimum, multiple);
	most = rounded_up(p, line->maximum, multiple);
	if (b < least) {
		b = least;
		step(p, "at least %lld", (long long)b);
	} else if (b > most) {
		b = most;
		step(p, "at most %lld", (long long)b);
	}
	line->billable = b;
}

/* ---- at what price ---- */

static bool
tier(struct pricing *p, const char *table, int64_t n, money_t *price,
    int64_t *key)
{
	return plan_tier(json_at(p->plan, table), n, price, key);
}

static void
choose_rate(struct pricing *p)
{
	struct line *line = p->line;
	int64_t key;

	if (tier(p, "flat_rates", line->billable, &line->rate, &key)) {
		step(p, "flat price %s for up to %lld: billed once",
		    shown(p, line->rate), (long long)key);
		line->billable = 1;
		return;
	}
	line->rate = plan_money_at(p->plan, "flat_rate", 0);
	if (line->rate > 0) {
		step(p, "flat price %s: billed once", shown(p, line->rate));
		line->billable = 1;
		return;
	}
	if (tier(p, "rates", line->billable, &line->rate, &key)) {
		step(p, "rate %s for up to %lld", shown(p, line->rate),
		    (long long)key);
		return;
	}
	line->rate = plan_money_at(p->plan, "rate", 0);
	step(p, "rate %s", shown(p, line->rate));
}

/* ---- less what ---- */

/* Is there such a discount, and does the line have what it asks for? */
static struct json_object *
discount_of(struct pricing *p, const char *path)
{
	struct json_object *discount = json_object_at(p->plan, path);
	int64_t least;

	if (discount == NULL)
		return NULL;
	if (plan_money_at(p->plan, "rate", 0) <= 0) {
		step(p, "no discount: the plan has no plain rate");
		return NULL;
	}
	least = plan_whole_at(discount, "minimum", 1);
	if (p->line->billable < least) {
		step(p, "no discount below %lld", (long long)least);
		return NULL;
	}
	return discount;
}

static void
choose_discounts(struct pricing *p)
{
	money_t plain = plan_money_at(p->plan, "rate", 0);
	struct line *line = p->line;
	struct json_object *discount;
	int64_t key, n;

	discount = discount_of(p, "discounts.single");
	if (discount != NULL) {
		line->single_rate = plan_money_at(discount, "rate", plain);
		step(p, "less %s once", shown(p, line->single_rate));
	}
	discount = discount_of(p, "discounts.cumulative");
	if (discount == NULL)
		return;
	n = plan_whole_at(discount, "maximum", 0);
	line->cumulative_quantity = n < line->billable ? n : line->billable;
	if (!plan_tier(json_at(discount, "rates"), line->cumulative_quantity,
	    &line->cumulative_rate, &key))
		line->cumulative_rate = plan_money_at(discount, "rate", plain);
	if (json_at(discount, "maximum") == NULL)
		step(p, "no cumulative discount: it has no maximum");
	else
		step(p, "less %s for each of %lld",
		    shown(p, line->cumulative_rate),
		    (long long)line->cumulative_quantity);
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

static const char *
string_or(struct json_object *plan, const char *key, const char *otherwise)
{
	const char *text = json_string_at(plan, key);

	return text == NULL || text[0] == '\0' ? otherwise : text;
}

struct problem *
line_overflow(struct arena *a, const struct line *line)
{
	return problem_invalid(a, arena_printf(a, "%s.%s", line->category,
	    line->key), "overflow",
	    "the quantity or price of %s/%s is too large to be billed",
	    line->category, line->key);
}

struct problem *
line_price(struct arena *a, const struct quantities *q, const char *category,
    const char *key, struct json_object *plan, bool explain, struct line *out)
{
	struct pricing p = { .arena = a, .line = out, .plan = plan };

	memset(out, 0, sizeof(*out));
	out->category = category;
	out->key = key;
	out->plan = plan;
	out->item = string_or(plan, "as", key);
	out->name = string_or(plan, "name",
	    strcmp(key, QUANTITY_ALL) == 0 ? category :
	    arena_printf(a, "%s/%s", category, out->item));
	out->activation_charge = plan_money_at(plan, "activation_charge", 0);
	if (explain)
		out->steps = json_own(a, json_object_new_array());
	bound(&p, q);
	choose_rate(&p);
	choose_discounts(&p);
	total(&p);
	return p.overflow ? line_overflow(a, out) : NULL;
}

/* ---- of a part of a month ---- */

/* What the plan says of it, or NULL: nothing is pro-rated. */
static struct json_object *
prorate_of(const struct line *line)
{
	struct json_object *prorate = json_object_at(line->plan, "prorate");

	return prorate == NULL || json_object_object_length(prorate) == 0 ?
	    NULL : prorate;
}

/* Where it says nothing of them, rises are pro-rated and falls are not. */
static bool
is_prorated(struct json_object *prorate, bool rise)
{
	struct json_object *said = json_at(prorate,
	    rise ? "additions" : "removals");

	return said == NULL ? rise : plan_true(said);
}

/* A line that is compared shares its steps with the one that was priced. */
static void
copy_steps(struct arena *a, struct line *line)
{
	struct json_object *copy = NULL;

	if (line->steps == NULL)
		return;
	json_object_deep_copy(line->steps, &copy, NULL);
	line->steps = json_own(a, copy);
}

/* What an amount a month comes to for the rest of this one. */
static struct problem *
rest_of_month(struct pricing *p, const struct proration *proration,
    money_t amount, struct month_days *left, money_t *out)
{
	char day[GREGORIAN_DAY_SIZE];

	*left = month_days_left(proration->now);
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
	struct json_object *prorate = prorate_of(line);
	struct month_days left;
	struct problem *problem;
	money_t change, amount;

	if (prorate == NULL || proration->now == 0 ||
	    line->change == LINE_SAME || line->total == was ||
	    (!proration->billed && line->steps == NULL))
		return NULL;
	/* What is only explained refuses nothing. */
	if (!money_subtract(line->total, was, &change))
		return proration->billed ? line_overflow(a, line) : NULL;
	copy_steps(a, line);
	step(&p, "total was %s: changes by %s a month", shown(&p, was),
	    shown(&p, change));
	if (!is_prorated(prorate, change > 0)) {
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

	if (prorate_of(line) == NULL || proration->now == 0 ||
	    line->steps == NULL)
		return NULL;
	return rest_of_month(&p, proration, line->total, &left, &amount);
}

/* ---- as JSON ---- */

/* Adds an object unless it stayed empty. */
static void
put_object(struct json_object *json, const char *key,
    struct json_object *member)
{
	if (json_object_object_length(member) > 0)
		json_object_object_add(json, key, member);
	else
		json_object_put(member);
}

static struct json_object *
discounts_json(money_t total, money_t single_rate, money_t cumulative_rate,
    int64_t cumulative_quantity)
{
	struct json_object *json = json_object_new_object();
	struct json_object *single = json_object_new_object();
	struct json_object *cumulative = json_object_new_object();

	if (total != 0)
		json_put_money(json, "total", total);
	if (single_rate != 0)
		json_put_money(single, "rate", single_rate);
	if (cumulative_rate != 0)
		json_put_money(cumulative, "rate", cumulative_rate);
	if (cumulative_quantity != 0)
		json_put_int(cumulative, "quantity", cumulative_quantity);
	put_object(json, "single", single);
	put_object(json, "cumulative", cumulative);
	return json;
}

static struct json_object *
difference_json(const struct line_difference *d)
{
	struct json_object *json = json_object_new_object();

	if (d->quantity != 0)
		json_put_int(json, "quantity", d->quantity);
	if (d->billable != 0)
		json_put_int(json, "billable", d->billable);
	if (d->minimum != 0)
		json_put_int(json, "minimum", d->minimum);
	if (d->rate != 0)
		json_put_money(json, "rate", d->rate);
	if (d->item != NULL)
		json_put_string(json, "item", d->item);
	if (d->name != NULL)
		json_put_string(json, "name", d->name);
	put_object(json, "discounts", discounts_json(0, d->single_rate,
	    d->cumulative_rate, d->cumulative_quantity));
	return json;
}

static struct json_object *
prorate_json(const struct line *line)
{
	struct json_object *json = json_object_at(line->plan, "prorate");

	if (json != NULL)
		return json_object_get(json);
	json = json_object_new_object();
	json_put_bool(json, "additions", true);
	json_put_bool(json, "removals", true);
	return json;
}

static struct json_object *
prorated_json(const struct line *line)
{
	struct json_object *json = json_object_new_object();

	json_put_money(json, "amount", line->prorated);
	json_put_int(json, "days", line->prorated_days.days);
	json_put_int(json, "days_in_month", line->prorated_days.days_in_month);
	json_put_int(json, "from", line->prorated_days.from);
	json_put_int(json, "to", line->prorated_days.to);
	return json;
}

static struct json_object *
explain_json(const struct line *line)
{
	struct json_object *json = json_object_new_object();

	json_object_object_add(json, "fields", line->origins == NULL ?
	    json_object_new_object() : json_object_get(line->origins));
	json_object_object_add(json, "steps", json_object_get(line->steps));
	return json;
}

struct json_object *
line_json(const struct line *line)
{
	static const char *const types[] = {
		[LINE_MODIFIED] = "modified",
		[LINE_CREATED] = "created",
		[LINE_REMOVED] = "removed",
	};
	struct json_object *json = json_object_new_object(), *changes;

	json_put_string(json, "category", line->category);
	json_put_string(json, "item", line->item);
	json_put_string(json, "name", line->name);
	json_put_int(json, "quantity", line->quantity);
	json_put_int(json, "billable", line->billable);
	json_put_money(json, "rate", line->rate);
	put_object(json, "discounts", discounts_json(line->discount,
	    line->single_rate, line->cumulative_rate,
	    line->cumulative_quantity));
	if (line->minimum != 0)
		json_put_int(json, "minimum", line->minimum);
	if (line->maximum != 0)
		json_put_int(json, "maximum", line->maximum);
	json_object_object_add(json, "prorate", prorate_json(line));
	json_put_money(json, "total", line->total);
	if (line->change != LINE_SAME) {
		changes = json_object_new_object();
		json_put_string(changes, "type", types[line->change]);
		json_object_object_add(changes, "difference",
		    difference_json(&line->difference));
		json_object_object_add(json, "changes", changes);
	}
	if (line->prorated_days.days > 0)
		json_object_object_add(json, "prorated", prorated_json(line));
	if (line->steps != NULL)
		json_object_object_add(json, "explain", explain_json(line));
	return json;
}
