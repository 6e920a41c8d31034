/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "billing/earlier_line.h"

#include "quoted_table.h"

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
	const char *label, *line, *terms, *items;
} cases[] = {
	{ "single_discount is quantity > 0, whatever the discount",
	  "{" SAME "\"item\":\"x\",\"name\":\"X\",\"quantity\":4,"
	  "\"billable\":5,\"rate\":2.50,\"total\":12.5}", NULL,
	  "{\"d\":{\"x\":{\"activation_charge\":0," SAME
	  "\"cumulative_discount\":0,\"cumulative_discount_rate\":0,"
	  "\"exceptions\":[],\"item\":\"x\",\"minimum\":0,\"name\":\"X\","
	  "\"quantity\":5,\"rate\":2.50,\"single_discount\":true,"
	  "\"single_discount_rate\":0}}}" },
	{ "charge and exceptions are the plan's",
	  "{" SAME "\"item\":\"y\",\"name\":\"Y\",\"billable\":5,\"rate\":2,"
	  "\"minimum\":3,\"discounts\":{\"single\":{\"rate\":1},"
	  "\"cumulative\":{\"rate\":0.5,\"quantity\":2}}}",
	  "{\"activation_charge\":3.5,\"exceptions\":[\"z\"]}",
	  "{\"d\":{\"y\":{\"activation_charge\":3.5," SAME
	  "\"cumulative_discount\":2,\"cumulative_discount_rate\":0.5,"
	  "\"exceptions\":[\"z\"],\"item\":\"y\",\"minimum\":3,"
	  "\"name\":\"Y\",\"quantity\":5,\"rate\":2,"
	  "\"single_discount\":true,\"single_discount_rate\":1}}}" },
	{ "there is none to be discounted",
	  "{" SAME "\"item\":\"x\",\"billable\":0,\"rate\":1,"
	  "\"discounts\":{\"single\":{\"rate\":1}}}", "{}",
	  "{\"d\":{\"x\":{\"activation_charge\":0," SAME
	  "\"cumulative_discount\":0,\"cumulative_discount_rate\":0,"
	  "\"exceptions\":[],\"item\":\"x\",\"minimum\":0,\"quantity\":0,"
	  "\"rate\":1,\"single_discount\":false,"
	  "\"single_discount_rate\":1}}}" },
	{ "no item", "{" SAME "\"billable\":5}", NULL, "{}" },
	{ "no category", "{\"item\":\"x\",\"billable\":5}", NULL, "{}" },
};

/* The line of one document, or those of a list. */
static struct json_object *
earlier(struct json_object *lines, struct json_object *terms)
{
	struct json_object *out = json_own(a, json_object_new_object());

	earlier_lines_add(out, lines, terms);
	return out;
}

Test(earlier_line, every_field_is_there)
{
	struct json_object *lines, *terms;
	size_t i;

	for (i = 0; i < NELEM(cases); i++) {
		lines = json(arena_printf(a, "[%s]", cases[i].line));
		terms = cases[i].terms == NULL ? NULL :
		    json(arena_printf(a, "[%s]", cases[i].terms));
		cr_expect_str_eq(json_canonical_text(a, earlier(lines, terms)),
		    cases[i].items, "%s", cases[i].label);
	}
}

Test(earlier_line, lines_are_grouped_by_category)
{
	struct json_object *items = earlier(quoted(a,
	    "[{'category':'a','item':'x'},{'category':'a','item':'y'},"
	    "{'category':'b','item':'x'}]"), NULL);

	cr_expect_eq(json_object_object_length(items), 2);
	cr_expect_eq(json_object_object_length(json_at(items, "a")), 2);
	cr_expect_not_null(json_at(items, "b.x"));
}

#define LIVE "{'category':'a','item':'x','billable':2}"
#define GONE "{'category':'a','item':'x','billable':0," \
	"'changes':{'type':'removed'}}"

Test(earlier_line, a_removed_line_replaces_none)
{
	static const struct {
		const char *label, *lines;
		int64_t quantity;
	} rows[] = {
		{ "after", "[" LIVE "," GONE "]", 2 },
		{ "before", "[" GONE "," LIVE "]", 2 },
		{ "alone", "[" GONE "]", 0 },
	};
	int64_t quantity;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		cr_assert(json_int_at(earlier(quoted(a, rows[i].lines), NULL),
		    "a.x.quantity", &quantity), "%s", rows[i].label);
		cr_expect_eq(quantity, rows[i].quantity, "%s", rows[i].label);
	}
}

/* ---- of an invoice that is at hand ---- */

static struct invoice
priced(const char *plan)
{
	struct assigned_plan assigned = {
		.id = "p", .vendor_id = "r", .document = quoted(a, plan),
	};
	const struct billed_state state = {
		.assigned = { .count = 1, .plans = &assigned },
		.bookkeeper = { "default_bookkeeper", "default", "r" },
		.quantities.tables[QUANTITY_ACCOUNT] = quoted_table(a,
		    "{'d':{'s':2,'t':1}}"),
	};
	struct invoices invoices;

	cr_assert_null(invoices_price(a, &state, false, &invoices));
	return invoices.invoices[0];
}

Test(earlier_line, an_item_shown_under_another_name_keeps_its_terms)
{
	struct invoice invoice = priced("{'plan':{'d':{'_all':{'as':'phones',"
	    "'rate':1,'activation_charge':3,'exceptions':['t']},"
	    "'t':{'rate':1}}}}");
	struct json_object *out = json_own(a, json_object_new_object());

	assert_json(a, "[{'activation_charge':3,'exceptions':['t']},{}]",
	    json_own(a, earlier_terms(&invoice)), "terms");
	earlier_invoice_add(out, &invoice);
	assert_json(a, "3", json_at(out, "d.phones.activation_charge"),
	    "charge");
	assert_json(a, "['t']", json_at(out, "d.phones.exceptions"),
	    "exceptions");
	assert_json(a, "[]", json_at(out, "d.t.exceptions"), "no exceptions");
}

Test(earlier_line, plans_without_charge_and_exceptions_have_no_terms)
{
	struct invoice invoice = priced("{'plan':{'d':{'s':{'rate':1}}}}");

	cr_expect_null(earlier_terms(&invoice));
}
