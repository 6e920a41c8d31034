/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "http/request.h"

#include <criterion/criterion.h>

#include "fake_gateway.h"

static struct arena *a;
static struct fake fake;
static struct gateway gateway;
static struct request rq;

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

TestSuite(request, .init = setup, .fini = teardown);

#define REQUEST(body, ...) \
	read_request(body, (const char *const[]){ __VA_ARGS__, NULL })

static struct problem *
read_request(const char *body, const char *const *variables)
{
	gateway = fake_gateway(&fake, variables, body);
	return fake_request(&rq, a, &gateway, 1000);
}

/* ---- path ---- */

static const struct {
	const char *label, *uri, *path_info, *script;
	int status;             /* 0: fine */
	const char *segments;   /* joined by '|' */
} paths[] = {
	{ "plain", "/v2/a/b", "/v2/a/b", "", 0, "a|b" },
	{ "query cut off", "/v2/a?x=/c", "/v2/a", "", 0, "a" },
	{ "slash at the end", "/v2/a/b/", "/v2/a/b/", "", 0, "a|b" },
	{ "v1", "/v1/a", "/v1/a", "", 0, "a" },
	{ "nothing below", "/v2", "/v2", "", 0, "" },
	{ "empty segment kept", "/v2/a//b", "/v2/a//b", "", 0, "a||b" },
	{ "escapes", "/v2/a%20b/%C3%A4", "/v2/a b/\xc3\xa4", "", 0,
	    "a b|\xc3\xa4" },
	{ "a slash inside a name", "/v2/a%2Fb", "/v2/a/b", "", 0, "a/b" },
	{ "mounted as CGI", "/cgi-bin/reeve/v2/a", "/v2/a", "/cgi-bin/reeve",
	    0, "a" },
	{ "rewritten by the server", "/api/x", "/v2/a", "", 0, "a" },
	{ "only a URI", "/v2/a", NULL, NULL, 0, "a" },
	{ "only PATH_INFO", NULL, "/v2/a", NULL, 0, "a" },
	{ "neither", NULL, NULL, NULL, 404, NULL },
	{ "other root", "/v3/a", "/v3/a", "", 404, NULL },
	{ "no root", "/", "/", "", 404, NULL },
	{ "NUL", "/v2/a%00b", NULL, "", 400, NULL },
	{ "broken escape", "/v2/a%zz", NULL, "", 400, NULL },
	{ "cut escape", "/v2/a%2", NULL, "", 400, NULL },
	{ "broken UTF-8", "/v2/%ff", "/v2/\xff", "", 400, NULL },
	{ "overlong UTF-8", "/v2/%c0%af", NULL, "", 400, NULL },
	{ "seventeen segments", "/v2/1/2/3/4/5/6/7/8/9/0/1/2/3/4/5/6/7", NULL,
	    "", 404, NULL },
};

Test(request, paths)
{
	char joined[256];
	struct problem *p;
	size_t i, s;

	for (i = 0; i < NELEM(paths); i++) {
		const char *variables[] = { "REQUEST_METHOD", "GET",
			NULL, NULL, NULL, NULL, NULL, NULL, NULL };
		size_t n = 2;

		if (paths[i].uri != NULL) {
			variables[n++] = "REQUEST_URI";
			variables[n++] = paths[i].uri;
		}
		if (paths[i].path_info != NULL) {
			variables[n++] = "PATH_INFO";
			variables[n++] = paths[i].path_info;
		}
		if (paths[i].script != NULL) {
			variables[n++] = "SCRIPT_NAME";
			variables[n++] = paths[i].script;
		}
		p = read_request("", variables);
		cr_assert_eq(p == NULL ? 0 : p->status, paths[i].status, "%s: %d",
		    paths[i].label, p == NULL ? 0 : p->status);
		if (p != NULL)
			continue;
		joined[0] = '\0';
		for (s = 0; s < rq.segment_count; s++) {
			strcat(joined, s == 0 ? "" : "|");
			strcat(joined, rq.segments[s]);
		}
		cr_assert_str_eq(joined, paths[i].segments, "%s: %s",
		    paths[i].label, joined);
	}
}

Test(request, a_slash_inside_a_name_survives_where_the_server_keeps_it)
{
	/* An escape that PATH_INFO still has is not decisive: both spellings
	 * agree. */
	cr_assert_null(REQUEST("", "REQUEST_METHOD", "GET",
	    "REQUEST_URI", "/v2/a%2Fb", "PATH_INFO", "/v2/a/b"));
	cr_assert_eq(rq.segment_count, 1);
	cr_assert_str_eq(rq.segments[0], "a/b");
}

/* ---- query ---- */

static struct problem *
read_query_string(const char *query)
{
	return REQUEST("", "REQUEST_METHOD", "GET", "PATH_INFO", "/v2/a",
	    "QUERY_STRING", query);
}

