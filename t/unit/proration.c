/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "billing/proration.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/gregorian.h"
#include "billing/invoice_document.h"
#include "billing/question.h"
#include "quoted_table.h"

#define SEED_DEFAULT 20260209
#define ROUNDS 20000
#define NOON (GREGORIAN_DAY / 2)

static int64_t
day(const char *text)
{
	int64_t seconds = 0;

	cr_assert(gregorian_parse_day(text, &seconds), "%s", text);
	return seconds;
}

/* ---- the days of a month ---- */

Test(proration, the_rest_of_a_month_begins_today)
{
	static const struct {
		const char *today;
		int64_t left, of;
	} cases[] = {
		{ "2026-01-01", 31, 31 },
		{ "2026-01-31", 1, 31 },
		{ "2026-04-16", 15, 30 },
		{ "2026-02-01", 28, 28 },
		{ "2026-02-28", 1, 28 },
		{ "2024-02-01", 29, 29 },
		{ "2024-02-28", 2, 29 },
		{ "2024-02-29", 1, 29 },
		{ "2000-02-29", 1, 29 },
		{ "1900-02-28", 1, 28 },
		{ "2026-12-31", 1, 31 },
		{ "9999-12-31", 1, 31 },
		{ "0000-01-01", 31, 31 },
	};
	struct month_days left;
	int64_t today;
	size_t i;

	for (i = 0; i < NELEM(cases); i++) {
		today = day(cases[i].today);
		left = proration_days_left(today + NOON);
		cr_expect_eq(left.from, today, "%s", cases[i].today);
		cr_expect_eq(left.days, cases[i].left, "%s: %" PRId64,
		    cases[i].today, left.days);
		cr_expect_eq(left.days_in_month, cases[i].of, "%s: %" PRId64,
		    cases[i].today, left.days_in_month);
		cr_expect_eq(left.to, today + cases[i].left * GREGORIAN_DAY,
		    "%s", cases[i].today);
		cr_expect_eq(left.before, cases[i].of - cases[i].left, "%s",
		    cases[i].today);
		/* Every second of a day counts as the whole day. */
		cr_expect_eq(proration_days_left(today).from, today);
		cr_expect_eq(
		    proration_days_left(today + GREGORIAN_DAY - 1).from, today);
	}
}

Test(proration, days_between_are_of_one_month)
{
	int64_t from = day("2024-02-10"), next = day("2024-03-01");
	struct month_days days;

	cr_assert(proration_days_between(from + NOON, from + NOON, &days));
	cr_assert_eq(days.days, 0);
	cr_assert_eq(days.before, 9);
	cr_assert(proration_days_between(from, from + 3 * GREGORIAN_DAY + 1,
	    &days));
	cr_assert_eq(days.days, 3);
	cr_assert_eq(days.to, from + 3 * GREGORIAN_DAY);
	cr_assert(proration_days_between(from, next + NOON, &days));
	cr_assert_eq(days.days, 20);
	cr_assert_eq(days.to, next);
	cr_assert_not(
	    proration_days_between(from, next + GREGORIAN_DAY, &days));
	cr_assert_not(proration_days_between(from, from - 1, &days));
}

/* ---- shares ---- */

static money_t
share_between(money_t amount, int64_t from, int64_t to)
{
	struct month_days days;
	money_t share = 0;

	cr_assert(proration_days_between(from, to, &days));
	cr_assert(proration_share(amount, &days, &share));
	return share;
}

