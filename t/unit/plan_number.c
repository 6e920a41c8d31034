/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "billing/plan_number.h"

#include "quoted.h"

#include "base/attr.h"

/* The member "n" of a document, or NULL if it is null. */
static struct json_object *
number(struct arena *a, const char *text)
{
	return json_at(quoted(a, arena_printf(a, "{'n':%s}", text)), "n");
}

/* A text and its whole number; NULL: not a whole number. */
static const struct {
	const char *text, *whole;
} wholes[] = {
	{ "0", "0" }, { "7", "7" }, { "-7", "-7" },
	{ "9223372036854775807", "9223372036854775807" },
	{ "-9223372036854775808", "-9223372036854775808" },
	{ "1.4", "1" }, { "1.499999", "1" }, { "1.5", "2" },
	{ "1.500001", "2" }, { "1.6", "2" }, { "2.5", "3" },
	{ "0.5", "1" }, { "0.499999", "0" }, { "1.0", "1" },
	{ "-1.4", "-1" }, { "-1.5", "-2" }, { "-2.5", "-3" },
	{ "-0.5", "-1" }, { "-0.499999", "0" },
	{ "1e3", "1000" }, { "15e-1", "2" },
	{ "'12'", "12" }, { "'1.5'", "2" }, { "'-1.5'", "-2" },
	{ "''", NULL }, { "'many'", NULL }, { "'1x'", NULL }, { "' 1'", NULL },
	{ "true", NULL }, { "null", NULL }, { "[1]", NULL }, { "{}", NULL },
};

Test(plan_number, halves_go_away_from_zero)
{
	struct arena *a = arena_new(16384);
	const char *found;
	int64_t n;
	size_t i;

	for (i = 0; i < NELEM(wholes); i++) {
		found = plan_whole(number(a, wholes[i].text), &n) ?
		    arena_printf(a, "%lld", (long long)n) : "none";
		cr_expect_str_eq(found, wholes[i].whole == NULL ? "none" :
		    wholes[i].whole, "%s: %s", wholes[i].text, found);
	}
	arena_free(&a);
}

/* A text and its amount. */
static const struct {
	const char *text, *amount;
} amounts[] = {
	{ "0", "0" }, { "2", "2" }, { "2.5", "2.5" }, { "-2.5", "-2.5" },
	{ "0.000001", "0.000001" }, { "'2.50'", "2.5" },
	{ "1e-3", "0.001" }, { "9000000000000", "9000000000000" },
	{ "9999999999999", NULL },
	{ "9223372036854775807", NULL }, { "'much'", NULL }, { "''", NULL },
	{ "true", NULL }, { "null", NULL }, { "[]", NULL }, { "{}", NULL },
};

Test(plan_number, amounts_are_exact)
{
	char found[MONEY_TEXT_SIZE];
	struct arena *a = arena_new(16384);
	money_t amount;
	size_t i;

	for (i = 0; i < NELEM(amounts); i++) {
		strcpy(found, "none");
		if (plan_money(number(a, amounts[i].text), &amount))
			money_format(amount, found);
		cr_expect_str_eq(found, amounts[i].amount == NULL ? "none" :
		    amounts[i].amount, "%s: %s", amounts[i].text, found);
	}
	arena_free(&a);
}

Test(plan_number, unreadable_numbers_count_as_missing)
{
	struct arena *a = arena_new(16384);
	struct json_object *item = quoted(a,
	    "{'a':{'rate':2.5,'step':'x'},'b':[]}");

	cr_expect_eq(plan_money_at(item, "a.rate", 1), 2500000);
	cr_expect_eq(plan_money_at(item, "a.step", 1), 1);
	cr_expect_eq(plan_money_at(item, "a.none", 1), 1);
	cr_expect_eq(plan_whole_at(item, "a.rate", 7), 3);
	cr_expect_eq(plan_whole_at(item, "a.step", 7), 7);
	cr_expect_eq(plan_whole_at(item, "b.step", 7), 7);
	cr_expect_eq(plan_whole_at(NULL, "b", 7), 7);
	arena_free(&a);
}

Test(plan_number, true_is_a_boolean_or_its_word)
{
	static const struct {
		const char *text;
		bool is;
	} cases[] = {
		{ "true", true }, { "'true'", true }, { "false", false },
		{ "'false'", false }, { "'TRUE'", false }, { "1", false },
		{ "'1'", false }, { "null", false }, { "{}", false },
		{ "[true]", false }, { "''", false },
	};
	struct arena *a = arena_new(16384);
	size_t i;

	for (i = 0; i < NELEM(cases); i++)
		cr_expect_eq(plan_true(number(a, cases[i].text)), cases[i].is,
		    "%s", cases[i].text);
	arena_free(&a);
}
