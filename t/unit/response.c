/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "http/response.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "fake_gateway.h"

static struct arena *a;
static struct fake fake;
static struct gateway gateway;
static struct request rq;
static struct response rs;

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

TestSuite(response, .init = setup, .fini = teardown);

/* A request with these variables, and an empty answer. */
#define REQUEST(...) \
	begin((const char *const[]){ "PATH_INFO", "/v2/a", __VA_ARGS__, NULL })

static void
begin(const char *const *variables)
{
	gateway = fake_gateway(&fake, variables, "");
	cr_assert_null(fake_request(&rq, a, &gateway, 1000));
	response_init(&rs, a);
}

static bool
was_sent(const char *text)
{
	return strstr(fake.sent, text) != NULL;
}

/* Returns the value of the ETag header, without its quotes. */
static const char *
sent_etag(void)
{
	const char *at = strstr(fake.sent, "ETag: \"");

	cr_assert_not_null(at);
	at += strlen("ETag: \"");
	return arena_strndup(a, at, strcspn(at, "\""));
}

/* ---- one list, two forms ---- */

#define BODIES 500 /* true of one body in sixteen, and of these */

static int
send_body(const char *type, int number)
{
	REQUEST("REQUEST_METHOD", "GET", "HTTP_ACCEPT", type);
	buffer_printf(&rs.data, "[{\"number\":%d}]", number);
	return response_send(&rs, &rq, NULL);
}

Test(response, an_etag_tells_csv_from_json)
{
	const char *json;
	int i;

	for (i = 0; i < BODIES; i++) {
		cr_assert_eq(send_body("application/json", i), 200);
		json = sent_etag();
		cr_assert_eq(send_body("text/csv", i), 200);
		cr_expect_str_neq(sent_etag(), json, "body %d", i);
	}
}

Test(response, a_client_with_the_json_is_sent_the_csv)
{
	const char *known;
	int i;

	for (i = 0; i < BODIES; i++) {
		cr_assert_eq(send_body("application/json", i), 200);
		known = arena_printf(a, "\"%s\"", sent_etag());
		REQUEST("REQUEST_METHOD", "GET", "HTTP_ACCEPT", "text/csv",
		    "HTTP_IF_NONE_MATCH", known);
		buffer_printf(&rs.data, "[{\"number\":%d}]", i);
		cr_expect_eq(response_send(&rs, &rq, NULL), 200, "body %d", i);
		cr_expect(was_sent("number\r\n"), "body %d", i);
	}
}

Test(response, a_change_returns_the_json_s_etag_for_any_accept)
{
	const char *json;

	cr_assert_eq(send_body("application/json", 7), 200);
	json = sent_etag();
	REQUEST("REQUEST_METHOD", "POST", "HTTP_ACCEPT", "text/csv");
	rs.entity = true;
	buffer_puts(&rs.data, "[{\"number\":7}]");
	cr_expect_eq(response_send(&rs, &rq, NULL), 200);
	cr_expect(was_sent("Content-Type: application/json"));
	cr_expect_str_eq(sent_etag(), json);
}

Test(response, what_has_a_token_or_a_key_is_not_stored)
{
	static const struct {
		const char *accept, *token, *caching;
		bool confidential;
	} rows[] = {
		{ "application/json", NULL, "no-cache, private", false },
		{ "application/json", "reeve.x", "no-store", false },
		{ "application/json", NULL, "no-store", true },
		{ "text/csv", "reeve.x", "no-cache, private", false },
		{ "text/csv", "reeve.x", "no-store", true },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		REQUEST("REQUEST_METHOD", "GET", "HTTP_ACCEPT",
		    rows[i].accept);
		buffer_puts(&rs.data, "[{\"a\":1}]");
		rs.auth_token = rows[i].token;
		rs.confidential = rows[i].confidential;
		response_send(&rs, &rq, NULL);
		cr_expect(was_sent(arena_printf(a, "\r\nCache-Control: %s\r\n",
		    rows[i].caching)), "row %zu: %s", i, fake.sent);
		cr_expect(was_sent("\r\nX-Content-Type-Options: nosniff\r\n"));
	}
}

