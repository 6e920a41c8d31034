/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "billing/audit_lines.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/json.h"

#define ITEM(item, billable, difference) \
	"{\"category\":\"c\",\"item\":" item ",\"billable\":" billable \
	",\"changes\":{\"type\":\"modified\",\"difference\":{\"billable\":" \
	difference "}}}"
#define INVOICE(items) "{\"invoice\":{\"items\":[" items "]}}"

/* Documents and their lines; NULL: not counted. */
static const struct {
	const char *label;
	enum audit_form form;
	const char *document, *lines;
} cases[] = {
	{ "a rise", AUDIT_INVOICE, INVOICE(ITEM("\"user\"", "5", "2")),
	    "[[\"user\",\"c\",2,5]]" },
	{ "a fall", AUDIT_INVOICE, INVOICE(ITEM("\"user\"", "0", "-3")),
	    "[[\"user\",\"c\",-3,0]]" },
	{ "no change of billable", AUDIT_INVOICE,
	    INVOICE(ITEM("\"user\"", "5", "0")), "[]" },
	{ "only another member changed", AUDIT_INVOICE,
	    INVOICE("{\"item\":\"user\",\"billable\":5,"
	    "\"changes\":{\"difference\":{\"rate\":1}}}"), "[]" },
	{ "an unchanged item", AUDIT_INVOICE,
	    INVOICE("{\"item\":\"user\",\"billable\":5}"), "[]" },
	{ "no billable is zero", AUDIT_INVOICE,
	    INVOICE("{\"item\":\"u\",\"changes\":{\"difference\":"
	    "{\"billable\":-1}}}"), "[[\"u\",\"\",-1,0]]" },
	{ "two lines in order", AUDIT_INVOICE,
	    INVOICE(ITEM("\"a\"", "1", "1") "," ITEM("\"b\"", "2", "1")),
	    "[[\"a\",\"c\",1,1],[\"b\",\"c\",1,2]]" },
	{ "whole doubles", AUDIT_INVOICE, INVOICE(ITEM("\"u\"", "5.0", "1.0")),
	    "[[\"u\",\"c\",1,5]]" },
	{ "an item without changes", AUDIT_INVOICE,
	    INVOICE("{\"item\":\"user\",\"changes\":null}"), "[]" },
	{ "names with escapes", AUDIT_INVOICE,
	    INVOICE(ITEM("\"a\\\"b\\\\\"", "5", "1")),
	    "[[\"a\\\"b\\\\\",\"c\",1,5]]" },
	{ "members that are named alike elsewhere", AUDIT_INVOICE,
	    "{\"a\":{\"invoice\":1},\"invoice\":{\"a\":[{\"items\":[1]}],\"items\":"
	    "[{\"a\":{\"item\":\"}\\\"\",\"billable\":9},\"item\":\"u\",\"billable\":5,"
	    "\"changes\":{\"a\":{\"billable\":7},\"difference\":{\"a\":[1,2],"
	    "\"billable\":1,\"c\":{}},\"z\":\"]\"}}]}}", "[[\"u\",\"\",1,5]]" },
	{ "the greatest numbers", AUDIT_INVOICE,
	    INVOICE(ITEM("\"u\"", "9223372036854775807",
	    "-9223372036854775808")), "[[\"u\",\"c\",-9223372036854775808,"
	    "9223372036854775807]]" },
	{ "a number beyond them", AUDIT_INVOICE,
	    INVOICE(ITEM("\"u\"", "9223372036854775808", "1")), NULL },
	{ "items that are not an array", AUDIT_INVOICE,
	    "{\"invoice\":{\"items\":{}}}", "[]" },
	{ "no items", AUDIT_INVOICE, "{\"invoice\":{}}", "[]" },
	{ "no invoice", AUDIT_INVOICE, "{}", NULL },
	{ "changes without a difference", AUDIT_INVOICE,
	    INVOICE(ITEM("\"a\"", "1", "1") ",{\"item\":\"b\",\"changes\":{}}"),
	    NULL },
	{ "a fraction", AUDIT_INVOICE, INVOICE(ITEM("\"u\"", "5", "0.5")),
	    NULL },
	{ "a string", AUDIT_INVOICE, INVOICE(ITEM("\"u\"", "\"5\"", "1")),
	    NULL },
	{ "no name", AUDIT_INVOICE, INVOICE(ITEM("null", "5", "1")), NULL },
	{ "an empty name", AUDIT_INVOICE, INVOICE(ITEM("\"\"", "5", "1")),
	    NULL },
	{ "an item that is not an object", AUDIT_INVOICE, INVOICE("3"), NULL },
	{ "quantities", AUDIT_QUANTITIES,
	    "{\"audit\":[{\"category\":\"users\",\"source\":\"user\","
	    "\"quantity\":-1,\"billable\":5}]}", "[[\"user\",\"users\",-1,5]]" },
	{ "quantities keep zeroes", AUDIT_QUANTITIES,
	    "{\"audit\":[{\"source\":\"user\"}]}", "[[\"user\",\"\",0,0]]" },
	{ "a null element", AUDIT_QUANTITIES,
	    "{\"audit\":[{\"source\":\"user\"},null]}", NULL },
	{ "audit is an object", AUDIT_QUANTITIES, "{\"audit\":{}}", "[]" },
};

Test(audit_lines, documents)
{
	struct arena *a = arena_new(1024);
	struct audit_lines lines;
	struct buffer text;
	const char *why;
	bool ok;
	size_t i;

	for (i = 0; i < NELEM(cases); i++) {
		ok = audit_lines_of(a, cases[i].document, cases[i].form,
		    &lines, &why);
		cr_assert_eq(ok, cases[i].lines != NULL, "%s", cases[i].label);
		if (!ok) {
			cr_assert_not_null(why, "%s", cases[i].label);
			cr_assert_eq(lines.count, 0, "%s", cases[i].label);
			continue;
		}
		buffer_init(&text, a, 0);
		audit_lines_json(&lines, &text);
		cr_assert_str_eq(text.text, cases[i].lines, "%s: %s",
		    cases[i].label, text.text);
	}
	arena_free(&a);
}

Test(audit_lines, names_have_a_length)
{
	struct arena *a = arena_new(1024);
	char name[6 * 128 + 1] = "";
	struct audit_lines lines;
	const char *why, *document;
	int i;

	for (i = 0; i < 128; i++)
		strcat(name, i % 2 == 0 ? "\xe2\x82\xac" : "\\u0001");
	document = arena_printf(a, "{\"audit\":[{\"source\":\"%s\"}]}", name);
	cr_assert(audit_lines_of(a, document, AUDIT_QUANTITIES, &lines, &why));
	document = arena_printf(a, "{\"audit\":[{\"source\":\"%sx\"}]}", name);
	cr_assert_not(audit_lines_of(a, document, AUDIT_QUANTITIES, &lines,
	    &why));
	arena_free(&a);
}
