/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "billing/quantity_document.h"

#include "quoted_table.h"

Test(quantity_table, scopes_have_names)
{
	enum quantity_scope scope, found;

	for (scope = 0; scope < QUANTITY_SCOPE__MAX; scope++) {
		cr_expect(quantity_scope_named(quantity_scope_name(scope),
		    &found));
		cr_expect_eq(found, scope);
	}
	cr_expect_not(quantity_scope_named("version", &found));
	cr_expect_not(quantity_scope_named("", &found));
}

Test(quantity_table, a_missing_quantity_differs_from_zero)
{
	struct arena *a = arena_new(16384);
	struct quantity_table table = { .count = 0 };
	int64_t n = 7;

	cr_expect_not(quantity_table_get(&table, "d", "s", &n));
	cr_expect_eq(n, 0);
	quantity_table_set(a, &table, "d", "s", 0);
	n = 7;
	cr_expect(quantity_table_get(&table, "d", "s", &n));
	cr_expect_eq(n, 0);
	cr_expect_not(quantity_table_get(&table, "d", "", &n));
	cr_expect_not(quantity_table_get(&table, "s", "d", &n));
	arena_free(&a);
}

/* Names that collide in a map by hash or by "category.item". */
static const struct {
	const char *category, *item;
} names[] = {
	{ "d", "s" }, { "d", "s.t" }, { "d.s", "t" }, { "d", "\xc3\xa9" },
	{ "\xc3\xa9", "d" }, { "d", "S" }, { "D", "s" }, { "d", "_all" },
	{ "a", "z" }, { "z", "a" }, { "d", "s " }, { "d", "~" },
};

Test(quantity_table, rows_are_sorted_regardless_of_insertion_order)
{
	struct arena *a = arena_new(16384);
	struct quantity_table up = { .count = 0 }, down = up;
	size_t i, n = NELEM(names);
	int64_t found;
	int order;

	for (i = 0; i < n; i++) {
		quantity_table_set(a, &up, names[i].category, names[i].item,
		    (int64_t)i);
		quantity_table_set(a, &down, names[n - 1 - i].category,
		    names[n - 1 - i].item, (int64_t)(n - 1 - i));
	}
	cr_assert_eq(up.count, n);
	cr_assert(quantity_table_equal(&up, &down));
	for (i = 1; i < n; i++) {
		order = strcmp(up.rows[i - 1].category, up.rows[i].category);
		if (order == 0)
			order = strcmp(up.rows[i - 1].item, up.rows[i].item);
		cr_expect_lt(order, 0, "%s/%s", up.rows[i].category,
		    up.rows[i].item);
	}
	for (i = 0; i < n; i++) {
		cr_expect(quantity_table_get(&up, names[i].category,
		    names[i].item, &found));
		cr_expect_eq(found, (int64_t)i);
	}
	arena_free(&a);
}

Test(quantity_table, names_are_copied)
{
	struct arena *a = arena_new(16384);
	struct quantity_table table = { .count = 0 };
	char category[] = "devices", item[] = "fax";
	int64_t n;

	quantity_table_set(a, &table, category, item, 1);
	category[0] = item[0] = 'x';
	cr_expect(quantity_table_get(&table, "devices", "fax", &n));
	arena_free(&a);
}

Test(quantity_table, many_rows)
{
	struct arena *a = arena_new(16384);
	struct quantity_table table = { .count = 0 };
	int64_t n;
	int i;

	for (i = 0; i < 1000; i++)
		quantity_table_set(a, &table, "d",
		    arena_printf(a, "%d", i * 7 % 1000), i);
	cr_assert_eq(table.count, 1000);
	for (i = 0; i < 1000; i += 2)
		quantity_table_remove(&table, "d",
		    arena_printf(a, "%d", i * 7 % 1000));
	cr_assert_eq(table.count, 500);
	for (i = 0; i < 1000; i++)
		cr_assert_eq(quantity_table_get(&table, "d",
		    arena_printf(a, "%d", i * 7 % 1000), &n), i % 2 == 1);
	arena_free(&a);
}