Test(response, an_untagged_answer_is_always_sent)
{
	REQUEST("REQUEST_METHOD", "GET", "HTTP_IF_NONE_MATCH", "*");
	buffer_puts(&rs.data, "{\"id\":\"a token\"}");
	rs.untagged = true;
	cr_expect_eq(response_send(&rs, &rq, NULL), 200);
	cr_expect(was_sent("a token"));
	cr_expect_not(was_sent("ETag: "));
	cr_expect_not(was_sent("revision"));
}

Test(response, an_unchanged_answer_is_not_sent_again)
{
	static const char *const types[] = { "application/json", "text/csv" };
	const char *known;
	size_t i;

	for (i = 0; i < NELEM(types); i++) {
		cr_assert_eq(send_body(types[i], 7), 200);
		known = arena_printf(a, "W/\"%s\"", sent_etag());
		REQUEST("REQUEST_METHOD", "GET", "HTTP_ACCEPT", types[i],
		    "HTTP_IF_NONE_MATCH", known);
		buffer_puts(&rs.data, "[{\"number\":7}]");
		cr_expect_eq(response_send(&rs, &rq, NULL), 304, "%s", types[i]);
	}
}

/* ---- answers beyond the limit ---- */

#define SMALL 64

/* Writes an answer with a limit of SMALL bytes and a list of this size. */
static void
write_list(int bytes)
{
	rs.limit = SMALL;
	response_restart(&rs);
	buffer_printf(&rs.data, "[\"%*s\"]", bytes - 4, "");
}

static const struct {
	const char *method, *accept;
	int bytes, status;
} sizes[] = {
	{ "GET", "application/json", SMALL, 200 },
	{ "GET", "application/json", SMALL + 1, 500 },
	{ "GET", "application/problem+json", SMALL + 1, 500 },
	{ "GET", "text/csv", SMALL + 1, 500 },
	{ "HEAD", "application/json", SMALL + 1, 500 },
	{ "PUT", "application/json", SMALL, 200 },
	{ "PUT", "application/json", SMALL + 1, 500 },
};

Test(response, an_answer_beyond_its_limit_is_an_error)
{
	size_t i;

	for (i = 0; i < NELEM(sizes); i++) {
		const char *label = arena_printf(a, "%s %s %d",
		    sizes[i].method, sizes[i].accept, sizes[i].bytes);

		REQUEST("REQUEST_METHOD", sizes[i].method, "HTTP_ACCEPT",
		    sizes[i].accept);
		write_list(sizes[i].bytes);
		cr_expect_eq(response_send(&rs, &rq, NULL), sizes[i].status,
		    "%s", label);
		cr_expect_eq(was_sent("Status: 500"), sizes[i].status == 500,
		    "%s", label);
		cr_expect_eq(was_sent("ETag"), sizes[i].status == 200 &&
		    rq.method == METHOD_GET, "%s", label);
		cr_expect_eq(was_sent("unspecified_fault"),
		    sizes[i].status == 500 && rq.method != METHOD_HEAD,
		    "%s", label);
	}
}

Test(response, overflow_is_reported_before_the_answer_is_stored)
{
	struct problem *p;

	REQUEST("REQUEST_METHOD", "PUT");
	write_list(SMALL);
	cr_expect_null(response_check(&rs));
	write_list(SMALL + 1);
	p = response_check(&rs);
	cr_assert_not_null(p);
	cr_expect_eq(p->kind, PROBLEM_FAULT);
	cr_expect_str_neq(p->log, "");
	response_restart(&rs);
	cr_expect_null(response_check(&rs), "another attempt starts again");
}

Test(response, csv_may_exceed_the_limit_when_json_does_not)
{
	REQUEST("REQUEST_METHOD", "GET", "HTTP_ACCEPT", "text/csv");
	rs.limit = SMALL;
	response_restart(&rs);
	buffer_puts(&rs.data, "[{\"a\":1},{\"b\":1},{\"c\":1},{\"d\":1},"
	    "{\"e\":1},{\"f\":1},{\"g\":1}]");
	cr_assert_null(response_check(&rs));
	cr_expect_eq(response_send(&rs, &rq, NULL), 500);
	cr_expect(was_sent("Content-Type: application/json"));
	cr_expect(was_sent("unspecified_fault"));
	cr_expect_not(was_sent("Content-Disposition"));
}

