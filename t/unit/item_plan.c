/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "billing/item_plan.h"

#include "quoted.h"

static struct item_plan
plan_of(struct arena *a, const char *text)
{
	struct item_plan plan;

	item_plan_read(a, quoted(a, text), &plan);
	return plan;
}

Test(item_plan, an_empty_plan_charges_nothing)
{
	struct arena *a = arena_new(16384);
	struct item_plan plan = plan_of(a, "{}");

	cr_expect_null(plan.as);
	cr_expect_null(plan.name);
	cr_expect_eq(plan.step, 1);
	cr_expect_eq(plan.minimum, 0);
	cr_expect_not(plan.has_maximum);
	cr_expect_not(plan.cascade);
	cr_expect_not(plan.single.is_given);
	cr_expect_not(plan.cumulative.is_given);
	cr_expect_not(plan.prorate.is_given);
	cr_expect_eq(plan.exception_count, 0);
	cr_expect_null(tiers_find(&plan.rates, 0));
	item_plan_read(a, NULL, &plan);
	cr_expect_eq(plan.step, 1);
	arena_free(&a);
}

Test(item_plan, members_of_another_type_count_as_not_given)
{
	struct arena *a = arena_new(16384);
	struct item_plan plan = plan_of(a, "{'as':'','name':7,'step':0,"
	    "'maximum':'x','rate':'x','rates':[1],'exceptions':{'a':1},"
	    "'discounts':{'single':true,'cumulative':[]},'prorate':true}");

	cr_expect_null(plan.as);
	cr_expect_null(plan.name);
	cr_expect_eq(plan.step, 1);
	cr_expect_not(plan.has_maximum);
	cr_expect_eq(plan.rate, 0);
	cr_expect_eq(plan.rates.count, 0);
	cr_expect_eq(plan.exception_count, 0);
	cr_expect_not(plan.single.is_given);
	cr_expect_not(plan.cumulative.is_given);
	cr_expect_not(plan.prorate.is_given);
	arena_free(&a);
}

Test(item_plan, discounts_fall_back_to_the_plain_rate)
{
	struct arena *a = arena_new(16384);
	struct item_plan plan = plan_of(a, "{'discounts':{'single':{},"
	    "'cumulative':{'maximum':3,'minimum':2,'rate':0.5,"
	    "'rates':{'10':0.25}}}}");

	cr_expect(plan.single.is_given);
	cr_expect_not(plan.single.has_rate);
	cr_expect_eq(plan.single.minimum, 1);
	cr_expect(plan.cumulative.has_rate);
	cr_expect_eq(plan.cumulative.rate, MONEY_ONE / 2);
	cr_expect_eq(plan.cumulative.minimum, 2);
	cr_expect(plan.cumulative.has_maximum);
	cr_expect_eq(plan.cumulative.maximum, 3);
	cr_expect_eq(tiers_find(&plan.cumulative.rates, 3)->price,
	    MONEY_ONE / 4);
	arena_free(&a);
}

/* A "prorate", and the changes it prorates: increases (+), decreases (-). "":
 * none, and explain does not mention it. */
static const struct {
	const char *prorate, *terms;
} prorates[] = {
	{ "{}", "" },
	{ "{'additions':true}", "+" },
	{ "{'additions':false}", " " },
	{ "{'removals':true}", "+-" },
	{ "{'additions':false,'removals':true}", " -" },
	{ "{'additions':'true','removals':'true'}", "+-" },
	{ "{'other':1}", "+" },
};

Test(item_plan, increases_are_prorated_by_default_and_decreases_on_request)
{
	struct arena *a = arena_new(16384);
	const struct prorate_terms *terms;
	struct item_plan plan;
	const char *found;
	size_t i;

	for (i = 0; i < NELEM(prorates); i++) {
		plan = plan_of(a, arena_printf(a, "{'prorate':%s}",
		    prorates[i].prorate));
		terms = &plan.prorate;
		found = !terms->is_given ? "" : arena_printf(a, "%s%s",
		    terms->additions ? "+" : " ", terms->removals ? "-" : "");
		cr_expect_str_eq(found, prorates[i].terms, "%s: '%s'",
		    prorates[i].prorate, found);
	}
	arena_free(&a);
}

/* The tier for a quantity n; 0: none. */
static const char tiers[] =
    "{'rates':{'20':7,'5':9,'100':'6.5','x':1,'':1,'-3':1,'50':'much'}}";

Test(item_plan, the_smallest_tier_not_below_the_quantity_counts)
{
	static const struct {
		int64_t n, most;
	} cases[] = {
		{ -1, 5 }, { 0, 5 }, { 5, 5 }, { 6, 20 }, { 20, 20 },
		{ 21, 0 } /* "much" is not a price */, { 50, 0 }, { 51, 100 },
		{ 100, 100 }, { 101, 0 }, { INT64_MAX, 0 },
	};
	struct arena *a = arena_new(16384);
	struct item_plan plan = plan_of(a, tiers);
	const struct tier *tier;
	size_t i;

	cr_expect_eq(plan.rates.count, 4);
	for (i = 0; i < NELEM(cases); i++) {
		tier = tiers_find(&plan.rates, cases[i].n);
		cr_expect_eq(tier == NULL ? 0 : tier->max, cases[i].most,
		    "%lld", (long long)cases[i].n);
	}
	cr_expect_eq(tiers_find(&plan.rates, 100)->price, 6500000);
	arena_free(&a);
}

Test(item_plan, an_item_without_a_plan_has_that_of_all)
{
	struct arena *a = arena_new(16384);
	struct plan_items items;

	plan_items_read(a, quoted(a, "{'d':{'_all':{'rate':1},'s':true},"
	    "'e':{'t':true},'f':7}"), quoted(a, "{'d':{'_all':{'rate':'p'},"
	    "'s':'p'}}"), &items);
	cr_assert_eq(items.count, 3);
	cr_expect_str_eq(items.items[1].key, "s");
	cr_expect_eq(items.items[1].plan.rate, MONEY_ONE);
	assert_json(a, "{'rate':'p'}", items.items[1].origins, "origins");
	cr_expect_str_eq(items.items[2].category, "e");
	cr_expect_eq(items.items[2].plan.rate, 0);
	cr_expect_null(items.items[2].origins);
	arena_free(&a);
}
