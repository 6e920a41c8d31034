/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Admission without a database: the decisions that need no lookups. */
#include <config.h>

#include "service/admission.h"

#include "quoted.h"

#include "base/attr.h"

/* An account that pays for itself, and the prices of its change. */
struct scene {
	struct arena *arena;
	struct service account;
	struct change change;
	struct invoices prices;
};

static void
scene_begin(struct scene *s)
{
	*s = (struct scene){ .arena = arena_new(16384) };
	s->account = (struct service){
		.account_id = "a",
		.billing_id = "a",
		.standing = STANDING_GOOD,
		.document = quoted(s->arena, "{}"),
		.overrides = quoted(s->arena, "{}"),
	};
	s->change = (struct change){ .account_id = "a", .asks_owner = true,
		.asks_actor = true };
}

static void
scene_end(struct scene *s)
{
	arena_free(&s->arena);
}

/* The problem of a change, or NULL if it is admitted. */
static struct problem *
check(const struct scene *s)
{
	const struct part part = {
		.arena = s->arena,
		.change = &s->change,
		.origin = &s->account,
		.before = &s->account,
		.after = &s->account,
	};

	return admission_check(&part, &s->prices);
}

/* Totals of a change, in millionths; amount: the cost for its payer. */
static const struct price {
	const char *label;
	money_t before, recurring, today, prorated;
	bool more;
	money_t amount;
} prices[] = {
	{ "nothing changes", 100, 100, 0, 0, false, 0 },
	{ "nothing to pay at all", 0, 0, 0, 0, false, 0 },
	{ "it rises", 100, 101, 0, 0, true, 1 },
	{ "it falls", 100, 99, 0, 0, false, 0 },
	{ "due at once", 100, 100, 7, 0, true, 7 },
	{ "rises, and is due at once", 100, 150, 7, 0, true, 57 },
	{ "falls, but is due at once", 100, 60, 7, 0, true, 7 },
	{ "the rest of the month", 100, 100, 0, 30, true, 30 },
	{ "rises by more than that rest", 100, 160, 0, 30, true, 60 },
	{ "rises by less than that rest", 100, 110, 0, 30, true, 30 },
	{ "falls, with a rest to pay", 100, 20, 0, 30, true, 30 },
	{ "rest and at once", 100, 110, 7, 30, true, 37 },
	{ "a rest is given back", 100, 40, 0, -30, false, 0 },
	{ "given back, but rises", 100, 140, 0, -30, true, 40 },
	{ "credits are less", -100, -60, 0, 0, true, 40 },
	{ "as much as there is", 0, MONEY_MAX, 0, 0, true, MONEY_MAX },
	{ "more than there is", -1, MONEY_MAX, 0, 0, true, MONEY_MAX },
	{ "and more at once", 0, MONEY_MAX, 1, 0, true, MONEY_MAX },
};

static void
set_prices(struct scene *s, const struct price *price)
{
	s->prices = (struct invoices){
		.recurring_before = price->before,
		.recurring = price->recurring,
		.today = price->today,
		.prorated = price->prorated,
	};
}

Test(admission, higher_charges_must_be_accepted)
{
	const struct price *price;
	struct problem *p;
	struct scene s;
	size_t i;

	scene_begin(&s);
	for (i = 0; i < NELEM(prices); i++) {
		price = &prices[i];
		set_prices(&s, price);
		s.change.must_accept = true;
		s.change.accepted = false;
		p = check(&s);
		cr_expect_eq(p != NULL, price->more, "%s", price->label);
		cr_expect(p == NULL || p->kind == PROBLEM_CHARGES, "%s",
		    price->label);
		s.change.accepted = true;
		cr_expect_null(check(&s), "%s, accepted", price->label);
		s.change.must_accept = s.change.accepted = false;
		cr_expect_null(check(&s), "%s, where nobody is asked",
		    price->label);
	}
	scene_end(&s);
}

Test(admission, a_refusal_shows_the_invoices_that_change)
{
	struct invoice invoice = {
		.bookkeeper = { "b", "default", "v" },
		.plan = NULL,
		.recurring = 5 * MONEY_ONE,
		.today = 2 * MONEY_ONE,
	};
	struct problem *p;
	struct scene s;

	scene_begin(&s);
	s.change.must_accept = true;
	s.prices = (struct invoices){ .count = 1, .invoices = &invoice,
		.recurring = 5 * MONEY_ONE, .today = 2 * MONEY_ONE };
	p = check(&s);
	cr_assert_not_null(p);
	cr_expect_eq(p->status, 402);
	cr_assert_eq(json_object_array_length(p->data), 1);
	assert_json(s.arena, "{'recurring':5,'today':2}", json_at(
	    json_object_array_get_idx(p->data, 0), "summary"), "summary");
	scene_end(&s);
}

Test(admission, the_payer_of_an_increase_must_be_in_good_standing)
{
	const struct price *price;
	money_t amount;
	struct problem *p;
	struct scene s;
	size_t i;

	scene_begin(&s);
	s.change.needs_standing = true;
	for (i = 0; i < NELEM(prices); i++) {
		price = &prices[i];
		set_prices(&s, price);
		s.account.standing = STANDING_GOOD;
		cr_expect_null(check(&s), "%s, in good standing", price->label);
		s.account.standing = STANDING_DELINQUENT;
		s.account.reason = "unpaid";
		p = check(&s);
		cr_expect_eq(p != NULL, price->more, "%s", price->label);
		if (p == NULL)
			continue;
		cr_expect_eq(p->kind, PROBLEM_BILLING_ISSUE, "%s", price->label);
		cr_expect_str_eq(json_string_at(p->data, "reason"),
		    STANDING_DELINQUENT);
		cr_expect_str_eq(json_string_at(p->data, "message"), "unpaid");
		cr_expect(money_parse(json_object_to_json_string(json_at(
		    p->data, "amount")), &amount) && amount == price->amount,
		    "%s: it costs %lld", price->label, (long long)amount);
	}
	scene_end(&s);
}

Test(admission, changes_that_standing_does_not_stop)
{
	struct scene s;

	scene_begin(&s);
	s.account.standing = STANDING_DELINQUENT;
	set_prices(&s, &(struct price){ .recurring = 1 });
	cr_expect_null(check(&s), "where standing does not count");
	s.change.must_accept = s.change.needs_standing = true;
	cr_expect_eq(check(&s)->kind, PROBLEM_CHARGES, "first it is asked");
	s.change.accepted = true;
	cr_expect_eq(check(&s)->kind, PROBLEM_BILLING_ISSUE);
	scene_end(&s);
}