Test(quantity_table, a_quantity_of_zero_is_removed)
{
	struct arena *a = arena_new(16384);
	struct quantity_table table = { .count = 0 };

	cr_assert(quantity_table_add(a, &table, "d", "s", 2));
	cr_assert(quantity_table_add(a, &table, "d", "t", -2));
	cr_assert(quantity_table_add(a, &table, "d", "u", 0));
	assert_table(a, "{'d':{'s':2,'t':-2}}", &table, "added");
	cr_assert(quantity_table_add(a, &table, "d", "s", 3));
	cr_assert(quantity_table_add(a, &table, "d", "t", 2));
	assert_table(a, "{'d':{'s':5}}", &table, "added again");
	cr_assert(quantity_table_add(a, &table, "d", "s", -5));
	assert_table(a, "{}", &table, "taken away");
	arena_free(&a);
}

Test(quantity_table, overflow_changes_nothing)
{
	struct arena *a = arena_new(16384);
	struct quantity_table table = { .count = 0 };
	int64_t n;

	quantity_table_set(a, &table, "d", "most", INT64_MAX);
	quantity_table_set(a, &table, "d", "least", INT64_MIN);
	cr_expect_not(quantity_table_add(a, &table, "d", "most", 1));
	cr_expect_not(quantity_table_add(a, &table, "d", "least", -1));
	cr_expect(quantity_table_get(&table, "d", "most", &n));
	cr_expect_eq(n, INT64_MAX);
	cr_expect(quantity_table_get(&table, "d", "least", &n));
	cr_expect_eq(n, INT64_MIN);
	cr_expect(quantity_table_add(a, &table, "d", "most", INT64_MIN));
	cr_expect(quantity_table_get(&table, "d", "most", &n));
	cr_expect_eq(n, -1);
	arena_free(&a);
}

Test(quantity_table, a_category_and_its_sum)
{
	struct arena *a = arena_new(16384);
	struct quantity_table table = quoted_table(a,
	    "{'a':{'x':1},'d':{'s':2,'t':-5,'u':0},'e':{'y':4}}");
	struct quantity_rows rows = quantity_table_category(&table, "d");
	int64_t sum;

	cr_assert_eq(rows.count, 3);
	cr_expect_str_eq(rows.rows[0].item, "s");
	cr_expect_str_eq(rows.rows[2].item, "u");
	cr_expect(quantity_table_sum(&table, "d", &sum));
	cr_expect_eq(sum, -3);
	cr_expect_eq(quantity_table_category(&table, "c").count, 0);
	cr_expect(quantity_table_sum(&table, "z", &sum));
	cr_expect_eq(sum, 0);
	quantity_table_set(a, &table, "d", "s", INT64_MAX);
	quantity_table_set(a, &table, "d", "t", 1);
	cr_expect_not(quantity_table_sum(&table, "d", &sum));
	arena_free(&a);
}

Test(quantity_table, a_copy_changes_alone)
{
	struct arena *a = arena_new(16384);
	struct quantity_table table = quoted_table(a, "{'d':{'s':1,'t':2}}");
	struct quantity_table copy, none = { .count = 0 };

	quantity_table_copy(a, &table, &copy);
	cr_expect(quantity_table_equal(&table, &copy));
	quantity_table_set(a, &copy, "d", "s", 9);
	quantity_table_remove(&copy, "d", "t");
	quantity_table_remove(&copy, "d", "t");
	quantity_table_set(a, &copy, "a", "b", 1);
	assert_table(a, "{'d':{'s':1,'t':2}}", &table, "the table");
	assert_table(a, "{'a':{'b':1},'d':{'s':9}}", &copy, "the copy");
	quantity_table_copy(a, &none, &copy);
	quantity_table_set(a, &copy, "a", "b", 1);
	cr_expect_eq(none.count, 0);
	arena_free(&a);
}