Test(proration, shares_are_exact)
{
	static const struct {
		const char *from, *to;
		money_t amount, share;
	} cases[] = {
		{ "2026-04-16", "2026-05-01", 30 * MONEY_ONE, 15 * MONEY_ONE },
		{ "2026-04-01", "2026-05-01", 9999999, 9999999 },
		{ "2026-04-30", "2026-05-01", 10 * MONEY_ONE, 333333 },
		{ "2026-04-01", "2026-04-02", 10 * MONEY_ONE, 333333 },
		{ "2026-04-15", "2026-04-16", 10 * MONEY_ONE, 333333 },
		{ "2026-04-02", "2026-04-03", 10 * MONEY_ONE, 333334 },
		{ "2026-04-02", "2026-04-02", 10 * MONEY_ONE, 0 },
		{ "2024-02-29", "2024-03-01", 29 * MONEY_ONE, MONEY_ONE },
		{ "2026-02-28", "2026-03-01", 28 * MONEY_ONE, MONEY_ONE },
		{ "2026-02-01", "2026-02-15", 1, 1 }, /* half is rounded away
		                                         from 0 */
		{ "2026-02-15", "2026-03-01", 1, 0 },
		{ "2026-01-01", "2026-02-01", MONEY_MAX, MONEY_MAX },
		{ "2026-01-17", "2026-02-01", 0, 0 },
	};
	money_t share;
	size_t i;

	for (i = 0; i < NELEM(cases); i++) {
		share = share_between(cases[i].amount, day(cases[i].from),
		    day(cases[i].to));
		cr_expect_eq(share, cases[i].share, "%s: %" PRId64,
		    cases[i].from, share);
		/* A decrease refunds the cost of an equal increase. */
		share = share_between(-cases[i].amount, day(cases[i].from),
		    day(cases[i].to));
		cr_expect_eq(share, -cases[i].share, "-%s: %" PRId64,
		    cases[i].from, share);
	}
}

Test(proration, an_amount_out_of_range_has_no_share)
{
	static const money_t amounts[] = {
		MONEY_MAX + 1, -MONEY_MAX - 1, INT64_MAX, INT64_MIN,
	};
	struct month_days days = proration_days_left(day("2026-01-31"));
	money_t share;
	size_t i;

	for (i = 0; i < NELEM(amounts); i++)
		cr_expect_not(proration_share(amounts[i], &days, &share));
	cr_expect(proration_share(-MONEY_MAX, &days, &share));
}

/* ---- every partition adds up ---- */

static uint64_t state;

/* xorshift64*: the same numbers everywhere for the same seed. */
static uint64_t
number(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * UINT64_C(2685821657736338717);
}

/* Random amounts of all sizes and both signs. */
static money_t
any_amount(void)
{
	money_t amount = (money_t)(number() >> (1 + number() % 63));

	amount %= MONEY_MAX + 1;
	return number() % 2 == 0 ? amount : -amount;
}

static uint64_t
seed(void)
{
	const char *given = getenv("REEVE_SEED");

	return given == NULL ? SEED_DEFAULT : strtoull(given, NULL, 10) | 1;
}

/* Splits [from, to) at random days. */
static money_t
sum_of_parts(money_t amount, int64_t from, int64_t to)
{
	money_t sum = 0, part;
	int64_t cut;

	while (from < to) {
		cut = from + (int64_t)(1 + number() % (uint64_t)((to - from) /
		    GREGORIAN_DAY)) * GREGORIAN_DAY;
		part = share_between(amount, from, cut);
		cr_assert(amount < 0 ? part <= 0 : part >= 0);
		cr_assert(money_add(sum, part, &sum));
		from = cut;
	}
	return sum;
}

Test(proration, any_partition_adds_up_to_the_whole)
{
	uint64_t started = state = seed();
	int64_t now, from, to;
	struct month_days left;
	money_t amount, whole;
	int round;

	for (round = 0; round < ROUNDS; round++) {
		amount = any_amount();
		now = (int64_t)(number() % (uint64_t)(GREGORIAN_MAX + 1));
		left = proration_days_left(now);
		from = left.from;
		to = from + (int64_t)(number() % (uint64_t)(left.days + 1)) *
		    GREGORIAN_DAY;
		whole = share_between(amount, from, to);
		cr_assert_eq(sum_of_parts(amount, from, to), whole,
		    "seed %" PRIu64 ", round %d", started, round);
		cr_assert_eq(share_between(-amount, from, to), -whole);
		from = gregorian_month_start(now);
		cr_assert_eq(sum_of_parts(amount, from, left.to), amount,
		    "seed %" PRIu64 ", round %d: a month", started, round);
	}
}

/* All partitions of a short period: each day has a cut or not. */
Test(proration, every_partition_of_ten_days_adds_up)
{
	static const money_t amounts[] = { 1, -1, 17, 9999999, -100000001 };
	int64_t first = day("2024-02-20"), from;
	unsigned cuts, d;
	money_t sum;
	size_t i;

	for (i = 0; i < NELEM(amounts); i++) {
		for (cuts = 0; cuts < 1u << 9; cuts++) {
			sum = 0;
			from = first;
			for (d = 1; d <= 10; d++) {
				if (d < 10 && (cuts & 1u << (d - 1)) == 0)
					continue;
				sum += share_between(amounts[i], from,
				    first + d * GREGORIAN_DAY);
				from = first + d * GREGORIAN_DAY;
			}
			cr_assert_eq(sum, share_between(amounts[i], first,
			    first + 10 * GREGORIAN_DAY), "cuts %u", cuts);
		}
	}
}

