/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "api/status_page.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/attr.h"

static struct arena *a;
static struct figures f;

static void
set_up(void)
{
	a = arena_new(4096);
	figures_init(&f, a);
	figures_add(&f, FIGURE_BUILD, "5.0.0", NULL, 1);
	figures_add(&f, FIGURE_RELOADS, NULL, NULL, 2);
	figures_add(&f, FIGURE_REQUESTS, "GET a/{ACCOUNT_ID}", "2xx", 3);
	figures_add(&f, FIGURE_REQUESTS, "none", "4xx", 4);
	figures_add(&f, FIGURE_DURATION_BUCKET, "0.001", NULL, 5);
	figures_add(&f, FIGURE_DURATION_BUCKET, "+Inf", NULL, 7);
	figures_add(&f, FIGURE_DURATION_COUNT, NULL, NULL, 7);
	figures_add(&f, FIGURE_DURATION_SUM, NULL, NULL, 12000345);
	figures_add_process(&f, &(struct figure_process){ 12, "worker", "busy",
		34, 56, "ledger_show", 78 });
	figures_add_process(&f, &(struct figure_process){ 13, "status", "idle",
		1, 0, NULL, -1 });
}

static void
tear_down(void)
{
	arena_free(&a);
}

TestSuite(status_page, .init = set_up, .fini = tear_down);

static const char *
page(enum page_form form, bool full)
{
	struct page_choice choice = { form, full };
	struct buffer out;

	buffer_init(&out, a, 0);
	figures_write(&out, &f, &choice);
	return out.text;
}

Test(status_page, queries)
{
	static const struct {
		const char *query;
		enum page_form form;
		bool full;
	} rows[] = {
		{ NULL, PAGE_TEXT, false },
		{ "", PAGE_TEXT, false },
		{ "text", PAGE_TEXT, false },
		{ "json", PAGE_JSON, false },
		{ "full", PAGE_TEXT, true },
		{ "json&full", PAGE_JSON, true },
		{ "full&html", PAGE_HTML, true },
		{ "openmetrics", PAGE_OPENMETRICS, false },
		{ "json&html", PAGE_HTML, false },
		{ "jsonx&xfull&fullx", PAGE_TEXT, false },
		{ "&&json&", PAGE_JSON, false },
	};
	struct page_choice choice;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		choice = figures_choose(rows[i].query);
		cr_expect_eq(choice.form, rows[i].form, "%s", rows[i].query);
		cr_expect_eq(choice.full, rows[i].full, "%s", rows[i].query);
	}
}

#define TEXT \
	"build:                            1           5.0.0\n" \
	"reloads:                          2\n" \
	"requests:                         3           GET a/{ACCOUNT_ID}  2xx\n" \
	"requests:                         4           none  4xx\n" \
	"request_duration_seconds_bucket:  5           0.001\n" \
	"request_duration_seconds_bucket:  7           +Inf\n" \
	"request_duration_seconds_count:   7\n" \
	"request_duration_seconds_sum:     12.000345\n"

Test(status_page, text)
{
	cr_expect_str_eq(page(PAGE_TEXT, false), TEXT);
	cr_expect_str_eq(page(PAGE_TEXT, true), TEXT
	    "\npid:       12\nrole:      worker\nstate:     busy\n"
	    "for:       34 ms\nserved:    56\ncall:      ledger_show\n"
	    "memory:    78 KiB\n"
	    "\npid:       13\nrole:      status\nstate:     idle\n"
	    "for:       1 ms\nserved:    0\n");
}

#define JSON \
	"{\"build\":[{\"version\":\"5.0.0\",\"value\":1}],\"reloads\":2," \
	"\"requests\":[{\"route\":\"GET a/{ACCOUNT_ID}\"," \
	"\"status\":\"2xx\",\"value\":3}," \
	"{\"route\":\"none\",\"status\":\"4xx\",\"value\":4}]," \
	"\"request_duration_seconds_bucket\":[{\"le\":\"0.001\",\"value\":5}," \
	"{\"le\":\"+Inf\",\"value\":7}]," \
	"\"request_duration_seconds_count\":7," \
	"\"request_duration_seconds_sum\":12.000345"

