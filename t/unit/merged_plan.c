/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "billing/merged_plan.h"

#include "quoted.h"

#include "base/attr.h"

static const struct bookkeeper house = { "default_bookkeeper", "default", "r" };

/* Merges plan documents, whose ids are p0, p1, ... */
static struct merged_plans
merge(struct arena *a, const char *const *documents, size_t n,
    struct json_object *overrides, bool origins)
{
	struct assigned_plans assigned = { n, NULL };
	struct merged_plans out;
	size_t i;

	assigned.plans = arena_alloc(a, n * sizeof(*assigned.plans));
	for (i = 0; i < n; i++) {
		assigned.plans[i].id = arena_printf(a, "p%zu", i);
		assigned.plans[i].vendor_id = "v";
		assigned.plans[i].document = quoted(a, documents[i]);
	}
	merged_plans_of(a, &assigned, overrides, &house, origins, &out);
	return out;
}

#define ITEM(item, merge) ("{'plan':{'d':{'s':" item "}},'merge':" merge "}")

/* Two or three plans, and the merged item (rules/merging 10 to 13). */
static const struct {
	const char *label;
	const char *documents[3];
	const char *item;
} cases[] = {
	{ "simple is deep", { ITEM("{'rate':1,'activation_charge':5}",
	    "{'priority':1}"), ITEM("{'rate':2,'minimum':4}",
	    "{'priority':2}") },
	    "{'rate':2,'minimum':4,'activation_charge':5}" },
	{ "the order of assignment does not matter",
	    { ITEM("{'rate':2}", "{'priority':2}"),
	    ITEM("{'rate':1}", "{'priority':1}") }, "{'rate':2}" },
	{ "no priority goes before every number",
	    { ITEM("{'rate':1}", "{'strategy':'simple'}"),
	    ITEM("{'rate':2}", "{'priority':99}") }, "{'rate':1}" },
	{ "of equal priority the first assigned wins",
	    { ITEM("{'rate':1}", "{'priority':3}"),
	    ITEM("{'rate':2}", "{'priority':3}") }, "{'rate':1}" },
	{ "cumulative adds up",
	    { ITEM("{'rate':1,'minimum':3,'maximum':6,'activation_charge':5,"
	    "'cascade':true,'rates':{'5':9,'20':7},'discounts':{'cumulative':"
	    "{'maximum':2,'rate':0.1}}}",
	    "{'strategy':'cumulative','priority':1}"),
	    ITEM("{'rate':2,'minimum':4,'cascade':false,'rates':{'20':6,'30':5},"
	    "'discounts':{'cumulative':{'maximum':3,'rate':0.2}}}",
	    "{'strategy':'cumulative','priority':2}") },
	    "{'rate':2,'minimum':7,'activation_charge':5,'cascade':true,"
	    "'rates':{'5':9,'20':6,'30':5},'discounts':{'cumulative':"
	    "{'maximum':5,'rate':0.2}}}" },
	{ "one cumulative plan loses its maximum",
	    { ITEM("{'rate':1,'maximum':6}", "{'strategy':'cumulative'}") },
	    "{'rate':1}" },
	{ "exceptions unite", { ITEM("{'rate':1,'exceptions':['b','a']}",
	    "{'strategy':'cumulative'}"), ITEM("{'exceptions':['c','a']}",
	    "{'strategy':'cumulative'}") },
	    "{'rate':1,'exceptions':['a','b','c']}" },
	{ "cumulative over recursive over simple",
	    { ITEM("{'rate':1,'name':'simple','minimum':1}",
	    "{'strategy':'simple'}"),
	    ITEM("{'rate':3,'name':'rec','minimum':30}",
	    "{'strategy':'recursive'}"),
	    ITEM("{'rate':2,'as':'cum'}", "{'strategy':'cumulative'}") },
	    "{'rate':2,'name':'rec','minimum':30,'as':'cum'}" },
	{ "an unknown strategy counts as simple",
	    { ITEM("{'rate':1}", "{'strategy':'odd','priority':1}"),
	    ITEM("{'rate':2}", "{'priority':2}") }, "{'rate':2}" },
};

Test(merged_plan, items)
{
	struct merged_plans merged;
	struct arena *a;
	size_t i, n;

	for (i = 0; i < NELEM(cases); i++) {
		a = arena_new(16384);
		for (n = 0; n < 3 && cases[i].documents[n] != NULL; n++)
			;
		merged = merge(a, cases[i].documents, n, NULL, false);
		cr_assert_eq(merged.count, 1);
		cr_assert_eq(merged.plans[0].plan_count, n);
		assert_json(a, cases[i].item, json_at(merged.plans[0].document,
		    "plan.d.s"), cases[i].label);
		arena_free(&a);
	}
}

Test(merged_plan, a_group_for_each_bookkeeper)
{
	const char *const documents[] = {
		"{'plan':{'d':{'s':{'rate':1}}},'bookkeeper':{'id':'z','type':'t'}}",
		"{'plan':{'d':{'s':{'rate':2}}}}",
		("{'plan':{'d':{'t':{'rate':3}}},"
		"'bookkeeper':{'id':'z','type':'t','vendor_id':'v'}}"),
	};
	struct arena *a = arena_new(16384);
	struct merged_plans merged = merge(a, documents, 3,
	    quoted(a, "{'plan':{'d':{'s':{'minimum':4}}}}"), false);

	cr_assert_eq(merged.count, 2);
	cr_assert_str_eq(merged.plans[0].bookkeeper.vendor_id, "r");
	cr_assert_str_eq(merged.plans[0].plan_ids[0], "p1");
	cr_assert_str_eq(merged.plans[1].bookkeeper.vendor_id, "v");
	cr_assert_eq(merged.plans[1].plan_count, 2);
	/* Account-wide overrides reach every group (rules/merging 7). */
	assert_json(a, "{'d':{'s':{'rate':1,'minimum':4},'t':{'rate':3}}}",
	    json_at(merged.plans[1].document, "plan"), "the second");
	arena_free(&a);
}

Test(merged_plan, empty_and_private_members_are_removed)
{
	const char *const documents[] = {
		("{'plan':{'d':{'s':{},'t':{'rate':null},'u':{'rate':1}},'e':{}},"
		"'_id':'x','pvt_type':'service_plan'}"),
	};
	struct arena *a = arena_new(16384);
	struct merged_plans merged = merge(a, documents, 1, NULL, false);

	assert_json(a, "{'id':'single','bookkeeper':{'id':'default_bookkeeper',"
	    "'type':'default','vendor_id':'r'},'plan':{'d':{'u':{'rate':1}}}}",
	    merged.plans[0].document, "the document");
	arena_free(&a);
}

Test(merged_plan, origins_name_the_source_of_fields)
{
	const char *const documents[] = {
		ITEM("{'rate':1,'minimum':3}", "{'strategy':'cumulative',"
		"'priority':1}"),
		ITEM("{'rate':2,'minimum':4}", "{'strategy':'cumulative',"
		"'priority':2}"),
	};
	struct arena *a = arena_new(16384);
	struct merged_plans merged = merge(a, documents, 2,
	    quoted(a, "{'plan':{'d':{'s':{'name':'N'}}}}"), true);

	assert_json(a, "{'rate':'plan p1','minimum':'plan p0 + plan p1',"
	    "'name':'account-wide override'}",
	    json_at(merged.plans[0].origins, "plan.d.s"), "origins");
	arena_free(&a);
}
