/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "billing/invoice_document.h"

#include "quoted_table.h"

#include "base/attr.h"

/* Prices of quantities by the plan of an item (rules/pricing 2 to 11). */
static const struct {
	const char *plan;
	int64_t quantity, billable;
	const char *rate, *discount, *total;
} cases[] = {
	{ "{'rate':1.1}", 3, 3, "1.1", "0", "3.3" },
	{ "{'rates':{'5':10,'10':8},'rate':2}", 0, 0, "10", "0", "0" },
	{ "{'rates':{'5':10,'10':8},'rate':2}", 5, 5, "10", "0", "50" },
	{ "{'rates':{'5':10,'10':8},'rate':2}", 6, 6, "8", "0", "48" },
	{ "{'rates':{'5':10,'10':8},'rate':2}", 10, 10, "8", "0", "80" },
	{ "{'rates':{'5':10,'10':8},'rate':2}", 11, 11, "2", "0", "22" },
	{ "{'flat_rates':{'5':10,'10':18},'rate':2}", 0, 1, "10", "0", "10" },
	{ "{'flat_rates':{'5':10,'10':18},'rate':2}", 5, 1, "10", "0", "10" },
	{ "{'flat_rates':{'5':10,'10':18},'rate':2}", 6, 1, "18", "0", "18" },
	{ "{'flat_rates':{'5':10,'10':18},'rate':2}", 11, 11, "2", "0", "22" },
	{ "{'flat_rate':7,'rate':2}", 0, 1, "7", "0", "7" },
	{ "{'flat_rate':7,'rate':2}", 5, 1, "7", "0", "7" },
	{ "{'flat_rate':7,'flat_rates':{'5':10}}", 3, 1, "10", "0", "10" },
	{ "{'flat_rate':7,'flat_rates':{'5':10}}", 6, 1, "7", "0", "7" },
	{ "{'rate':2,'minimum':3,'maximum':5}", 0, 3, "2", "0", "6" },
	{ "{'rate':2,'minimum':3,'maximum':5}", 4, 4, "2", "0", "8" },
	{ "{'rate':2,'minimum':3,'maximum':5}", 9, 5, "2", "0", "10" },
	{ "{'rate':2,'minimum':7}", 4, 7, "2", "0", "14" },
	{ "{'rate':2,'maximum':0}", 9, 0, "2", "0", "0" },
	{ "{'rate':2,'step':5}", 0, 0, "2", "0", "0" },
	{ "{'rate':2,'step':5}", 1, 5, "2", "0", "10" },
	{ "{'rate':2,'step':5}", 6, 10, "2", "0", "20" },
	{ "{'rate':2,'step':5,'minimum':3,'maximum':12}", 0, 5, "2", "0", "10" },
	{ "{'rate':2,'step':5,'minimum':3,'maximum':12}", 6, 10, "2", "0",
	    "20" },
	{ "{'rate':2,'step':5,'minimum':3,'maximum':12}", 40, 15, "2", "0",
	    "30" },
	{ "{'rate':2,'discounts':{'single':{'rate':1,'minimum':3}}}", 2, 2, "2",
	    "0", "4" },
	{ "{'rate':2,'discounts':{'single':{'rate':1,'minimum':3}}}", 3, 3, "2",
	    "1", "5" },
	{ "{'rate':2,'discounts':{'single':{'rates':{'10':0.1}}}}", 1, 1, "2",
	    "2", "0" },
	{ "{'rate':2,'discounts':{'cumulative':{'rate':0.5}}}", 3, 3, "2", "0",
	    "6" },
	{ "{'rate':2,'discounts':{'cumulative':{'maximum':1}}}", 3, 3, "2", "2",
	    "4" },
	{ "{'rate':2,'discounts':{'cumulative':{'maximum':100,'rate':0.1,"
	    "'rates':{'5':0.5,'10':0.75}}}}", 4, 4, "2", "2", "6" },
	{ "{'rate':2,'discounts':{'cumulative':{'maximum':100,'rate':0.1,"
	    "'rates':{'5':0.5,'10':0.75}}}}", 7, 7, "2", "5.25", "8.75" },
	{ "{'rate':2,'discounts':{'cumulative':{'maximum':100,'rate':0.1,"
	    "'rates':{'5':0.5,'10':0.75}}}}", 12, 12, "2", "1.2", "22.8" },
	{ "{'rate':2,'discounts':{'cumulative':{'maximum':5,'rate':0.1,"
	    "'rates':{'5':0.5,'10':0.75}}}}", 12, 12, "2", "2.5", "21.5" },
	{ "{'rates':{'10':3},'discounts':{'single':{'rate':1}}}", 4, 4, "3",
	    "0", "12" },
	{ "{'rate':1,'discounts':{'single':{'rate':5}}}", 1, 1, "1", "5",
	    "-4" },
	{ "{'rate':2,'flat_rate':9,'discounts':{'cumulative':"
	    "{'maximum':10,'rate':0.5}}}", 6, 1, "9", "0.5", "8.5" },
	{ "{}", 4, 4, "0", "0", "0" },
	{ "{'rate':'2.5'}", 2, 2, "2.5", "0", "5" },
	{ "{'rate':'much'}", 2, 2, "0", "0", "0" },
	{ "{'rate':1,'step':0}", 2, 2, "1", "0", "2" },
	{ "{'rate':0.000001}", INT64_C(1000000000000), INT64_C(1000000000000),
	    "0.000001", "0", "1000000" },
};

static struct arena *
price(const char *plan, int64_t quantity, bool explain, struct line *line,
    struct problem **problem)
{
	struct arena *a = arena_new(4096);
	struct quantities q = { 0 };
	struct plan_item *item = arena_alloc(a, sizeof(*item));

