/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/problem.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/json.h"

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

TestSuite(problem, .init = setup, .fini = teardown);

static const char *
data_of(const struct problem *p)
{
	struct buffer b;

	buffer_init(&b, a, 0);
	json_canonical(&b, p->data);
	return b.text;
}

/* The API's table of errors; data is the initial data, "null" for none. */
static const struct {
	enum problem_kind kind;
	int status;
	const char *name, *text, *data;
	int retry_after_s;
} kinds[] = {
	{ PROBLEM_VALIDATION, 400, "validation error", "validation error",
	    "null", 0 },
	{ PROBLEM_INVALID_CREDENTIALS, 401, "invalid_credentials",
	    "invalid credentials", "null", 0 },
	{ PROBLEM_EXPIRED_CREDENTIALS, 401, "invalid credentials",
	    "invalid credentials", "{}", 0 },
	{ PROBLEM_CHARGES, 402, "accept charges", "accept charges", "null", 0 },
	{ PROBLEM_NO_PAYMENT_TOKEN, 402, "no_payment_token",
	    "no payment token", "null", 0 },
	{ PROBLEM_BILLING_ISSUE, 402, "billing_issue",
	    "There is a billing issue with this account, "
	    "please contact your sales representative.", "null", 0 },
	{ PROBLEM_FORBIDDEN, 403, "forbidden", "forbidden", "null", 0 },
	{ PROBLEM_NOT_FOUND, 404, "not_found", "not found", "null", 0 },
	{ PROBLEM_BAD_IDENTIFIER, 404, "bad_identifier", "bad identifier",
	    "null", 0 },
	{ PROBLEM_INVALID_METHOD, 405, "invalid_method",
	    "method not allowed", "null", 0 },
	{ PROBLEM_NOT_ACCEPTABLE, 406, "not_acceptable", "not acceptable",
	    "null", 0 },
	{ PROBLEM_CONFLICT, 409, "datastore_conflict",
	    "conflicting documents", "null", 0 },
	{ PROBLEM_HAS_DESCENDANTS, 409, "account_has_descendants",
	    "account has descendants", "null", 0 },
	{ PROBLEM_QUOTE_DIFFERS, 409, "quote differs",
	    "the change is not what was quoted", "null", 0 },
	{ PROBLEM_PRECONDITION, 412, "precondition failed",
	    "it has changed: read it again, then send If-Match with its ETag",
	    "null", 0 },
	{ PROBLEM_TOO_LARGE, 413, "payload_too_large", "payload too large",
	    "null", 0 },
	{ PROBLEM_UNSUPPORTED_TYPE, 415, "unsupported_media_type",
	    "unsupported media type", "null", 0 },
	{ PROBLEM_KEY_REUSED, 422, "idempotency key reused",
	    "this Idempotency-Key was sent with another request before",
	    "null", 0 },
	{ PROBLEM_UNCERTAIN, 409, "uncertain",
	    "the change may or may not have been made: look before it is "
	    "made again", "null", 0 },
	{ PROBLEM_TOO_MANY_REQUESTS, 429, "too_many_requests",
	    "too many requests", "null", 0 },
	{ PROBLEM_PAYMENT, 500, "unspecified_fault",
	    "the payment was not made", "null", 0 },
	{ PROBLEM_FAULT, 500, "unspecified_fault", "unspecified fault",
	    "null", 0 },
	{ PROBLEM_NOT_IMPLEMENTED, 501, "not_implemented",
	    "not implemented", "null", 0 },
	{ PROBLEM_UNAVAILABLE, 503, "datastore_unreachable",
	    "datastore timeout", "null", 5 },
};

Test(problem, every_kind_matches_the_api)
{
	size_t i;

	cr_assert_eq(NELEM(kinds), PROBLEM__MAX);
	for (i = 0; i < NELEM(kinds); i++) {
		struct problem *p = problem_new(a, kinds[i].kind);
		const char *label = kinds[i].name;

		cr_expect_eq(p->kind, kinds[i].kind, "%s", label);
		cr_expect_eq(p->status, kinds[i].status, "%s", label);
		cr_expect_str_eq(p->name, kinds[i].name, "%s", label);
		cr_expect_str_eq(p->text, kinds[i].text, "%s", label);
		cr_expect_str_eq(data_of(p), kinds[i].data, "%s", label);
		cr_expect_eq(p->retry_after_s, kinds[i].retry_after_s, "%s",
		    label);
		cr_expect_str_eq(p->log, "", "%s", label);
	}
}

Test(problem, a_custom_text)
{
	struct problem *p;

	p = problem_text(a, PROBLEM_FORBIDDEN, "account %s is %d", "x", 7);
	cr_expect_eq(p->status, 403);
	cr_expect_str_eq(p->name, "forbidden");
	cr_expect_str_eq(p->text, "account x is 7");
	cr_expect_null(p->data);
}

Test(problem, a_fault_tells_the_log_not_the_client)
{
	struct problem *p = problem_fault(a, "row %d of %s", 3, "x");

	cr_expect_eq(p->status, 500);
	cr_expect_str_eq(p->text, "unspecified fault");
	cr_expect_str_eq(p->log, "row 3 of x");
	p = problem_fault(a, "%1000d", 3);
	cr_expect_eq(strlen(p->log), sizeof(p->log) - 1, "cut, not overrun");
}