static const struct {
	const char *label, *query, *name, *value;
} queries[] = {
	{ "plain", "a=1&b=2", "b", "2" },
	{ "first of two counts", "a=1&a=2", "a", "1" },
	{ "no value", "a", "a", "" },
	{ "empty value", "a=", "a", "" },
	{ "an = in the value", "a=b=c", "a", "b=c" },
	{ "plus is a space", "a=b+c", "a", "b c" },
	{ "escapes", "a%5Fb=%C3%A4%26", "a_b", "\xc3\xa4&" },
	{ "a cache buster", "_=1795407882579", "_", "1795407882579" },
	{ "empty pairs", "&&a=1&&", "a", "1" },
	{ "not there", "a=1", "c", NULL },
	{ "nothing", "", "a", NULL },
};

Test(request, queries)
{
	const char *value;
	size_t i;

	for (i = 0; i < NELEM(queries); i++) {
		cr_assert_null(read_query_string(queries[i].query), "%s",
		    queries[i].label);
		value = request_query(&rq, queries[i].name);
		if (queries[i].value == NULL)
			cr_assert_null(value, "%s", queries[i].label);
		else
			cr_assert_str_eq(value, queries[i].value, "%s",
			    queries[i].label);
	}
}

Test(request, broken_queries_are_refused)
{
	static const char *const broken[] = { "a=%00", "a=%", "a=%f", "a=%gg",
		"a=%ff", "%c0=1", "a=%ed%a0%80", "a=%f4%90%80%80" };
	struct problem *p;
	size_t i;

	for (i = 0; i < NELEM(broken); i++) {
		p = read_query_string(broken[i]);
		cr_assert(p != NULL && p->status == 400, "%s", broken[i]);
	}
}

Test(request, too_many_parameters_are_refused)
{
	static char query[3 * 201 + 1];
	struct problem *p;
	size_t i;

	for (i = 0; i < 200; i++)
		memcpy(query + 3 * i, "a=&", 3);
	cr_assert_null(read_query_string(query));
	memcpy(query + 3 * 200, "b=&", 3);
	p = read_query_string(query);
	cr_assert(p != NULL && p->status == 400);
}

/* ---- body ---- */

static struct problem *
read_body(const char *type, const char *body)
{
	return REQUEST(body, "REQUEST_METHOD", "PUT", "PATH_INFO", "/v2/a",
	    "CONTENT_TYPE", type);
}

static const struct {
	const char *label, *type, *body;
	int status;
	const char *data; /* canonical, of a good one */
} bodies[] = {
	{ "envelope", "application/json", "{\"data\":{\"x\":1}}", 0,
	    "{\"x\":1}" },
	{ "a list", "application/json", "{\"data\":[1]}", 0, "[1]" },
	{ "empty", "application/json", "", 0, "{}" },
	{ "blank", "application/json", " \n", 0, "{}" },
	{ "no type", "", "{\"data\":{}}", 0, "{}" },
	{ "charset", "application/json; charset=utf-8", "{\"data\":{}}", 0,
	    "{}" },
	{ "as curl -d sends it", "application/x-www-form-urlencoded",
	    " {\"data\":{}}", 0, "{}" },
	{ "a form", "application/x-www-form-urlencoded", "a=b", 415, NULL },
	{ "text", "text/plain", "{\"data\":{}}", 415, NULL },
	{ "a type that only begins right", "application/jsonx",
	    "{\"data\":{}}", 415, NULL },
	{ "no envelope", "application/json", "{\"foo\":1}", 400, NULL },
	{ "data of a wrong type", "application/json", "{\"data\":1}", 400,
	    NULL },
	{ "data null", "application/json", "{\"data\":null}", 400, NULL },
	{ "no object", "application/json", "[1]", 400, NULL },
	{ "broken", "application/json", "{bad", 400, NULL },
	{ "cut", "application/json", "{\"data\":{", 400, NULL },
	{ "escaped NUL", "application/json", "{\"data\":{\"a\":\"\\u0000\"}}",
	    400, NULL },
	{ "broken UTF-8", "application/json", "{\"data\":{\"a\":\"\xff\"}}",
	    400, NULL },
};

Test(request, bodies)
{
	struct buffer text;
	struct problem *p;
	size_t i;

	for (i = 0; i < NELEM(bodies); i++) {
		p = read_body(bodies[i].type, bodies[i].body);
		cr_assert_eq(p == NULL ? 0 : p->status, bodies[i].status, "%s: %d",
		    bodies[i].label, p == NULL ? 0 : p->status);
		if (p != NULL)
			continue;
		buffer_init(&text, a, 0);
		json_canonical(&text, rq.data);
		cr_assert_str_eq(text.text, bodies[i].data, "%s",
		    bodies[i].label);
	}
}