/* ---- lines and invoices ---- */

struct pair {
	const char *old, *new; /* the item's plan, NULL: no plan */
	int before, after;
};

static struct billed_state
billed(struct arena *a, const char *item, int count)
{
	struct billed_state s = { .bookkeeper = { "b", "default", "r" } };

	s.quantities.tables[QUANTITY_ACCOUNT] =
	    quoted_table(a, arena_printf(a, "{'d':{'i':%d}}",
	    count));
	if (item == NULL)
		return s;
	s.assigned.count = 1;
	s.assigned.plans = arena_alloc(a, sizeof(*s.assigned.plans));
	s.assigned.plans[0] = (struct assigned_plan){
		.id = "p", .vendor_id = "r",
		.document = quoted(a, arena_printf(a, "{'plan':{'d':{'i':%s}}}",
		    item)),
	};
	return s;
}

static struct problem *
annotate(struct arena *a, const struct pair *pair,
    const struct proration *proration, bool explain, struct invoices *out)
{
	struct billed_state before = billed(a, pair->old, pair->before);
	struct billed_state after = billed(a, pair->new, pair->after);
	struct invoices old, new;

	cr_assert_null(invoices_price(a, &before, explain, &old));
	cr_assert_null(invoices_price(a, &after, explain, &new));
	return invoices_annotate(a, &old, &new, proration, out);
}

static struct json_object *
annotated_line(struct arena *a, const struct pair *pair,
    const struct proration *proration, bool explain)
{
	struct invoices out;

	cr_assert_null(annotate(a, pair, proration, explain, &out));
	return json_own(a, line_json(&out.invoices[0].lines[0]));
}

#define BOTH "{'rate':9,'prorate':{'additions':true,'removals':true}}"
#define RISES "{'rate':9,'prorate':{'additions':true}}"
#define FALLS "{'rate':9,'prorate':{'additions':false,'removals':true}}"
#define SILENT "{'rate':9}"

Test(proration, a_line_is_prorated_when_its_plan_asks)
{
	/* Ten of thirty days remain: a third. */
	static const struct {
		struct pair pair;
		const char *amount; /* NULL: nothing is prorated */
	} cases[] = {
		{ { BOTH, BOTH, 1, 3 }, "6" },
		{ { BOTH, BOTH, 3, 1 }, "-6" },
		{ { RISES, RISES, 1, 3 }, "6" },
		{ { RISES, RISES, 3, 1 }, NULL },
		{ { FALLS, FALLS, 1, 3 }, NULL },
		{ { FALLS, FALLS, 3, 1 }, "-6" },
		{ { SILENT, SILENT, 1, 3 }, NULL },
		{ { SILENT, SILENT, 3, 1 }, NULL },
		{ { "{'rate':9,'prorate':{}}", "{'rate':9,'prorate':{}}", 1, 3 },
		    NULL },
		{ { "{'rate':9,'prorate':{'removals':true}}",
		    "{'rate':9,'prorate':{'removals':true}}", 1, 3 }, "6" },
		{ { BOTH, BOTH, 2, 2 }, NULL },
		/* A changed price is an increase or decrease, too. */
		{ { SILENT, "{'rate':12,'prorate':{'additions':true}}", 1, 1 },
		    "1" },
		{ { BOTH, "{'rate':6,'prorate':{'removals':true}}", 1, 1 },
		    "-1" },
		/* A higher quantity at a lower total: the total decides. */
		{ { BOTH, "{'rate':3,'prorate':{'removals':true}}", 2, 3 },
		    "-3" },
		/* A higher quantity at the same total. */
		{ { BOTH, "{'rate':6,'prorate':{'additions':true}}", 2, 3 },
		    NULL },
		{ { NULL, RISES, 2, 2 }, "6" },
		{ { BOTH, NULL, 2, 2 }, "-6" },
		{ { RISES, NULL, 2, 2 }, NULL },
		/* The proposed plan decides what is prorated. */
		{ { BOTH, SILENT, 1, 3 }, NULL },
	};
	struct proration proration = { day("2026-04-21") + NOON, true };
	struct arena *a = arena_new(65536);
	struct json_object *line, *found;
	const char *amount;
	size_t i;

	for (i = 0; i < NELEM(cases); i++) {
		line = annotated_line(a, &cases[i].pair, &proration, false);
		found = json_at(line, "prorated.amount");
		amount = found == NULL ? "none" : json_object_get_string(found);
		cr_expect_str_eq(amount,
		    cases[i].amount == NULL ? "none" : cases[i].amount,
		    "%zu: %s", i, amount);
	}
	arena_free(&a);
}