	quantity_table_set(a, &q.tables[QUANTITY_ACCOUNT], "d", "i", quantity);
	item->category = "d";
	item->key = "i";
	item_plan_read(a, quoted(a, plan), &item->plan);
	*problem = line_price(a, &q, item, explain, line);
	return a;
}

static void
assert_money(const char *wanted, money_t amount, const char *plan)
{
	char text[MONEY_TEXT_SIZE];

	money_format(amount, text);
	cr_assert_str_eq(text, wanted, "%s instead of %s: %s", text, wanted,
	    plan);
}

Test(line, prices)
{
	struct problem *p;
	struct line line;
	struct arena *a;
	size_t i;

	for (i = 0; i < NELEM(cases); i++) {
		a = price(cases[i].plan, cases[i].quantity, false, &line, &p);
		cr_assert_null(p, "%s", cases[i].plan);
		cr_assert_eq(line.quantity, cases[i].quantity);
		cr_assert_eq(line.billable, cases[i].billable, "%s: %lld",
		    cases[i].plan, (long long)line.billable);
		assert_money(cases[i].rate, line.rate, cases[i].plan);
		assert_money(cases[i].discount, line.discount, cases[i].plan);
		assert_money(cases[i].total, line.total, cases[i].plan);
		arena_free(&a);
	}
}

Test(line, overflow_is_refused)
{
	static const struct {
		const char *plan;
		int64_t quantity;
	} large[] = {
		{ "{'rate':100}", INT64_C(1000000000000) },
		{ "{'rate':0}", LINE_COUNT_MAX + 1 },
		{ "{'rate':1,'step':9000000000000000000}", 2 },
		{ "{'rate':1,'minimum':9000000000000000000}", 2 },
	};
	struct problem *p;
	struct line line;
	struct arena *a;
	size_t i;

	for (i = 0; i < NELEM(large); i++) {
		a = price(large[i].plan, large[i].quantity, false, &line, &p);
		cr_assert_not_null(p, "%s", large[i].plan);
		cr_assert_eq(p->kind, PROBLEM_VALIDATION);
		cr_assert_not_null(json_object_object_get(p->data, "d.i"));
		arena_free(&a);
	}
}

/* The tables and _all (rules/counting 10 to 13). */
Test(line, own_manual_and_cascade_quantities_are_counted)
{
	static const struct {
		const char *plan, *key;
		int64_t quantity;
	} counted[] = {
		{ "{}", "s", 10 },
		{ "{}", "t", 7 },
		{ "{}", "u", 5 },
		{ "{}", "none", 0 },
		{ "{'cascade':true}", "s", 110 },
		{ "{'cascade':'true'}", "t", 1007 },
		{ "{}", "_all", 22 },
		{ "{'exceptions':['s']}", "_all", 12 },
		{ "{'exceptions':['s'],'cascade':true}", "_all", 1012 },
		{ "{'exceptions':['s',null,3]}", "s", 10 },
	};
	struct arena *a = arena_new(4096);
	struct quantities q = {
		.tables = {
			[QUANTITY_ACCOUNT] = quoted_table(a,
			    "{'d':{'s':10,'t':3}}"),
			[QUANTITY_CASCADE] = quoted_table(a,
			    "{'d':{'s':100,'t':1000}}"),
			[QUANTITY_MANUAL] = quoted_table(a,
			    "{'d':{'t':7,'u':5}}"),
		},
	};
	struct item_plan plan;
	int64_t n;
	size_t i;

	for (i = 0; i < NELEM(counted); i++) {
		item_plan_read(a, quoted(a, counted[i].plan), &plan);
		cr_assert(quantity_of(&q, "d", counted[i].key, &plan, &n,
		    NULL));
		cr_assert_eq(n, counted[i].quantity, "%s %s: %lld",
		    counted[i].key, counted[i].plan, (long long)n);
	}
	q.gone = true;
	cr_assert(quantity_of(&q, "d", "s", &plan, &n, NULL));
	cr_assert_eq(n, 0);
	arena_free(&a);
}

Test(line, explains_its_price)
{
	struct problem *p;
	struct line line;
	struct arena *a;

	a = price("{'rates':{'10':4},'rate':5,'step':3,'maximum':6,'discounts':"
	    "{'cumulative':{'maximum':2,'rate':0.5}}}", 8, true, &line,
	    &p);
	cr_assert_null(p);
	assert_json(a, "['quantity 8 = 8 i (own)','in steps of 3: 9','at most 6',"
	    "'rate 4 for up to 10','less 0.5 for each of 2',"
	    "'total 6 x 4 - 1 = 23']", json_at(json_own(a, line_json(&line)),
	    "explain.steps"), "steps");
	arena_free(&a);
}

Test(line, json_omits_missing_members)
{
	struct json_object *json;
	struct problem *p;
	struct line line;
	struct arena *a;

	a = price("{'rate':2}", 3, false, &line, &p);
	cr_assert_null(p);
	json = json_own(a, line_json(&line));
	assert_json(a, "{'category':'d','item':'i','name':'d/i','quantity':3,"
	    "'billable':3,'rate':2,'maximum':3,'prorate':{'additions':true,"
	    "'removals':true},'total':6}", json, "a plain line");
	arena_free(&a);

	a = price("{'rate':2,'as':'shown','name':'Shown','prorate':"
	    "{'removals':false},'discounts':{'single':{'rate':1}}}", 0, false,
	    &line, &p);
	cr_assert_null(p);
	json = json_own(a, line_json(&line));
	assert_json(a, "{'category':'d','item':'shown','name':'Shown',"
	    "'quantity':0,'billable':0,'rate':2,'prorate':{'removals':false},"
	    "'total':0}", json, "one of none");
	arena_free(&a);
}
