/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "http/paging.h"

#include <criterion/criterion.h>

#include "base/gregorian.h"
#include "base/secret.h"
#include "fake_gateway.h"

#define NOW INT64_C(63962637716)
#define MONTH INT64_C(2682000)
#define YEAR INT64_C(31540000)

static struct arena *a;
static struct fake fake;
static struct gateway gateway;
static struct request rq;

static void
setup(void)
{
	cr_assert(secret_init());
	a = arena_new(1024);
}

static void
teardown(void)
{
	arena_free(&a);
}

TestSuite(paging, .init = setup, .fini = teardown);

static void
ask(const char *query)
{
	const char *variables[] = { "REQUEST_METHOD", "GET", "PATH_INFO", "/v2/a",
		"QUERY_STRING", query, NULL };

	gateway = fake_gateway(&fake, variables, "");
	cr_assert_null(fake_request(&rq, a, &gateway, 0), "%s", query);
}

static const struct {
	const char *query;
	int64_t from, to;
	const char *problem; /* its data, NULL: none */
} ranges[] = {
	{ "", NOW - MONTH, NOW, NULL },
	{ "created_to=31540001", 1, 31540001, NULL },
	{ "created_to=100", 1, 100, NULL },
	{ "created_from=100&created_to=31540100", 100, 31540100, NULL },
	{ "created_from=100&created_to=31540101", 0, 0,
	    "{\"created_from\":{\"date_range\":{\"cause\":31540101,\"message\":"
	    "\"created_to 31540101 is more than 31540000 seconds from "
	    "created_from 100\"}}}" },
	{ "created_from=200&created_to=100", 0, 0,
	    "{\"created_from\":{\"date_range\":{\"cause\":200,\"message\":"
	    "\"created_to 100 is prior to created_from 200\"}}}" },
	{ "created_from=63962637716", NOW, NOW, NULL },
	{ "created_from=63959955715", 0, 0,
	    "{\"created_from\":{\"date_range\":{\"cause\":63962637716,"
	    "\"message\":\"created_to 63962637716 is more than 2682000 seconds "
	    "from created_from 63959955715\"}}}" },
	{ "created_from=x", 0, 0, "{\"created_from\":{\"type\":{\"cause\":\"x\","
	    "\"message\":\"Value did not match type(s): integer\"}}}" },
	{ "created_from=-5", 0, 0, "{\"created_from\":{\"type\":{\"cause\":"
	    "\"-5\",\"message\":\"Value did not match type(s): integer\"}}}" },
	{ "created_to=1.5", 0, 0, "{\"created_to\":{\"type\":{\"cause\":\"1.5\","
	    "\"message\":\"Value did not match type(s): integer\"}}}" },
	{ "created_to=0", 0, 0, "{\"created_to\":{\"minimum\":{\"message\":"
	    "\"Value must be at least 1\"}}}" },
	{ "created_to=999999999999", 0, 0, "{\"created_to\":{\"maximum\":{"
	    "\"message\":\"Value must be at most 315569519999\"}}}" },
	{ "created_to=9999999999999999999999999999999999999999", 0, 0,
	    "{\"created_to\":{\"type\":{\"cause\":"
	    "\"9999999999999999999999999999999999999999\","
	    "\"message\":\"Value did not match type(s): integer\"}}}" },
};

Test(paging, ranges)
{
	struct time_range range;
	struct buffer text;
	struct problem *p;
	size_t i;

	for (i = 0; i < NELEM(ranges); i++) {
		ask(ranges[i].query);
		p = time_range_read(&rq, NOW, YEAR, MONTH, &range);
		if (ranges[i].problem == NULL) {
			cr_assert_null(p, "%s", ranges[i].query);
			cr_assert_eq(range.from, ranges[i].from, "%s: from %ld",
			    ranges[i].query, (long)range.from);
			cr_assert_eq(range.to, ranges[i].to, "%s",
			    ranges[i].query);
			continue;
		}
		cr_assert(p != NULL && p->status == 400, "%s", ranges[i].query);
		buffer_init(&text, a, 0);
		json_canonical(&text, p->data);
		cr_assert_str_eq(text.text, ranges[i].problem, "%s: %s",
		    ranges[i].query, text.text);
	}
}

static const struct {
	const char *query;
	int64_t size; /* 0: refused */
	bool whole, ascending;
} pages[] = {
	{ "", 50, false, false },
	{ "page_size=3", 3, false, false },
	{ "page_size=1000", 1000, false, false },
	{ "page_size=1001", 1000, false, false },
	{ "page_size=0", 0, false, false },
	{ "page_size=x", 0, false, false },
	{ "page_size=-1", 0, false, false },
	{ "page_size=", 0, false, false },
	{ "page_size=1e3", 0, false, false },
	{ "paginate=false", 50, true, false },
	{ "ascending=true", 50, false, true },
	{ "descending=false", 50, false, true },
	{ "ascending=true&descending=true", 50, false, false },
	{ "start_key=", 50, false, false },
	{ "start_key=%21", 0, false, false },
	{ "start_key=MTox", 50, false, false },   /* 1:1 */
	{ "start_key=MTo", 0, false, false },     /* 1: */
	{ "start_key=MToxeA", 0, false, false },  /* 1:1x */
	{ "start_key=LTE6MQ", 50, false, false }, /* -1:1: harmless */
};

Test(paging, pages)
{
	struct problem *p;
	struct page page;
	size_t i;

	for (i = 0; i < NELEM(pages); i++) {
		ask(pages[i].query);
		p = page_read_placed(&rq, 50, 1000, &page);
		cr_assert_eq(p != NULL, pages[i].size == 0, "%s",
		    pages[i].query);
		if (p != NULL)
			continue;
		cr_assert_eq(page.size, pages[i].size, "%s", pages[i].query);
		cr_assert_eq(page.whole, pages[i].whole, "%s", pages[i].query);
		cr_assert_eq(page.query.ascending, pages[i].ascending, "%s",
		    pages[i].query);
	}
}

Test(paging, a_key_finds_its_item_again)
{
	struct page page;

	ask(arena_printf(a, "start_key=%s", page_key(a, NOW, 1234567)));
	cr_assert_null(page_read_placed(&rq, 50, 1000, &page));
	cr_assert_eq(page.query.start.created, NOW);
	cr_assert_eq(page.query.start.sequence, 1234567);
}