Test(proration, a_line_shows_the_days_and_the_summary_the_sum)
{
	struct proration proration = { day("2024-02-20") + NOON, true };
	struct pair pair = { RISES, RISES, 1, 2 };
	struct arena *a = arena_new(65536);
	struct invoices out;
	struct json_object *json;

	cr_assert_null(annotate(a, &pair, &proration, false, &out));
	json = json_own(a, line_json(&out.invoices[0].lines[0]));
	assert_json(a, arena_printf(a, "{'amount':3.103448,'days':10,"
	    "'days_in_month':29,'from':%" PRId64 ",'to':%" PRId64 "}",
	    day("2024-02-20"), day("2024-03-01")), json_at(json, "prorated"),
	    "a leap year's February");
	json = json_own(a, invoice_json(&out.invoices[0], false));
	assert_json(a, "{'today':0,'recurring':18,'prorated':3.103448}",
	    json_at(json, "summary"), "with its sum");
	arena_free(&a);
}

Test(proration, an_invoice_adds_up_exactly)
{
	struct proration proration = { day("2026-04-30"), true };
	struct billed_state before, after;
	struct invoices old, new, out;
	struct arena *a = arena_new(65536);
	struct json_object *json;

	before = billed(a, "{'rate':1,'prorate':{'removals':true}},"
	    "'j':{'rate':1,'prorate':{'additions':true}},'k':{'rate':1}", 1);
	after = before;
	before.quantities.tables[QUANTITY_ACCOUNT] =
	    quoted_table(a, "{'d':{'i':11,'j':0,'k':0}}");
	after.quantities.tables[QUANTITY_ACCOUNT] =
	    quoted_table(a, "{'d':{'i':10,'j':20,'k':5}}");
	cr_assert_null(invoices_price(a, &before, false, &old));
	cr_assert_null(invoices_price(a, &after, false, &new));
	cr_assert_null(invoices_annotate(a, &old, &new, &proration, &out));
	json = json_own(a, invoice_json(&out.invoices[0], false));
	/* -0.033333 + 0.666667 */
	assert_json(a, "{'today':0,'recurring':35,'prorated':0.633334}",
	    json_at(json, "summary"), "a rise, a fall, and one not prorated");
	cr_assert_eq(out.prorated, 633334);
	arena_free(&a);
}

Test(proration, an_unchanged_line_has_no_sum)
{
	struct proration proration = { day("2026-04-21"), true };
	struct pair pair = { BOTH, BOTH, 2, 2 };
	struct arena *a = arena_new(65536);
	struct invoices out;

	cr_assert_null(annotate(a, &pair, &proration, false, &out));
	assert_json(a, "{'today':0,'recurring':18}", json_at(json_own(a,
	    invoice_json(&out.invoices[0], false)), "summary"), "unchanged");
	arena_free(&a);
}

Test(proration, nothing_is_shown_when_it_is_not_billed)
{
	struct proration proration = { day("2026-04-21"), false };
	struct pair pair = { BOTH, BOTH, 1, 3 };
	struct arena *a = arena_new(65536);
	struct invoices out;
	struct json_object *json;

	cr_assert_null(annotate(a, &pair, &proration, false, &out));
	json = json_own(a, invoice_json(&out.invoices[0], false));
	cr_assert_null(json_at(json, "summary.prorated"));
	json = json_own(a, line_json(&out.invoices[0].lines[0]));
	cr_assert_null(json_at(json, "prorated"));
	cr_assert_eq(out.prorated, 0);
	arena_free(&a);
}