Test(response, an_answer_too_large_to_indent_is_sent_unindented)
{
	REQUEST("REQUEST_METHOD", "GET", "HTTP_X_PRETTY_PRINT", "true");
	rs.limit = SMALL;
	response_restart(&rs);
	buffer_puts(&rs.data, "[[[[[[1,2,3,4]]]]]]");
	cr_expect_eq(response_send(&rs, &rq, NULL), 200);
	cr_expect(was_sent("{\"data\":[[[[[[1,2,3,4]]]]]],"));
}

Test(response, a_problem_larger_than_the_limit_is_sent_whole)
{
	struct problem *p;

	REQUEST("REQUEST_METHOD", "PUT");
	rs.limit = SMALL;
	response_restart(&rs);
	p = problem_invalid(a, "name", "maxLength", "%*s.", 2 * SMALL, "");
	cr_expect_eq(response_send(&rs, &rq, p), 400);
	cr_expect(was_sent(" .\"}"));
}

/* ---- in parts ---- */

static int broken;

static void
count_broken(struct gateway *g)
{
	(void)g;
	broken++;
}

/* The variables are read until the answer is sent. */
#define PARTS(method, type) do { \
	REQUEST("REQUEST_METHOD", method, "HTTP_ACCEPT", type); \
	gateway.break_off = count_broken; \
	broken = 0; \
} while (0)

static const char *
sent_body(void)
{
	return strstr(fake.sent, "\r\n\r\n") + 4;
}

Test(response, parts_of_json_make_one_envelope)
{
	PARTS("GET", "application/json");
	buffer_puts(&rs.data, "[1,");
	cr_assert(response_flush(&rs, &rq));
	cr_assert_str_eq(sent_body(), "{\"data\":[1,");
	cr_assert_eq(rs.data.length, 0);
	buffer_puts(&rs.data, "2]");
	cr_assert_eq(response_send(&rs, &rq, NULL), 200);
	cr_assert(was_sent("Status: 200 OK\r\n"));
	cr_assert(was_sent("{\"data\":[1,2],\"status\":\"success\","));
	cr_assert_not(was_sent("Content-Length"));
	cr_assert_not(was_sent("ETag"));
	cr_assert_not(was_sent("revision"));
	cr_assert_eq(fake.sent[fake.sent_length - 1], '}');
	cr_assert_eq(broken, 0);
}

Test(response, parts_of_csv_have_no_envelope)
{
	PARTS("GET", "text/csv");
	buffer_puts(&rs.data, "a\r\n");
	cr_assert(response_flush(&rs, &rq));
	buffer_puts(&rs.data, "1\r\n");
	cr_assert_eq(response_send(&rs, &rq, NULL), 200);
	cr_assert_str_eq(sent_body(), "a\r\n1\r\n");
	cr_assert(was_sent("filename=\"reeve.csv\""));
}

Test(response, head_wants_no_parts)
{
	PARTS("HEAD", "application/json");
	buffer_puts(&rs.data, "[1,");
	cr_assert_not(response_flush(&rs, &rq));
	cr_assert_eq(response_send(&rs, &rq, NULL), 200);
	cr_assert_str_eq(sent_body(), "");
}

Test(response, a_problem_after_the_first_part_breaks_the_answer_off)
{
	PARTS("GET", "application/json");
	buffer_puts(&rs.data, "[1,");
	cr_assert(response_flush(&rs, &rq));
	cr_assert_eq(response_send(&rs, &rq, problem_new(a,
	    PROBLEM_UNAVAILABLE)), 0);
	cr_assert_str_eq(sent_body(), "{\"data\":[1,");
	cr_assert_eq(broken, 1);
}

Test(response, parts_past_the_limit_break_the_answer_off)
{
	PARTS("GET", "application/json");
	rs.limit = 10;
	response_restart(&rs);
	buffer_puts(&rs.data, "[1,");
	cr_assert(response_flush(&rs, &rq));
	buffer_puts(&rs.data, "12345678901]");
	cr_assert_eq(response_send(&rs, &rq, NULL), 0);
	cr_assert_eq(broken, 1);
}
