/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "http/csv.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/json.h"

static const struct csv_style plain = { 0 };

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
	{ "two names joined to one", "[{\"a_b\":1,\"c\":2,\"a\":{\"b\":3}}]",
	    "a_b,c\r\n3,2\r\n", 1 },
	{ "an empty name", "[{\"\":{\"a\":1}}]", "a\r\n1\r\n", 1 },
	{ "rows without members", "[{},{}]", "\r\n\r\n\r\n", 2 },
	{ "rows without names", "[\"x\",\"y\"]", "\r\nx\r\ny\r\n", 2 },
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
		cr_assert(csv_write(&out, tree,
		    plain, &rows), "%s",
		    cases[i].label);
		cr_assert_eq(rows, cases[i].rows, "%s", cases[i].label);
		cr_assert_str_eq(out.text, cases[i].csv, "%s: %s",
		    cases[i].label, out.text);
	}
	arena_free(&a);
}

/* ---- bounds ---- */

static struct json_object *
tree_of(struct arena *a, const char *text)
{
	const char *error;

	return json_parse(a, text, strlen(text), &error);
}

/* A document with members named from first on, each with a longer name. */
static struct json_object *
wide(struct arena *a, int first, int count, int width)
{
	struct json_object *json = json_own(a, json_object_new_object());

	for (; count > 0; count--, first++)
		json_put_int(json, arena_printf(a, "%0*d", width, first), 1);
	return json;
}

Test(csv, columns_are_bounded)
{
	struct arena *a = arena_new(1024);
	struct csv *csv = csv_new(a, plain);

	cr_assert(csv_note(csv, "", wide(a, 0, CSV_COLUMNS_MAX - 1, 3)));
	cr_assert(csv_note(csv, "", tree_of(a, "{\"000\":1,\"last\":1}")));
	cr_assert(csv_note(csv, "", wide(a, 0, CSV_COLUMNS_MAX - 1, 3)));
	cr_assert_not(csv_note(csv, "", tree_of(a, "{\"x\":{\"y\":1}}")));
	cr_assert_not(csv_note(csv_new(a, plain), "",
	    wide(a, 0, CSV_COLUMNS_MAX + 1, 3)));
	arena_free(&a);
}

Test(csv, names_are_bounded)
{
	struct arena *a = arena_new(1024);

	cr_assert(csv_note(csv_new(a, plain), "", wide(a, 0, 10,
	    CSV_NAMES_MAX / 10)));
	cr_assert_not(csv_note(csv_new(a, plain), "", wide(a, 0, 10,
	    CSV_NAMES_MAX / 10 + 1)));
	arena_free(&a);
}

Test(csv, a_prefix_stands_before_the_names)
{
	struct arena *a = arena_new(1024);
	struct csv *csv = csv_new(a, plain);
	struct buffer out;

	buffer_init(&out, a, 0);
	cr_assert(csv_note(csv, "p", tree_of(a, "{\"a\":1}")));
	cr_assert(csv_note(csv, "", tree_of(a, "{\"a\":1}")));
	csv_write_header(csv, &out);
	cr_assert_str_eq(out.text, "p_a,a\r\n");
	arena_free(&a);
}

/* ---- styles ---- */

static const struct {
	const char *label;
	struct csv_style style;
	const char *csv;
} styles[] = {
	{ "formulas have an apostrophe, numbers and others have none",
	    { 0 }, "'=n,x,y\r\n'@a,-1,'=1\r\n+49 30,-5,\"'\rx\"\r\n" },
	{ "raw", { .raw = true },
	    "=n,x,y\r\n@a,-1,'=1\r\n+49 30,-5,\"\rx\"\r\n" },
	{ "with a mark", { .raw = true, .mark = true }, "\xef\xbb\xbf"
	    "=n,x,y\r\n@a,-1,'=1\r\n+49 30,-5,\"\rx\"\r\n" },
};

Test(csv, styles_of_texts)
{
	struct arena *a = arena_new(1024);
	struct json_object *tree = tree_of(a,
	    "[{\"=n\":\"@a\",\"x\":-1,\"y\":\"'=1\"},"
	    "{\"=n\":\"+49 30\",\"x\":\"-5\",\"y\":\"\\rx\"}]");
	struct buffer out;
	size_t i, rows;

	for (i = 0; i < NELEM(styles); i++) {
		buffer_init(&out, a, 0);
		cr_assert(csv_write(&out, tree, styles[i].style, &rows));
		cr_expect_str_eq(out.text, styles[i].csv, "%s: %s",
		    styles[i].label, out.text);
	}
	arena_free(&a);
}