Test(quantity_table, equality)
{
	static const struct {
		const char *one, *other;
		bool equal;
	} cases[] = {
		{ "{}", "{}", true },
		{ "{'d':{}}", "{}", true },
		{ "{'d':{'s':1}}", "{'d':{'s':1}}", true },
		{ "{'d':{'s':1}}", "{'d':{'s':2}}", false },
		{ "{'d':{'s':0}}", "{}", false },
		{ "{'d':{'s':1}}", "{'d':{'t':1}}", false },
		{ "{'d':{'s':1}}", "{'e':{'s':1}}", false },
		{ "{'a':{'b':1},'d':{'s':1}}", "{'d':{'s':1},'a':{'b':1}}",
		    true },
	};
	struct arena *a = arena_new(16384);
	struct quantity_table one, other;
	size_t i;

	for (i = 0; i < NELEM(cases); i++) {
		one = quoted_table(a, cases[i].one);
		other = quoted_table(a, cases[i].other);
		cr_expect_eq(quantity_table_equal(&one, &other),
		    cases[i].equal, "%s %s", cases[i].one, cases[i].other);
		cr_expect_eq(quantity_table_equal(&other, &one),
		    cases[i].equal, "%s %s", cases[i].other, cases[i].one);
	}
	arena_free(&a);
}

/* "category/item before>after" of all differences; "-": none. */
static const char *
differences_text(struct arena *a, const char *before, const char *after)
{
	struct quantity_table one = quoted_table(a, before);
	struct quantity_table other = quoted_table(a, after);
	struct quantity_walk walk = { .before = &one, .after = &other };
	struct quantity_pair d;
	struct buffer text;

	buffer_init(&text, a, 0);
	while (quantity_walk_difference(&walk, &d)) {
		cr_expect(d.was || d.before == 0);
		cr_expect(d.is || d.after == 0);
		buffer_printf(&text, "%s%s/%s ", text.length == 0 ? "" : " ",
		    d.category, d.item);
		if (d.was)
			buffer_printf(&text, "%lld", (long long)d.before);
		buffer_puts(&text, ">");
		if (d.is)
			buffer_printf(&text, "%lld", (long long)d.after);
	}
	cr_expect_not(quantity_walk_difference(&walk, &d));
	return text.text;
}

Test(quantity_table, differences)
{
	static const struct {
		const char *before, *after, *differences;
	} cases[] = {
		{ "{}", "{}", "" },
		{ "{'d':{'s':1}}", "{'d':{'s':1}}", "" },
		{ "{'d':{'s':1}}", "{'d':{'s':3}}", "d/s 1>3" },
		{ "{}", "{'d':{'s':3}}", "d/s >3" },
		{ "{'d':{'s':1}}", "{}", "d/s 1>" },
		{ "{'d':{'s':0}}", "{}", "d/s 0>" },
		{ "{}", "{'d':{'s':0}}", "d/s >0" },
		{ "{'b':{'x':1},'d':{'s':1,'u':2}}",
		  "{'a':{'x':1},'d':{'s':1,'t':5,'u':3},'e':{'y':-1}}",
		  "a/x >1 b/x 1> d/t >5 d/u 2>3 e/y >-1" },
	};
	struct arena *a = arena_new(16384);
	size_t i;

	for (i = 0; i < NELEM(cases); i++)
		cr_expect_str_eq(differences_text(a, cases[i].before,
		    cases[i].after), cases[i].differences);
	arena_free(&a);
}

Test(quantity_table, pairs_are_all_names_of_both)
{
	struct arena *a = arena_new(16384);
	struct quantity_table one = quoted_table(a,
	    "{'d':{'s':1,'t':2},'e':{'x':3}}");
	struct quantity_table other = quoted_table(a,
	    "{'c':{'y':0},'d':{'s':1,'u':2}}");
	struct quantity_walk walk = { .before = &one, .after = &other };
	struct quantity_pair pair;
	struct buffer text;

	buffer_init(&text, a, 0);
	while (quantity_walk_pair(&walk, &pair))
		buffer_printf(&text, "%s/%s %d%d ", pair.category, pair.item,
		    pair.was, pair.is);
	cr_expect_str_eq(text.text, "c/y 01 d/s 11 d/t 10 d/u 01 e/x 10 ");
	arena_free(&a);
}

/* ---- as documents ---- */

