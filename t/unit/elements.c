/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "http/elements.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/buffer.h"

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

TestSuite(elements, .init = setup, .fini = teardown);

/* The elements, each between bars. */
static const char *
joined(const struct elements *e)
{
	struct buffer out;
	size_t i;

	buffer_init(&out, a, 0);
	for (i = 0; i < e->count; i++) {
		buffer_putc(&out, '|');
		buffer_add(&out, e->list[i].text, e->list[i].length);
	}
	return out.text;
}

static const struct {
	const char *text;
	const char *elements; /* NULL: they are not found */
} envelopes[] = {
	{ "{\"data\":[1,2]}", "|1|2" },
	{ " { \"data\" : [ 1 , 2 ] } ", "|1|2" },
	{ "{\"a\":[1,{}],\"DATA\":[{\"b\":[1,2]}],\"c\":\"]\"}",
	    "|{\"b\":[1,2]}" },
	{ "{\"data\":[\"a,]\\\"}\",null]}", "|\"a,]\\\"}\"|null" },
	{ "{\"data\":[]}", "" },
	{ "{\"data\":[[1,2],[]]}", "|[1,2]|[]" },
	{ "{\"data\":[1 2]}", "|1 2" }, /* refused when it is parsed */
	{ "{\"data\":[1,]}", NULL },
	{ "{\"data\":[,1]}", NULL },
	{ "{\"data\":[1]", NULL },
	{ "{\"data\":[1", NULL },
	{ "{\"data\":[\"1", NULL },
	{ "{\"data\":[\"1\\", NULL },
	{ "{\"data\":{}}", NULL },
	{ "{\"data\":1}", NULL },
	{ "{\"data\" [1]}", NULL },
	{ "{\"data\":[1],\"data\":[2]}", NULL },
	{ "{\"data\":[1],\"d\\u0061ta\":[2]}", NULL },
	{ "{\"data\":[1],}", NULL },
	{ "{\"a\":{\"data\":[1]}}", NULL },
	{ "{data:[1]}", NULL },
	{ "[1]", NULL },
	{ "", NULL },
};

Test(elements, of_envelopes)
{
	struct elements e;
	size_t i, begin, end;
	bool found;

	for (i = 0; i < NELEM(envelopes); i++) {
		found = elements_of_envelope(a, envelopes[i].text,
		    strlen(envelopes[i].text), &e, &begin, &end);
		cr_expect_eq(found, envelopes[i].elements != NULL, "%s",
		    envelopes[i].text);
		if (found && envelopes[i].elements != NULL)
			cr_expect_str_eq(joined(&e), envelopes[i].elements,
			    "%s: %s", envelopes[i].text, joined(&e));
	}
}

Test(elements, around_them_is_the_envelope)
{
	static const char text[] = "{\"a\":1,\"data\":[1,2],\"b\":2}";
	struct elements e;
	size_t begin, end;

	cr_assert(elements_of_envelope(a, text, strlen(text), &e, &begin, &end));
	cr_expect_str_eq(arena_strndup(a, text, begin), "{\"a\":1,\"data\":[");
	cr_expect_str_eq(text + end, "],\"b\":2}");
}

Test(elements, of_lines_that_are_not_blank)
{
	static const char text[] = "{\"a\":1}\n\n \t\r\n  2\r\n3";
	struct elements e;

	elements_of_lines(a, text, strlen(text), &e);
	cr_expect_str_eq(joined(&e), "|{\"a\":1}|  2\r|3");
	cr_expect_eq(e.list[0].line, 1);
	cr_expect_eq(e.list[1].line, 4);
	cr_expect_eq(e.list[2].line, 5);
}

Test(elements, any_number_of_them)
{
	struct buffer text;
	struct elements e;
	size_t i;

	buffer_init(&text, a, 0);
	for (i = 0; i < 1000; i++)
		buffer_puts(&text, "7\n");
	elements_of_lines(a, text.text, text.length, &e);
	cr_assert_eq(e.count, 1000);
	cr_expect_eq(e.list[999].line, 1000);
}
