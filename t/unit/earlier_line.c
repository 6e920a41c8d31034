/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "billing/earlier_line.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/json.h"

static struct arena *a;

static void
setup(void)
{
	a = arena_new(1024);
}

static void
teardown(void)
{
	arena_free(&a);
}

TestSuite(earlier_line, .init = setup, .fini = teardown);

static struct json_object *
json(const char *text)
{
	const char *error;

	return text == NULL ? NULL : json_parse(a, text, strlen(text), &error);
}

#define SAME "\"category\":\"d\","

static const struct {
	const char *label, *line, *charge, *exceptions, *items;
} cases[] = {
	{ "discounted once, whatever the discount",
	  "{" SAME "\"item\":\"x\",\"name\":\"X\",\"quantity\":4,"
	  "\"billable\":5,\"rate\":2.50,\"total\":12.5}", NULL, NULL,
	  "{\"d\":{\"x\":{\"activation_charge\":0," SAME
	  "\"cumulative_discount\":0,\"cumulative_discount_rate\":0,"
	  "\"exceptions\":[],\"item\":\"x\",\"minimum\":0,\"name\":\"X\","
	  "\"quantity\":5,\"rate\":2.50,\"single_discount\":true,"
	  "\"single_discount_rate\":0}}}" },
	{ "all that it may have",
	  "{" SAME "\"item\":\"y\",\"name\":\"Y\",\"billable\":5,\"rate\":2,"
	  "\"minimum\":3,\"discounts\":{\"single\":{\"rate\":1},"
	  "\"cumulative\":{\"rate\":0.5,\"quantity\":2}}}", "3.5", "[\"z\"]",
	  "{\"d\":{\"y\":{\"activation_charge\":3.5," SAME
	  "\"cumulative_discount\":2,\"cumulative_discount_rate\":0.5,"
	  "\"exceptions\":[\"z\"],\"item\":\"y\",\"minimum\":3,"
	  "\"name\":\"Y\",\"quantity\":5,\"rate\":2,"
	  "\"single_discount\":true,\"single_discount_rate\":1}}}" },
	{ "there is none to be discounted",
	  "{" SAME "\"item\":\"x\",\"billable\":0,\"rate\":1,"
	  "\"discounts\":{\"single\":{\"rate\":1}}}", NULL, NULL,
	  "{\"d\":{\"x\":{\"activation_charge\":0," SAME
	  "\"cumulative_discount\":0,\"cumulative_discount_rate\":0,"
	  "\"exceptions\":[],\"item\":\"x\",\"minimum\":0,\"quantity\":0,"
	  "\"rate\":1,\"single_discount\":false,"
	  "\"single_discount_rate\":1}}}" },
	{ "no item", "{" SAME "\"billable\":5}", NULL, NULL, "{}" },
	{ "no category", "{\"item\":\"x\",\"billable\":5}", NULL, NULL, "{}" },
};

Test(earlier_line, every_field_as_it_was)
{
	struct json_object *items, *charge, *exceptions;
	size_t i;

	for (i = 0; i < NELEM(cases); i++) {
		items = json_own(a, json_object_new_object());
		charge = json_at(json(cases[i].charge == NULL ? "{}" :
		    arena_printf(a, "{\"rate\":%s}", cases[i].charge)), "rate");
		exceptions = json(cases[i].exceptions);
		earlier_line_add(items, json(cases[i].line), charge, exceptions);
		cr_expect_str_eq(json_canonical_text(a, items), cases[i].items,
		    "%s", cases[i].label);
	}
}

Test(earlier_line, lines_stand_by_category)
{
	struct json_object *items = json_own(a, json_object_new_object());

	earlier_line_add(items, json("{\"category\":\"a\",\"item\":\"x\"}"),
	    NULL, NULL);
	earlier_line_add(items, json("{\"category\":\"a\",\"item\":\"y\"}"),
	    NULL, NULL);
	earlier_line_add(items, json("{\"category\":\"b\",\"item\":\"x\"}"),
	    NULL, NULL);
	cr_expect_eq(json_object_object_length(items), 2);
	cr_expect_eq(json_object_object_length(json_at(items, "a")), 2);
	cr_expect_not_null(json_at(items, "b.x"));
}