Test(quantity_table, reading_lays_a_document_over_a_table)
{
	static const struct {
		const char *table, *document, *out;
	} cases[] = {
		{ "{}", "{}", "{}" },
		{ "{}", "{'d':{'s':1}}", "{'d':{'s':1}}" },
		{ "{}", "{'d':{'s':0}}", "{'d':{'s':0}}" },
		{ "{}", "{'d':{}}", "{}" },
		{ "{}", "{'d':null}", "{}" },
		{ "{}", "{'d':{'s':null}}", "{}" },
		{ "{'d':{'s':1,'t':2}}", "{}", "{'d':{'s':1,'t':2}}" },
		{ "{'d':{'s':1,'t':2}}", "{'d':{}}", "{'d':{'s':1,'t':2}}" },
		{ "{'d':{'s':1,'t':2}}", "{'d':{'s':4}}",
		    "{'d':{'s':4,'t':2}}" },
		{ "{'d':{'s':1,'t':2}}", "{'d':{'s':null}}", "{'d':{'t':2}}" },
		{ "{'d':{'s':1,'t':2}}", "{'d':{'t':null,'u':3}}",
		    "{'d':{'s':1,'u':3}}" },
		{ "{'d':{'s':1,'t':2}}", "{'d':null}", "{}" },
		{ "{'a':{'x':1},'d':{'s':1,'t':2},'e':{'y':1}}",
		    "{'e':{'z':2},'d':null,'b':{'q':4}}",
		    "{'a':{'x':1},'b':{'q':4},'e':{'y':1,'z':2}}" },
		{ "{'d':{'s':1}}", "{'c':null,'e':null}", "{'d':{'s':1}}" },
		/* A name may contain a dot: it is not a path. */
		{ "{'d':{'s':1}}", "{'d.s':{'t.u':2},'d':{'s.t':3}}",
		    "{'d':{'s':1,'s.t':3},'d.s':{'t.u':2}}" },
	};
	struct arena *a = arena_new(16384);
	struct quantity_table table;
	size_t i;

	for (i = 0; i < NELEM(cases); i++) {
		table = quoted_table(a, cases[i].table);
		cr_expect_null(quantity_table_read(a,
		    quoted(a, cases[i].document), "", QUANTITY_ASKED, &table));
		assert_table(a, cases[i].out, &table, cases[i].document);
	}
	table = quoted_table(a, "{'d':{'s':1}}");
	cr_expect_null(quantity_table_read(a, NULL, "", QUANTITY_ASKED,
	    &table));
	assert_table(a, "{'d':{'s':1}}", &table, "no document");
	arena_free(&a);
}

#define TEN(c) c c c c c c c c c c
#define A_HUNDRED(c) TEN(TEN(c))
#define TWENTY_EIGHT(c) TEN(c) TEN(c) c c c c c c c c
#define E_ACUTE "\xc3\xa9"

/* The errors of a document, by its source. NULL: none. */
static const struct {
	const char *document;
	const char *asked; /* "path code" */
	const char *kept;
} documents[] = {
	{ "{'d':{'s':1}}", NULL, NULL },
	{ "{'d':{'s':1000000000000000}}", NULL, NULL },
	{ "{'d':{'s':1000000000000001}}", "q.d.s maximum", NULL },
	{ "{'d':{'s':9223372036854775807}}", "q.d.s maximum", NULL },
	{ "{'d':{'s':-1}}", "q.d.s minimum", NULL },
	{ "{'d':{'s':-9223372036854775807}}", "q.d.s minimum", NULL },
	{ "{'d':{'s':-9223372036854775808}}", "q.d.s minimum",
	    "q.d.s minimum" },
	{ "{'d':{'s':'1'}}", "q.d.s type", "q.d.s type" },
	{ "{'d':{'s':1.5}}", "q.d.s type", "q.d.s type" },
	{ "{'d':{'s':1.0}}", "q.d.s type", "q.d.s type" },
	{ "{'d':{'s':true}}", "q.d.s type", "q.d.s type" },
	{ "{'d':{'s':[1]}}", "q.d.s type", "q.d.s type" },
	{ "{'d':{'s':{}}}", "q.d.s type", "q.d.s type" },
	{ "{'d':3}", "q.d type", "q.d type" },
	{ "{'d':[]}", "q.d type", "q.d type" },
	{ "[]", "q type", "q type" },
	{ "'d'", "q type", "q type" },
	{ "{'':{'s':1}}", "q. maxLength", "q. maxLength" },
	{ "{'d':{'':1}}", "q.d. maxLength", "q.d. maxLength" },
	{ "{'d':{'':null}}", "q.d. maxLength", "q.d. maxLength" },
	{ "{'d':{' s':1}}", "q.d. s maxLength", NULL },
	{ "{'d':{'s ':1}}", "q.d.s  maxLength", NULL },
	{ "{'d ':{'s':1}}", "q.d  maxLength", NULL },
	{ "{'d d':{'s s':1}}", NULL, NULL },
	{ "{'" A_HUNDRED("x") "':{'s':1}}", NULL, NULL },
	{ "{'" A_HUNDRED(E_ACUTE) "':{'" A_HUNDRED(E_ACUTE) "':1}}", NULL,
	    NULL },
	{ "{'" A_HUNDRED(E_ACUTE) TWENTY_EIGHT(E_ACUTE) "':{'s':1}}", NULL,
	    NULL },
	{ "{'" A_HUNDRED("x") TWENTY_EIGHT("x") "x':{'s':1}}",
	    "q." A_HUNDRED("x") TWENTY_EIGHT("x") "x maxLength",
	    "q." A_HUNDRED("x") TWENTY_EIGHT("x") "x maxLength" },
	{ "{'d':{'" A_HUNDRED(E_ACUTE) TWENTY_EIGHT(E_ACUTE) "x':1}}",
	    "q.d." A_HUNDRED(E_ACUTE) TWENTY_EIGHT(E_ACUTE) "x maxLength",
	    "q.d." A_HUNDRED(E_ACUTE) TWENTY_EIGHT(E_ACUTE) "x maxLength" },
	/* The first error is reported, and nothing is read. */
	{ "{'a':{'b':2},'d':{'s':1,'t':'x'},'e':7}", "q.d.t type",
	    "q.d.t type" },
};

