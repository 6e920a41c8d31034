/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "ctl/usage_rows.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/attr.h"

static void
note_cell(void *state, const char *text, size_t length)
{
	buffer_printf(state, "[%.*s]", (int)length, text);
}

static void
note_row(void *state, const char *fault)
{
	buffer_printf(state, "%s\n", fault == NULL ? "" : fault);
}

/* The rows of a text that is fed in blocks of some length. */
static const char *
rows_of(struct arena *a, const char *text, char delimiter, size_t step)
{
	size_t length = strlen(text), at;
	struct buffer out;
	struct usage_rows rows = { .delimiter = delimiter,
		.take_cell = note_cell, .end_row = note_row, .state = &out };

	buffer_init(&out, a, 0);
	buffer_puts(&out, "");
	usage_rows_init(&rows, a);
	for (at = 0; at < length; at += step)
		usage_rows_feed(&rows, text + at,
		    length - at < step ? length - at : step);
	usage_rows_end(&rows);
	return out.text;
}

#define BOM "\xef\xbb\xbf"

static const struct {
	const char *label, *text;
	char delimiter;
	const char *rows;
} cases[] = {
	{ "nothing", "", ',', "" },
	{ "line ends", "a,b\nc,d\r\ne,f\rg,h", ',',
	    "[a][b]\n[c][d]\n[e][f]\n[g][h]\n" },
	{ "empty cells", ",\na,\n,a\n", ',', "[][]\n[a][]\n[][a]\n" },
	{ "empty lines are no rows", "\na\n\n  \n\r\n\rb\n", ',',
	    "[a]\n[b]\n" },
	{ "quotes", "\"a,b\",\"say \"\"hi\"\"\",\"1\n2\"\n\"\"\n", ',',
	    "[a,b][say \"hi\"][1\n2]\n[]\n" },
	{ "blanks around cells", " a b ,\t\"c \" , d\n", ',',
	    "[a b][c ][d]\n" },
	{ "tabs", "a\t b\t\n\t\n", '\t', "[a][b][]\n[][]\n" },
	{ "semicolons", "a,b;c\n", ';', "[a,b][c]\n" },
	{ "a quote within a cell", "5\" pipe,6'\n", ',', "[5\" pipe][6']\n" },
	{ "marks in front of cells", BOM "a,b\n" BOM "\"c,\"," BOM "d\n\""
	    BOM "e\",f" BOM "\n" BOM "\n", ',',
	    "[a][b]\n[c,][d]\n[e][f" BOM "]\n" },
	{ "text behind a closing quote ends with its line",
	    "\"a\"b,c,\"\nd,e\n", ',',
	    "[a]text stands behind a closing quote\n[d][e]\n" },
	{ "two quoted texts", "\"a\" \"b\",c\n", ',',
	    "[a]text stands behind a closing quote\n" },
	{ "a quote is not closed", "a,\"b\nc,d\n", ',',
	    "[a][b\nc,d\n]a quote is not closed\n" },
	{ "a quote that ends the text", "a,\"b\"", ',', "[a][b]\n" },
};

Test(usage_rows, cells_of_rows_however_they_come)
{
	struct arena *a = arena_new(1024);
	size_t i, step;

	for (i = 0; i < NELEM(cases); i++)
		for (step = 1; step < 9; step += 2)
			cr_expect_str_eq(rows_of(a, cases[i].text,
			    cases[i].delimiter, step), cases[i].rows,
			    "%s, %zu: %s", cases[i].label, step,
			    rows_of(a, cases[i].text, cases[i].delimiter, step));
	arena_free(&a);
}

Test(usage_rows, a_cell_is_bounded)
{
	struct arena *a = arena_new(1024);
	char *text = arena_alloc(a, 2 * USAGE_CELL_MAX);
	const char *rows;

	memset(text, 'x', 2 * USAGE_CELL_MAX - 1);
	rows = rows_of(a, text, ',', 65536);
	cr_expect_eq(strlen(rows), USAGE_CELL_MAX +
	    strlen("[]a cell is longer than 1 MiB\n"));
	cr_expect_not_null(strstr(rows, "]a cell is longer than 1 MiB\n"));
	arena_free(&a);
}

Test(usage_rows, delimiters_of_first_rows)
{
	static const struct {
		const char *text;
		char delimiter;
	} rows[] = {
		{ "", ',' }, { "a", ',' }, { "a,b;c,d\n;;;;;", ',' },
		{ "a;b;c,d\n", ';' }, { "\n \n\"a,b,c\";d\n", ';' },
		{ "a\tb\tc d\n", '\t' }, { "a|b\n", '|' },
		{ BOM "a;b\n", ';' }, { "sep=;\na,b,c\n", ';' },
		{ "SEP=\t\r\na\n", '\t' }, { "\"a;b\",c\n", ',' },
		{ "a;b,c\n", ',' },
	};
	size_t i;

	for (i = 0; i < NELEM(rows); i++)
		cr_expect_eq(usage_rows_delimiter(rows[i].text,
		    strlen(rows[i].text)), rows[i].delimiter, "\"%s\"",
		    rows[i].text);
}
