/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "billing/quantities.h"

#include "quoted_table.h"

Test(quantities, in_total_manual_replaces_own_and_cascade_is_added)
{
	static const struct {
		const char *item;
		int64_t total;
	} cases[] = {
		{ "own", 1 }, { "below", 20 }, { "typed", 300 },
		{ "own_below", 21 }, { "own_typed", 300 }, { "all", 320 },
		{ "typed_zero", 20 }, { "none", 0 },
	};
	struct arena *a = arena_new(16384);
	struct quantity_table tables[QUANTITY_SCOPE__MAX] = {
		[QUANTITY_ACCOUNT] = quoted_table(a, "{'d':{'own':1,"
		    "'own_below':1,'own_typed':1,'all':1,'typed_zero':1}}"),
		[QUANTITY_CASCADE] = quoted_table(a, "{'d':{'below':20,"
		    "'own_below':20,'all':20,'typed_zero':20}}"),
		[QUANTITY_MANUAL] = quoted_table(a, "{'d':{'typed':300,"
		    "'own_typed':300,'all':300,'typed_zero':0}}"),
	};
	int64_t total;
	size_t i;

	for (i = 0; i < NELEM(cases); i++) {
		cr_expect(quantities_total(tables, "d", cases[i].item,
		    &total));
		cr_expect_eq(total, cases[i].total, "%s: %lld", cases[i].item,
		    (long long)total);
	}
	quantity_table_set(a, &tables[QUANTITY_ACCOUNT], "d", "own_below",
	    INT64_MAX);
	cr_expect_not(quantities_total(tables, "d", "own_below", &total));
	arena_free(&a);
}

/* The part of a descendant's change that reaches its ancestors. */
static const struct {
	const char *label;
	const char *before, *after; /* of the account below */
	const char *cascade, *out;  /* of an ancestor */
} cases[] = {
	{ "nothing changes", "{'d':{'s':2}}", "{'d':{'s':2}}",
	    "{'d':{'s':9}}", "{'d':{'s':9}}" },
	{ "a rise", "{'d':{'s':2}}", "{'d':{'s':5}}", "{'d':{'s':9}}",
	    "{'d':{'s':12}}" },
	{ "a fall", "{'d':{'s':5}}", "{'d':{'s':2}}", "{'d':{'s':9}}",
	    "{'d':{'s':6}}" },
	{ "one comes", "{}", "{'d':{'s':2}}", "{'d':{'t':1}}",
	    "{'d':{'s':2,'t':1}}" },
	{ "one goes, the last", "{'d':{'s':2}}", "{}", "{'d':{'s':2}}",
	    "{}" },
	{ "a negative one comes", "{}", "{'d':{'s':-3}}", "{'d':{'s':9}}",
	    "{'d':{'s':9}}" },
	{ "a negative one goes", "{'d':{'s':-3}}", "{}", "{'d':{'s':9}}",
	    "{'d':{'s':9}}" },
	{ "below zero", "{'d':{'s':2}}", "{'d':{'s':-3}}", "{'d':{'s':9}}",
	    "{'d':{'s':7}}" },
	{ "up from below zero", "{'d':{'s':-3}}", "{'d':{'s':2}}",
	    "{'d':{'s':9}}", "{'d':{'s':11}}" },
	{ "more negative", "{'d':{'s':-3}}", "{'d':{'s':-30}}",
	    "{'d':{'s':9}}", "{'d':{'s':9}}" },
	{ "a zero, and none", "{'d':{'s':0}}", "{}", "{'d':{'s':9}}",
	    "{'d':{'s':9}}" },
};

Test(quantities, only_positive_quantities_count_for_ancestors)
{
	struct arena *a = arena_new(16384);
	struct quantity_table before, after, cascade;
	size_t i;

	for (i = 0; i < NELEM(cases); i++) {
		before = quoted_table(a, cases[i].before);
		after = quoted_table(a, cases[i].after);
		cascade = quoted_table(a, cases[i].cascade);
		cr_expect(quantities_cascade(a, &before, &after, &cascade));
		assert_table(a, cases[i].out, &cascade, cases[i].label);
	}
	arena_free(&a);
}

Test(quantities, an_overflowing_cascade_is_refused)
{
	struct arena *a = arena_new(16384);
	struct quantity_table none = { .count = 0 }, one, cascade;

	one = quoted_table(a, "{'d':{'s':1}}");
	cascade = quoted_table(a, "{'d':{'s':9223372036854775807}}");
	cr_expect_not(quantities_cascade(a, &none, &one, &cascade));
	cr_expect(quantities_cascade(a, &one, &none, &cascade));
	assert_table(a, "{'d':{'s':9223372036854775806}}", &cascade, "less");
	arena_free(&a);
}