Test(request, a_body_over_the_limit_is_refused_whatever_it_announces)
{
	static char body[1100];
	struct problem *p;

	memset(body, ' ', sizeof(body) - 1);
	p = read_body("application/json", body);
	cr_assert(p != NULL && p->status == 413);
	p = REQUEST("", "REQUEST_METHOD", "PUT", "PATH_INFO", "/v2/a",
	    "CONTENT_LENGTH", "1001");
	cr_assert(p != NULL && p->status == 413);
}

Test(request, a_truncated_request_is_noticed)
{
	static const char *const variables[] = { "REQUEST_METHOD", "PUT",
		"PATH_INFO", "/v2/a", NULL };

	gateway = fake_gateway(&fake, variables, "{\"data\":{}}");
	fake.cut = true;
	(void)!fake_request(&rq, a, &gateway, 1000);
	cr_assert(rq.cut_off);
	/* Fewer bytes than announced are a truncation as well. */
	(void)!REQUEST("{\"data\":{}}", "REQUEST_METHOD", "PUT", "PATH_INFO",
	    "/v2/a", "CONTENT_LENGTH", "12");
	cr_assert(rq.cut_off);
	cr_assert_null(REQUEST("{\"data\":{}}", "REQUEST_METHOD", "PUT",
	    "PATH_INFO", "/v2/a", "CONTENT_LENGTH", "11"));
	cr_assert_not(rq.cut_off);
}

/* Lines in which the values are read at once, and one by one. */
static struct problem *
read_lines(const char *body, bool divide)
{
	static const char *const variables[] = { "REQUEST_METHOD", "PUT",
		"PATH_INFO", "/v2/a", "CONTENT_TYPE", "application/x-ndjson",
		NULL };
	const struct body_limits limits = { 1000, 1000, divide, false };
	struct json_object *element;
	struct problem *p;
	size_t i;

	gateway = fake_gateway(&fake, variables, body);
	cr_assert_null(request_read_head(&rq, a, &gateway));
	p = request_read_body(&rq, &limits);
	for (i = 0; p == NULL && i < json_object_array_length(rq.data); i++)
		p = request_element(&rq, a, i, &element);
	return p;
}

Test(request, a_bad_line_is_named_however_the_lines_are_read)
{
	static const struct {
		const char *body, *text; /* NULL: all are good */
	} rows[] = {
		{ "{\"a\":1}\n\n [2]\r\n3", NULL },
		{ "1\n\n  x\n", "line 3: unexpected character around 2" },
		{ "1\n null\n", "line 2: null is no value here around 5" },
	};
	struct problem *p;
	size_t i;
	int divide;

	for (i = 0; i < NELEM(rows); i++) {
		for (divide = 0; divide < 2; divide++) {
			p = read_lines(rows[i].body, divide != 0);
			cr_assert_eq(p == NULL, rows[i].text == NULL, "%s",
			    rows[i].body);
			if (p != NULL)
				cr_expect_not_null(strstr(
				    json_object_to_json_string(p->data),
				    rows[i].text), "%s",
				    json_object_to_json_string(p->data));
		}
	}
}

Test(request, bad_lengths_are_refused)
{
	static const char *const lengths[] = { "-1", "x", "1x", "1e3",
		"99999999999999999999999" };
	struct problem *p;
	size_t i;

	for (i = 0; i < NELEM(lengths); i++) {
		p = REQUEST("", "REQUEST_METHOD", "PUT", "PATH_INFO", "/v2/a",
		    "CONTENT_LENGTH", lengths[i]);
		cr_assert(p != NULL && p->status == 400, "%s", lengths[i]);
	}
}

/* ---- control values, method, token ---- */

Test(request, control_values_come_from_query_then_envelope_never_from_data)
{
	cr_assert_null(REQUEST("{\"data\":{\"page_size\":1,\"x\":1},"
	    "\"Page-Size\":2,\"accept_charges\":true}",
	    "REQUEST_METHOD", "POST", "PATH_INFO", "/v2/a"));
	cr_assert_str_eq(request_control(&rq, "page_size"), "2");
	cr_assert(request_control_is(&rq, "accept_charges", "true"));
	cr_assert_null(request_control(&rq, "x"));
	cr_assert_null(REQUEST("{\"data\":{},\"page_size\":2}",
	    "REQUEST_METHOD", "POST", "PATH_INFO", "/v2/a",
	    "QUERY_STRING", "page_size=3"));
	cr_assert_str_eq(request_control(&rq, "page_size"), "3");
}