static void
assert_problem(struct arena *a, const char *document, const char *wanted,
    enum quantity_origin origin)
{
	struct quantity_table table = quoted_table(a, "{'known':{'one':1}}");
	struct problem *p = quantity_table_read(a, quoted(a, document), "q",
	    origin, &table);
	const char *found = NULL;

	if (p == NULL) {
		cr_expect_null(wanted, "%s: %s", document, wanted);
		return;
	}
	json_object_object_foreach(p->data, path, codes) {
		json_object_object_foreach(codes, code, unused) {
			(void)unused;
			found = arena_printf(a, "%s %s", path, code);
		}
	}
	cr_expect_str_eq(found, wanted == NULL ? "nothing" : wanted,
	    "%s: %s", document, found);
	assert_table(a, "{'known':{'one':1}}", &table, document);
}

Test(quantity_table, invalid_documents)
{
	struct arena *a = arena_new(16384);
	size_t i;

	for (i = 0; i < NELEM(documents); i++) {
		assert_problem(a, documents[i].document, documents[i].asked,
		    QUANTITY_ASKED);
		assert_problem(a, documents[i].document, documents[i].kept,
		    QUANTITY_KEPT);
	}
	arena_free(&a);
}

Test(quantity_table, all_scopes_at_once)
{
	static const char document[] = "{'account':{'d':{'s':1}},"
	    "'manual':{'d':{'t':2}},'cascade':{'e':{'s':-3}},'other':7}";
	struct quantity_table tables[QUANTITY_SCOPE__MAX] = { { 0 } };
	struct arena *a = arena_new(16384);

	cr_assert_null(quantity_tables_read(a, quoted(a, document), "q",
	    QUANTITY_KEPT, tables));
	assert_json(a, "{'account':{'d':{'s':1}},'cascade':{'e':{'s':-3}},"
	    "'manual':{'d':{'t':2}}}", json_own(a,
	    quantity_tables_json(tables)), "all");
	cr_assert_null(quantity_tables_read(a, quoted(a, "{}"), "q",
	    QUANTITY_KEPT, tables));
	assert_table(a, "{'d':{'s':1}}", &tables[QUANTITY_ACCOUNT], "none");
	cr_assert_not_null(quantity_tables_read(a, quoted(a,
	    "{'cascade':{'d':{'s':'x'}}}"), "q", QUANTITY_KEPT, tables));
	cr_assert_null(quantity_tables_read(a, NULL, "q", QUANTITY_KEPT,
	    tables));
	arena_free(&a);
}
