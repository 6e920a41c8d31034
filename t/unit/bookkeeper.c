/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "billing/bookkeeper.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/json.h"

static struct arena *a;

static void
setup(void)
{
	a = arena_new(4096);
}

static void
teardown(void)
{
	arena_free(&a);
}

TestSuite(bookkeeper, .init = setup, .fini = teardown);

static struct json_object *
json(const char *text)
{
	const char *error = "";
	struct json_object *tree = json_parse(a, text, strlen(text), &error);

	cr_assert_not_null(tree, "%s: %s", text, error);
	return tree;
}

Test(bookkeeper, document)
{
	struct bookkeeper_document d;
	const char *why = NULL;

	cr_assert(bookkeeper_read(json("{\"bookkeeper\":{\"type\":\"http\"},"
	    "\"url\":\"https://b/\",\"form\":\"2015\",\"secret\":\"s\","
	    "\"authorization\":\"Basic x\",\"timeout_ms\":1500}"), &d, &why));
	cr_expect_not(d.moves_nothing);
	cr_expect_eq(d.form, BOOKKEEPER_2015);
	cr_expect_str_eq(d.url, "https://b/");
	cr_expect_str_eq(d.secret, "s");
	cr_expect_str_eq(d.authorization, "Basic x");
	cr_expect_eq(d.timeout_ms, 1500);
	cr_assert(bookkeeper_read(json("{\"bookkeeper\":{\"type\":\"default\"}}"),
	    &d, &why));
	cr_expect(d.moves_nothing);
	cr_expect_eq(d.form, BOOKKEEPER_UPDATE);
	cr_expect_null(d.secret);
}

Test(bookkeeper, documents_without_a_bookkeeper)
{
	static const char *const rows[] = {
		"{}", "{\"bookkeeper\":{\"type\":\"gold\"},\"url\":\"http://b/\"}",
		"{\"bookkeeper\":{\"type\":\"http\"}}",
		("{\"bookkeeper\":{\"type\":\"http\"},\"url\":\"http://b/\","
		"\"enabled\":false}"),
	};
	struct bookkeeper_document d;
	const char *why;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		why = NULL;
		cr_expect_not(bookkeeper_read(json(rows[i]), &d, &why), "%s",
		    rows[i]);
		cr_expect_not_null(why, "%s", rows[i]);
	}
}

Test(bookkeeper, messages_and_their_names)
{
	enum bookkeeper_message message, found;

	for (message = BOOKKEEPER_SAYS_UPDATE;
	    message <= BOOKKEEPER_SAYS_REMIND; message++) {
		cr_assert(bookkeeper_message_named(
		    bookkeeper_message_name(message), &found));
		cr_expect_eq(found, message);
		cr_expect(bookkeeper_form_has(BOOKKEEPER_UPDATE, message));
		cr_expect_eq(bookkeeper_form_has(BOOKKEEPER_2015, message),
		    message == BOOKKEEPER_SAYS_UPDATE);
	}
	cr_expect_not(bookkeeper_message_named("webhook", &found));
}

Test(bookkeeper, results)
{
	struct bookkeeper_answer answer = { .verdict = BOOKKEEPER_DONE,
		.status = 200, .message = "m",
		.details = json("{\"id\":1}") };

	cr_expect_str_eq(bookkeeper_results(a, &answer),
	    "[{\"details\":{\"id\":1},\"http_status\":200,\"message\":\"m\","
	    "\"status\":\"success\"}]");
	answer = (struct bookkeeper_answer){ .verdict = BOOKKEEPER_AGAIN,
		.reason = "timeout" };
	cr_expect_str_eq(bookkeeper_results(a, &answer),
	    "[{\"reason\":\"timeout\",\"status\":\"error\"}]");
}