static const struct {
	const char *label, *method, *query, *override, *body;
	enum method expected;
	int status;
} verbs[] = {
	{ "plain", "PATCH", "", "", "", METHOD_PATCH, 0 },
	{ "query", "POST", "verb=delete", "", "", METHOD_DELETE, 0 },
	{ "envelope", "POST", "", "", "{\"data\":{},\"verb\":\"PUT\"}",
	    METHOD_PUT, 0 },
	{ "header", "POST", "", "GET", "", METHOD_GET, 0 },
	{ "only POST tunnels", "GET", "verb=delete", "DELETE", "",
	    METHOD_GET, 0 },
	{ "data is not asked", "POST", "", "", "{\"data\":{\"verb\":\"PUT\"}}",
	    METHOD_POST, 0 },
	{ "unknown verb", "POST", "verb=brew", "", "", METHOD_UNKNOWN, 400 },
	{ "unknown method", "BREW", "", "", "", METHOD_UNKNOWN, 501 },
	{ "methods have one case", "get", "", "", "", METHOD_UNKNOWN, 501 },
};

Test(request, verbs)
{
	struct problem *p;
	size_t i;

	for (i = 0; i < NELEM(verbs); i++) {
		p = REQUEST(verbs[i].body, "REQUEST_METHOD", verbs[i].method,
		    "PATH_INFO", "/v2/a", "QUERY_STRING", verbs[i].query,
		    "HTTP_X_HTTP_METHOD_OVERRIDE", verbs[i].override);
		cr_assert_eq(p == NULL ? 0 : p->status, verbs[i].status, "%s",
		    verbs[i].label);
		cr_assert_eq(rq.method, verbs[i].expected, "%s",
		    verbs[i].label);
	}
}

static const struct {
	const char *label, *header, *query, *authorization, *token;
} tokens[] = {
	{ "header", "t", "", "", "t" },
	{ "query", "", "auth_token=t", "", "t" },
	{ "bearer", "", "", "Bearer t", "t" },
	{ "bearer in lower case", "", "", "bearer t", "t" },
	{ "header before query", "t", "auth_token=u", "Bearer v", "t" },
	{ "query before bearer", "", "auth_token=u", "Bearer v", "u" },
	{ "the word undefined", "undefined", "", "", "" },
	{ "undefined, then a query", "undefined", "auth_token=t", "", "t" },
	{ "basic is not known", "", "", "Basic abc", "" },
	{ "none", "", "", "", "" },
};

Test(request, tokens)
{
	size_t i;

	for (i = 0; i < NELEM(tokens); i++) {
		cr_assert_null(REQUEST("", "REQUEST_METHOD", "GET",
		    "PATH_INFO", "/v2/a",
		    "HTTP_X_AUTH_TOKEN", tokens[i].header,
		    "QUERY_STRING", tokens[i].query,
		    "HTTP_AUTHORIZATION", tokens[i].authorization));
		cr_assert_str_eq(rq.token, tokens[i].token, "%s",
		    tokens[i].label);
	}
}

Test(request, request_ids)
{
	static char overlong[200];

	cr_assert_null(REQUEST("", "REQUEST_METHOD", "GET", "PATH_INFO",
	    "/v2/a", "HTTP_X_REQUEST_ID", "abc-1"));
	cr_assert_str_eq(rq.request_id, "abc-1");
	cr_assert_null(REQUEST("", "REQUEST_METHOD", "GET", "PATH_INFO",
	    "/v2/a", "HTTP_X_REQUEST_ID", "a b\r\nX: y",
	    "REEVE_REQUEST_ID", "from-the-server"));
	cr_assert_str_eq(rq.request_id, "from-the-server");
	memset(overlong, 'a', sizeof(overlong) - 1);
	cr_assert_null(REQUEST("", "REQUEST_METHOD", "GET", "PATH_INFO",
	    "/v2/a", "HTTP_X_REQUEST_ID", overlong));
	cr_assert_eq(strlen(rq.request_id), 32);
}

/* ---- a value a line ---- */

Test(request, lines_of_json_are_the_elements_of_data)
{
	struct problem *p = REQUEST("{\"a\":1}\n\n [2]\r\n\"x\"",
	    "REQUEST_METHOD", "PUT", "PATH_INFO", "/v2/a",
	    "CONTENT_TYPE", "application/x-ndjson; charset=utf-8");

	cr_assert_null(p);
	cr_expect_str_eq(json_object_to_json_string_ext(rq.data,
	    JSON_C_TO_STRING_PLAIN), "[{\"a\":1},[2],\"x\"]");
}

Test(request, a_line_without_valid_json_is_named)
{
	struct problem *p = REQUEST("1\n\n{\n2", "REQUEST_METHOD", "PUT",
	    "PATH_INFO", "/v2/a", "CONTENT_TYPE", "application/x-ndjson");

	cr_assert_not_null(p);
	cr_expect_eq(p->status, 400);
	cr_expect(strncmp(json_string_at(p->data, "json.invalid.message"),
	    "line 3: ", 8) == 0);
}