Test(proration, a_prorated_charge_is_a_higher_cost)
{
	struct proration proration = { day("2026-04-21"), true };
	struct billed_state before, after;
	struct invoices old, new, out;
	struct arena *a = arena_new(65536);

	/* Another line decreases as much, but is not refunded. */
	before = billed(a, RISES ",'j':{'rate':9}", 1);
	after = before;
	before.quantities.tables[QUANTITY_ACCOUNT] =
	    quoted_table(a, "{'d':{'i':1,'j':2}}");
	after.quantities.tables[QUANTITY_ACCOUNT] =
	    quoted_table(a, "{'d':{'i':2,'j':1}}");
	cr_assert_null(invoices_price(a, &before, false, &old));
	cr_assert_null(invoices_price(a, &after, false, &new));
	cr_assert_null(invoices_annotate(a, &old, &new, &proration, &out));
	cr_assert(invoices_cost_more(&out));
	proration.billed = false;
	cr_assert_null(invoices_annotate(a, &old, &new, &proration, &out));
	cr_assert_not(invoices_cost_more(&out));
	arena_free(&a);
}

Test(proration, an_overflow_is_refused_only_if_it_is_prorated)
{
	struct proration proration = { day("2026-04-21"), true };
	struct pair pair = {
		"{'rate':-8000000,'minimum':1000000,'prorate':{'removals':true}}",
		"{'rate':8000000,'minimum':1000000,'prorate':{'removals':true}}",
		1, 1,
	};
	struct arena *a = arena_new(65536);
	struct invoices out;
	struct problem *p;

	p = annotate(a, &pair, &proration, false, &out);
	cr_assert_not_null(p);
	cr_assert_eq(p->kind, PROBLEM_VALIDATION);
	proration.billed = false;
	cr_assert_null(annotate(a, &pair, &proration, true, &out));
	arena_free(&a);
}

Test(proration, a_renamed_line_is_not_charged_again)
{
	struct proration proration = { day("2026-04-21"), true };
	struct pair pair = { RISES,
	    "{'rate':9,'as':'x','prorate':{'additions':true}}", 2, 2 };
	struct arena *a = arena_new(65536);
	struct invoices out;

	cr_assert_null(annotate(a, &pair, &proration, false, &out));
	cr_assert_eq(out.invoices[0].line_count, 2);
	cr_assert_eq(out.prorated, 0);
	/* But an increase is charged: one of three for a third of the month. */
	pair.after = 3;
	cr_assert_null(annotate(a, &pair, &proration, false, &out));
	cr_assert_eq(out.prorated, 3 * MONEY_ONE);
	/* And a decrease is refunded once, not twice. */
	pair.old = BOTH;
	pair.new = "{'rate':9,'as':'x','prorate':{'removals':true}}";
	pair.after = 1;
	cr_assert_null(annotate(a, &pair, &proration, false, &out));
	cr_assert_eq(out.prorated, -3 * MONEY_ONE);
	arena_free(&a);
}

/* ---- explained ---- */

static struct json_object *
steps_of(struct json_object *line)
{
	return json_at(line, "explain.steps");
}

Test(proration, explain_shows_the_arithmetic)
{
	static const struct {
		struct pair pair;
		bool billed;
		const char *steps;
	} cases[] = {
		{ { RISES, RISES, 1, 3 }, false,
		    "['quantity 3 = 3 i (own)','rate 9','total 3 x 9 = 27',"
		    "'total was 9: changes by 18 a month',"
		    "'would be prorated for 10 of 29 days from 2024-02-20: "
		    "18 - 11.793103 (18 x 19 / 29) = 6.206897, "
		    "if prorate were on']" },
		{ { RISES, RISES, 1, 3 }, true,
		    "['quantity 3 = 3 i (own)','rate 9','total 3 x 9 = 27',"
		    "'total was 9: changes by 18 a month',"
		    "'prorated for 10 of 29 days from 2024-02-20: "
		    "18 - 11.793103 (18 x 19 / 29) = 6.206897']" },
		{ { RISES, RISES, 3, 1 }, true,
		    "['quantity 1 = 1 i (own)','rate 9','total 1 x 9 = 9',"
		    "'total was 27: changes by -18 a month',"
		    "'removals are not prorated']" },
		{ { FALLS, FALLS, 1, 3 }, false,
		    "['quantity 3 = 3 i (own)','rate 9','total 3 x 9 = 27',"
		    "'total was 9: changes by 18 a month',"
		    "'additions are not prorated']" },
		{ { BOTH, NULL, 1, 1 }, false,
		    "['no plan has it any more: total 0',"
		    "'total was 9: changes by -9 a month',"
		    "'would be prorated for 10 of 29 days from 2024-02-20: "
		    "-9 - -5.896552 (-9 x 19 / 29) = -3.103448, "
		    "if prorate were on']" },
		{ { SILENT, SILENT, 1, 3 }, true,
		    "['quantity 3 = 3 i (own)','rate 9','total 3 x 9 = 27']" },
	};
	struct proration proration = { day("2024-02-20") + NOON, false };
	struct arena *a = arena_new(65536);
	size_t i;

	for (i = 0; i < NELEM(cases); i++) {
		proration.billed = cases[i].billed;
		assert_json(a, cases[i].steps, steps_of(annotated_line(a,
		    &cases[i].pair, &proration, true)),
		    arena_printf(a, "%zu", i));
	}
	arena_free(&a);
}