Test(status_page, json)
{
	cr_expect_str_eq(page(PAGE_JSON, false), JSON "}\n");
	cr_expect_str_eq(page(PAGE_JSON, true), JSON ",\"each_process\":["
	    "{\"pid\":12,\"role\":\"worker\",\"state\":\"busy\","
	    "\"state_ms\":34,\"served\":56,\"call\":\"ledger_show\","
	    "\"memory_kib\":78},"
	    "{\"pid\":13,\"role\":\"status\",\"state\":\"idle\","
	    "\"state_ms\":1,\"served\":0}]}\n");
}

Test(status_page, openmetrics)
{
	static const char expected[] =
	    "# TYPE reeve_build info\n"
	    "# HELP reeve_build The program.\n"
	    "reeve_build_info{version=\"5.0.0\"} 1\n"
	    "# TYPE reeve_reloads counter\n"
	    "# HELP reeve_reloads How often the configuration was read "
	    "again.\n"
	    "reeve_reloads_total 2\n"
	    "# TYPE reeve_requests counter\n"
	    "# HELP reeve_requests Requests that were answered.\n"
	    "reeve_requests_total{route=\"GET a/{ACCOUNT_ID}\","
	    "status=\"2xx\"} 3\n"
	    "reeve_requests_total{route=\"none\",status=\"4xx\"} 4\n"
	    "# TYPE reeve_request_duration_seconds histogram\n"
	    "# HELP reeve_request_duration_seconds Time from the head of a "
	    "request to its answer.\n"
	    "reeve_request_duration_seconds_bucket{le=\"0.001\"} 5\n"
	    "reeve_request_duration_seconds_bucket{le=\"+Inf\"} 7\n"
	    "reeve_request_duration_seconds_count 7\n"
	    "reeve_request_duration_seconds_sum 12.000345\n"
	    "# EOF\n";

	cr_expect_str_eq(page(PAGE_OPENMETRICS, false), expected);
	/* Process ids are no labels. */
	cr_expect_str_eq(page(PAGE_OPENMETRICS, true), expected);
}

#define HTML \
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n" \
	"<meta charset=\"utf-8\">\n" \
	"<meta http-equiv=\"refresh\" content=\"5\">\n" \
	"<title>Reeve</title>\n<style>\nth { text-align: left; }\n" \
	"td { padding: 0 1em; }\ntd:nth-child(4) { text-align: right; }\n" \
	"</style>\n</head>\n<body>\n<h1>Reeve</h1>\n<table>\n" \
	"<tr><th colspan=\"4\">The program</tr>\n" \
	"<tr><td>build_info<td>5.0.0<td><td>1</tr>\n" \
	"<tr><th colspan=\"4\">How often the configuration was read again" \
	"</tr>\n" \
	"<tr><td>reloads_total<td><td><td>2</tr>\n" \
	"<tr><th colspan=\"4\">Requests that were answered</tr>\n" \
	"<tr><td>requests_total<td>GET a/{ACCOUNT_ID}<td>2xx<td>3</tr>\n" \
	"<tr><td>requests_total<td>none<td>4xx<td>4</tr>\n" \
	"<tr><th colspan=\"4\">Time from the head of a request to its answer" \
	"</tr>\n" \
	"<tr><td>request_duration_seconds_bucket<td>0.001<td><td>5</tr>\n" \
	"<tr><td>request_duration_seconds_bucket<td>+Inf<td><td>7</tr>\n" \
	"<tr><td>request_duration_seconds_count<td><td><td>7</tr>\n" \
	"<tr><td>request_duration_seconds_sum<td><td><td>12.000345</tr>\n" \
	"</table>\n"

Test(status_page, html)
{
	cr_expect_str_eq(page(PAGE_HTML, false), HTML "</body>\n</html>\n");
	cr_expect_str_eq(page(PAGE_HTML, true), HTML
	    "<h2>Processes</h2>\n<table>\n<tr><th>pid<th>role<th>state"
	    "<th>for, ms<th>served<th>call<th>memory, KiB</tr>\n"
	    "<tr><td>12<td>worker<td>busy<td>34<td>56<td>ledger_show<td>78"
	    "</tr>\n"
	    "<tr><td>13<td>status<td>idle<td>1<td>0<td><td></tr>\n"
	    "</table>\n</body>\n</html>\n");
}

