/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "billing/number_class.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct number_classes *
classes_of(struct arena *a, const char *text)
{
	const struct number_classes *classes;
	const char *why = "";

	classes = number_classes_read(a, text, &why);
	cr_assert_not_null(classes, "%s: %s", text, why);
	return classes;
}

Test(number_class, the_first_match_counts)
{
	static const struct {
		const char *number, *name;
	} cases[] = {
		{ "+18005551234", "tollfree" },
		{ "+14155551234", "did_us" },
		{ "911", "emergency" },
		{ "9110", NUMBER_CLASS_UNKNOWN },
		{ "+4930123", "other" },
		{ "12", NUMBER_CLASS_UNKNOWN },
		{ "", NUMBER_CLASS_UNKNOWN },
	};
	struct arena *a = arena_new(16384);
	const struct number_classes *classes = classes_of(a,
	    "tollfree:^[+]1(800|888) emergency:^911$ \t did_us:^[+]1 "
	    "other:^[+]");
	size_t i;

	for (i = 0; i < NELEM(cases); i++)
		cr_expect_str_eq(number_class(classes, cases[i].number),
		    cases[i].name, "%s: %s", cases[i].number,
		    number_class(classes, cases[i].number));
	arena_free(&a);
}

Test(number_class, the_order_of_the_list_decides)
{
	struct arena *a = arena_new(16384);

	cr_expect_str_eq(number_class(classes_of(a, "a:1 b:12"), "12"), "a");
	cr_expect_str_eq(number_class(classes_of(a, "b:12 a:1"), "12"), "b");
	arena_free(&a);
}

Test(number_class, an_expression_may_hold_colons)
{
	struct arena *a = arena_new(16384);

	cr_expect_str_eq(number_class(classes_of(a, "x:^a:b$"), "a:b"), "x");
	arena_free(&a);
}

Test(number_class, an_empty_list_has_no_classes)
{
	static const char *const empty[] = { "", " ", " \t " };
	struct arena *a = arena_new(16384);
	size_t i;

	for (i = 0; i < NELEM(empty); i++)
		cr_expect_str_eq(number_class(classes_of(a, empty[i]), "+1"),
		    NUMBER_CLASS_UNKNOWN);
	arena_free(&a);
}

/* Invalid lists and their errors. */
static const struct {
	const char *text, *why;
} bad[] = {
	{ "us", "'us' is not NAME:EXPRESSION" },
	{ ":x", "':x' is not NAME:EXPRESSION" },
	{ "ok:1 us:", "'us:' is not NAME:EXPRESSION" },
	{ "ok:1 us:(", "us: '(' is no regular expression" },
	{ "us:[", "us: '[' is no regular expression" },
};

Test(number_class, errors_of_lists_name_the_class)
{
	struct arena *a = arena_new(16384);
	const char *why;
	size_t i;

	for (i = 0; i < NELEM(bad); i++) {
		why = "";
		cr_expect_null(number_classes_read(a, bad[i].text, &why));
		cr_expect_str_eq(why, bad[i].why);
	}
	arena_free(&a);
}

Test(number_class, there_are_at_most_64)
{
	struct arena *a = arena_new(16384);
	char text[65 * 4 + 1] = "";
	const char *why;
	int i;

	for (i = 0; i < 64; i++)
		strcat(text, "a:1 ");
	cr_expect_not_null(number_classes_read(a, text, &why));
	strcat(text, "b:2 ");
	cr_expect_null(number_classes_read(a, text, &why));
	cr_expect_str_eq(why, "b: there are more than 64 classes");
	arena_free(&a);
}

Test(number_class, classes_are_listed_in_order)
{
	struct arena *a = arena_new(16384);
	const char *why, *expression;
	struct number_classes *classes = number_classes_read(a,
	    " b:^[+]1$  a:^[+]2:3$", &why);

	cr_expect_str_eq(number_class_at(classes, 0, &expression), "b");
	cr_expect_str_eq(expression, "^[+]1$");
	cr_expect_str_eq(number_class_at(classes, 1, &expression), "a");
	cr_expect_str_eq(expression, "^[+]2:3$");
	cr_expect_null(number_class_at(classes, 2, &expression));
	arena_free(&a);
}
