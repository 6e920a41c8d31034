/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "http/csv.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/json.h"

static const struct {
	const char *label, *json, *csv;
	size_t rows;
} cases[] = {
	{ "nothing", "[]", "", 0 },
	{ "an empty object", "{}", "", 0 },
	{ "one object", "{\"a\":1}", "a\r\n1\r\n", 1 },
	{ "two rows", "[{\"a\":1},{\"a\":2}]", "a\r\n1\r\n2\r\n", 2 },
	{ "nested keys", "[{\"usage\":{\"quantity\":60},\"x\":true}]",
	    "Usage Quantity,x\r\n60,true\r\n", 1 },
	{ "names of the API", "[{\"id\":\"i\",\"source\":{\"id\":\"s\"}}]",
	    "ID,Source ID\r\ni,s\r\n", 1 },
	{ "columns of later rows", "[{\"a\":1},{\"b\":2}]",
	    "a,b\r\n1,\r\n,2\r\n", 2 },
	{ "quoting", "[{\"a\":\"x,y\",\"b\":\"say \\\"hi\\\"\",\"c\":\"1\\n2\"}]",
	    "a,b,c\r\n\"x,y\",\"say \"\"hi\"\"\",\"1\n2\"\r\n", 1 },
	{ "null is an empty cell", "[{\"a\":null,\"b\":1},{\"a\":2}]",
	    "b,a\r\n1,\r\n,2\r\n", 2 },
	{ "lists stay JSON", "[{\"a\":[\"x\",\"y\"]}]",
	    "a\r\n\"[\"\"x\"\",\"\"y\"\"]\"\r\n", 1 },
};

Test(csv, tables)
{
	struct arena *a = arena_new(1024);
	struct json_object *tree;
	struct buffer out;
	const char *error;
	size_t i, rows;

	for (i = 0; i < NELEM(cases); i++) {
		tree = json_parse(a, cases[i].json, strlen(cases[i].json),
		    &error);
		cr_assert_not_null(tree, "%s", cases[i].label);
		buffer_init(&out, a, 0);
		rows = csv_write(&out, tree);
		cr_assert_eq(rows, cases[i].rows, "%s", cases[i].label);
		cr_assert_str_eq(out.text, cases[i].csv, "%s: %s",
		    cases[i].label, out.text);
	}
	arena_free(&a);
}