/* OpenMetrics has the same series whatever receivers there are. */
Test(status_page, names_are_for_people)
{
	static const char receiver[] = "bookkeeper/a/b";

	figures_init(&f, a);
	figures_add(&f, FIGURE_BREAKERS, NULL, NULL, 1);
	figures_add(&f, FIGURE_BREAKER_TIMEOUTS, receiver, "c.example", 4);
	figures_add(&f, FIGURE_BREAKER_TRIES, receiver, NULL, 1);
	cr_expect_str_eq(page(PAGE_OPENMETRICS, false),
	    "# TYPE reeve_breakers_open gauge\n"
	    "# HELP reeve_breakers_open Receivers that did not answer in time: "
	    "one attempt at a time is made.\n"
	    "reeve_breakers_open 1\n# EOF\n");
	cr_expect_str_eq(page(PAGE_JSON, false), "{\"breakers_open\":1,"
	    "\"breaker_timeouts\":[{\"receiver\":\"bookkeeper/a/b\","
	    "\"host\":\"c.example\",\"value\":4}],"
	    "\"breaker_tries\":[{\"receiver\":\"bookkeeper/a/b\","
	    "\"value\":1}]}\n");
	cr_expect(strstr(page(PAGE_TEXT, false), receiver) != NULL);
	cr_expect(strstr(page(PAGE_HTML, false), receiver) != NULL);
}

Test(status_page, labels_of_any_characters)
{
	static const struct {
		enum page_form form;
		const char *row;
	} rows[] = {
		{ PAGE_TEXT, "a<b>\\&\"c  no answer\n" },
		{ PAGE_JSON, "\"host\":\"a<b>\\\\&\\\"c\"" },
		{ PAGE_OPENMETRICS, "{host=\"a<b>\\\\&\\\"c\"," },
		{ PAGE_HTML, "<td>a&lt;b>\\&amp;\"c<td>no answer<td>" },
	};
	size_t i;

	figures_init(&f, a);
	figures_add(&f, FIGURE_HOST_UNFIT, "a<b>\\&\"c", "no answer", 1);
	for (i = 0; i < NELEM(rows); i++)
		cr_expect(strstr(page(rows[i].form, false), rows[i].row) != NULL,
		    "%s", page(rows[i].form, false));
}

Test(status_page, unknown_and_bounded_values)
{
	static const struct {
		enum figure figure;
		int64_t value;
		enum page_form form;
		const char *row;
	} rows[] = {
		{ FIGURE_OUTBOX, FIGURE_UNKNOWN, PAGE_TEXT, " unknown  " },
		{ FIGURE_OUTBOX, FIGURE_UNKNOWN, PAGE_JSON, "\"value\":null}" },
		{ FIGURE_OUTBOX, FIGURE_UNKNOWN, PAGE_OPENMETRICS, "} NaN\n" },
		{ FIGURE_OUTBOX, FIGURE_UNKNOWN, PAGE_HTML, "<td>unknown</tr>" },
		{ FIGURE_RUN_DUE, FIGURE_UNKNOWN, PAGE_TEXT, " unknown  " },
		{ FIGURE_OUTBOX, 10000, PAGE_TEXT, " 10000  " },
		{ FIGURE_OUTBOX, 10001, PAGE_TEXT, " more than 10000  l" },
		{ FIGURE_OUTBOX, 10001, PAGE_JSON, "\"value\":10001}" },
		{ FIGURE_OUTBOX, 10001, PAGE_OPENMETRICS, "} 10001\n" },
		{ FIGURE_OUTBOX, 10001, PAGE_HTML, "<td>more than 10000</tr>" },
		{ FIGURE_REQUESTS, 10001, PAGE_TEXT, " 10001  " },
	};
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		figures_init(&f, a);
		figures_add(&f, rows[i].figure, "l", "k", rows[i].value);
		cr_expect(strstr(page(rows[i].form, false), rows[i].row) != NULL,
		    "%zu: %s", i, page(rows[i].form, false));
	}
}

Test(status_page, many_samples_of_one_figure)
{
	int i;

	figures_init(&f, a);
	for (i = 0; i < 500; i++)
		figures_add(&f, FIGURE_REQUESTS, "none", "2xx", i);
	cr_expect_eq(f.count, 500);
	cr_expect_eq(f.samples[0].value, 0);
	cr_expect_eq(f.samples[499].value, 499);
}