Test(problem, a_bad_identifier_names_its_cause)
{
	struct problem *p = problem_bad_identifier(a, "20\"x");

	cr_expect_eq(p->status, 404);
	cr_expect_str_eq(p->name, "bad_identifier");
	cr_expect_str_eq(data_of(p),
	    "{\"cause\":\"20\\\"x\",\"message\":\"bad identifier\"}");
}

Test(problem, an_invalid_field)
{
	struct problem *p;

	p = problem_invalid(a, "usage.quantity", "minimum",
	    "Value must be at least %d", 1);
	cr_expect_eq(p->status, 400);
	cr_expect_str_eq(p->name, "validation error");
	cr_expect_str_eq(data_of(p), "{\"usage.quantity\":{\"minimum\":"
	    "{\"message\":\"Value must be at least 1\"}}}");
}

Test(problem, all_failures_are_reported_at_once)
{
	struct problem *p = NULL, *first;

	p = problem_also_invalid(a, p, "b", "required", "missing");
	cr_assert_not_null(p);
	first = p;
	p = problem_also_invalid(a, p, "a", "type", "no %s", "string");
	p = problem_also_invalid(a, p, "b", "type", "neither");
	cr_expect_eq(p, first);
	cr_expect_str_eq(data_of(p),
	    "{\"a\":{\"type\":{\"message\":\"no string\"}},"
	    "\"b\":{\"required\":{\"message\":\"missing\"},"
	    "\"type\":{\"message\":\"neither\"}}}");
}

Test(problem, a_more_serious_problem_is_kept)
{
	struct problem *p = problem_new(a, PROBLEM_UNAVAILABLE);

	cr_expect_eq(problem_also_invalid(a, p, "a", "type", "x"), p);
	cr_expect_eq(p->status, 503);
	cr_expect_null(p->data);
	cr_expect_null(p->field);
}

Test(problem, the_field_of_the_first_failure_is_the_problem_s)
{
	char field[] = "usage.unit";
	struct problem *p = problem_invalid(a, field, "type", "no text");

	field[0] = '\0';
	p = problem_also_invalid(a, p, "amount", "required", "missing");
	cr_expect_str_eq(p->field, "usage.unit", "of its own");
	cr_expect_str_eq(problem_copy(a, p)->field, "usage.unit");
	cr_expect_null(problem_text(a, PROBLEM_CONFLICT, "realm: taken")->field,
	    "no words of a text are read");
	cr_expect_null(problem_copy(a, problem_new(a, PROBLEM_FAULT))->field);
}

Test(problem, the_subject_of_a_problem)
{
	struct problem *p = problem_text(a, PROBLEM_CONFLICT, "to: below it");

	cr_expect_not(problem_concerns(p, PROBLEM_CONFLICT, "to"));
	p->field = "to";
	cr_expect(problem_concerns(p, PROBLEM_CONFLICT, "to"));
	cr_expect_not(problem_concerns(p, PROBLEM_CONFLICT, "t"));
	cr_expect_not(problem_concerns(p, PROBLEM_FORBIDDEN, "to"));
	cr_expect_not(problem_concerns(NULL, PROBLEM_CONFLICT, "to"));
}

Test(problem, members_beside_the_message)
{
	struct problem *p = problem_invalid(a, "n", "maximum", "too much");

	problem_set_int(p, "n", "maximum", "target", INT64_MAX);
	problem_set_string(p, "n", "maximum", "cause", "x");
	problem_set_int(p, "m", "maximum", "target", 1);
	problem_set_string(p, "n", "minimum", "target", "1");
	cr_expect_str_eq(data_of(p), "{\"n\":{\"maximum\":{\"cause\":\"x\","
	    "\"message\":\"too much\",\"target\":9223372036854775807}}}");
	p = problem_new(a, PROBLEM_VALIDATION);
	problem_set_int(p, "n", "maximum", "target", 1);
	cr_expect_null(p->data);
}

Test(problem, the_text_of_a_conflict_is_where_clients_look)
{
	struct problem *p = problem_text(a, PROBLEM_CONFLICT, "taken");

	p->data = problem_data(a, p);
	cr_expect_str_eq(data_of(p), "{\"message\":\"taken\",\"request\":{"
	    "\"datastore_conflict\":{\"message\":\"taken\"},"
	    "\"message\":\"taken\"}}");

	p = problem_text(a, PROBLEM_CONFLICT, "taken");
	p->field = "id";
	p->data = json_own(a, json_object_new_object());
	json_put_string(p->data, "cause", "x");
	p->data = problem_data(a, p);
	cr_expect_str_eq(data_of(p), "{\"cause\":\"x\",\"id\":{"
	    "\"datastore_conflict\":{\"message\":\"taken\"},"
	    "\"message\":\"taken\"}}");

	p = problem_text(a, PROBLEM_PRECONDITION, "changed");
	p->data = problem_data(a, p);
	cr_expect_str_eq(data_of(p), "{\"message\":\"changed\"}");
}