static int
count_steps(const struct line *line)
{
	const struct line_step *step;
	int n = 0;

	for (step = line->steps; step != NULL; step = step->earlier)
		n++;
	return n;
}

Test(proration, comparing_twice_explains_once)
{
	struct proration proration = { day("2024-02-20"), false };
	struct arena *a = arena_new(65536);
	struct billed_state before = billed(a, RISES, 1);
	struct billed_state after = billed(a, RISES, 3);
	struct invoices old, new, once, twice;

	cr_assert_null(invoices_price(a, &before, true, &old));
	cr_assert_null(invoices_price(a, &after, true, &new));
	cr_assert_null(invoices_annotate(a, &old, &new, &proration, &once));
	cr_assert_null(invoices_annotate(a, &old, &new, &proration, &twice));
	cr_assert_eq(count_steps(&twice.invoices[0].lines[0]), 5);
	cr_assert_eq(count_steps(&new.invoices[0].lines[0]), 3);
	arena_free(&a);
}

/* ---- a question about prices ---- */

static struct json_object *
answered(struct arena *a, const char *more, bool explain)
{
	struct json_object *answer = NULL;
	struct problem *p;

	p = question_answer(a, quoted(a, arena_printf(a, "{'plans':[{'id':'p',"
	    "'doc':{'plan':{'d':{'i':%s}}}}],"
	    "'quantities':{'account':{'d':{'i':2}}}%s}", RISES, more)),
	    explain, &answer);
	cr_assert_null(p);
	return answer;
}

static const char *
first_line(struct arena *a, struct json_object *invoices)
{
	struct json_object *lines = json_array_at(
	    json_object_array_get_idx(invoices, 0), "items");

	return json_canonical_text(a, json_object_array_get_idx(lines, 0));
}

Test(proration, a_question_s_now_is_the_clock)
{
	struct arena *a = arena_new(65536);
	const char *now = arena_printf(a, ",'now':%" PRId64,
	    day("2026-04-21") + NOON);
	const char *change = arena_printf(a,
	    "%s,'current':{'quantities':{'account':{'d':{'i':1}}}},"
	    "'proposed':{}", now);
	struct json_object *answer;

	answer = answered(a, now, true);
	cr_assert_not_null(strstr(first_line(a, json_at(answer, "invoices")),
	    "would be prorated for 10 of 30 days from 2026-04-21: "
	    "18 - 12 (18 x 20 / 30) = 6, if prorate were on"));
	answer = answered(a, change, true);
	cr_assert_not_null(strstr(first_line(a, json_at(answer,
	    "annotated.invoices")), "total was 9: changes by 9 a month"));
	cr_assert_null(strstr(json_canonical_text(a, answer), "\"prorated\""));
	answer = answered(a, "", true);
	cr_assert_null(strstr(json_canonical_text(a, answer), "prorated"));
	cr_assert_str_eq(json_canonical_text(a, answered(a, now, false)),
	    json_canonical_text(a, answered(a, "", false)));
	arena_free(&a);
}

Test(proration, a_question_s_now_is_checked)
{
	static const char *const wrong[] = {
		"{'now':'today'}", "{'now':1.5}", "{'now':0}", "{'now':-1}",
		"{'now':315569520000}", "{'now':[1]}",
	};
	struct json_object *answer;
	struct arena *a = arena_new(65536);
	struct problem *p;
	size_t i;

	for (i = 0; i < NELEM(wrong); i++) {
		p = question_answer(a, quoted(a, wrong[i]), true, &answer);
		cr_assert_not_null(p, "%s", wrong[i]);
		cr_assert_not_null(json_at(p->data, "now"), "%s", wrong[i]);
	}
	arena_free(&a);
}
