/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "courier/wire.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/json.h"
#include "base/secret.h"

static struct arena *a;

static void
setup(void)
{
	cr_assert(secret_init());
	a = arena_new(4096);
}

static void
teardown(void)
{
	arena_free(&a);
}

TestSuite(wire, .init = setup, .fini = teardown);

static struct json_object *
json(const char *text)
{
	const char *error = "";
	struct json_object *tree = json_parse(a, text, strlen(text), &error);

	cr_assert_not_null(tree, "%s: %s", text, error);
	return tree;
}

/* ---- messages ---- */

static struct bookkeeper_request
request(enum bookkeeper_message message, const char *document)
{
	return (struct bookkeeper_request){
		.message = message,
		.delivery_id = "D",
		.account_id = "A",
		.bookkeeper = { .id = "B", .type = "http", .vendor_id = "V" },
		.document = document == NULL ? NULL : json(document),
		.amount = 12500000,
		.transaction_id = "T",
		.transaction_db = "202611",
		.sent = 63890000000,
		.due = 63900000000,
	};
}

#define INVOICE "{\"activation_charges\":[{\"category\":\"d\",\"item\":\"x\"," \
	"\"rate\":3.5}],\"items\":[{\"category\":\"d\",\"item\":\"x\"," \
	"\"name\":\"X\",\"quantity\":4,\"billable\":5,\"rate\":2.50," \
	"\"minimum\":5,\"discounts\":{\"single\":{\"rate\":1}," \
	"\"cumulative\":{\"rate\":0.5,\"quantity\":2}}}," \
	"{\"category\":\"d\",\"item\":\"y\",\"billable\":0,\"rate\":1}]}"

#define HEAD "\"Account-ID\":\"A\","
#define TAIL "\"Bookkeeper-ID\":\"B\",\"Bookkeeper-Type\":\"http\","

Test(wire, the_form_of_2015)
{
	struct bookkeeper_request r = request(BOOKKEEPER_SAYS_UPDATE,
	    "{\"invoice\":" INVOICE ",\"audit\":{},\"earlier_terms\":["
	    "{\"activation_charge\":4,\"exceptions\":[\"z\"]},{}]}");

	cr_expect_str_eq(wire_body(a, BOOKKEEPER_2015, &r),
	    "{\"account_id\":\"A\",\"items\":{\"d\":{\"x\":{"
	    "\"activation_charge\":4,\"category\":\"d\","
	    "\"cumulative_discount\":2,\"cumulative_discount_rate\":0.5,"
	    "\"exceptions\":[\"z\"],\"item\":\"x\",\"minimum\":5,\"name\":\"X\","
	    "\"quantity\":5,\"rate\":2.50,\"single_discount\":true,"
	    "\"single_discount_rate\":1},\"y\":{\"activation_charge\":0,"
	    "\"category\":\"d\",\"cumulative_discount\":0,"
	    "\"cumulative_discount_rate\":0,\"exceptions\":[],\"item\":\"y\","
	    "\"minimum\":0,\"quantity\":0,\"rate\":1,"
	    "\"single_discount\":false,\"single_discount_rate\":0}}},"
	    "\"sync_id\":\"D\"}");
}

Test(wire, messages)
{
	static const struct {
		enum bookkeeper_message message;
		const char *document, *body;
	} rows[] = {
		{ BOOKKEEPER_SAYS_UPDATE,
		  "{\"invoice\":{\"items\":[]},\"audit\":{\"x\":1},"
		  "\"earlier_terms\":[]}",
		  "{" HEAD "\"Audit-Log\":{\"audit\":{\"x\":1}}," TAIL
		  "\"Event-Category\":\"bookkeepers\","
		  "\"Event-Name\":\"update.request\","
		  "\"Invoice\":{\"items\":[]},\"Msg-ID\":\"D\","
		  "\"Vendor-ID\":\"V\"}" },
		{ BOOKKEEPER_SAYS_STANDING, "[{\"item\":\"x\"}]",
		  "{" HEAD TAIL "\"Estimated-Withdrawal\":12.5,"
		  "\"Event-Category\":\"bookkeepers\","
		  "\"Event-Name\":\"standing.request\","
		  "\"Items\":[{\"item\":\"x\"}],\"Msg-ID\":\"D\","
		  "\"Vendor-ID\":\"V\"}" },
		{ BOOKKEEPER_SAYS_SALE, NULL,
		  "{" HEAD "\"Amount\":12.5," TAIL
		  "\"Event-Category\":\"bookkeepers\","
		  "\"Event-Name\":\"sale.request\",\"Msg-ID\":\"D\","
		  "\"Transaction-DB\":\"202611\",\"Transaction-ID\":\"T\","
		  "\"Vendor-ID\":\"V\"}" },
		{ BOOKKEEPER_SAYS_REFUND, NULL,
		  "{" HEAD "\"Amount\":12.5," TAIL
		  "\"Event-Category\":\"bookkeepers\","
		  "\"Event-Name\":\"refund.request\",\"Msg-ID\":\"D\","
		  "\"Transaction-DB\":\"202611\",\"Transaction-ID\":\"T\","
		  "\"Vendor-ID\":\"V\"}" },
		{ BOOKKEEPER_SAYS_COLLECT, NULL,
		  "{" HEAD TAIL "\"Due-Timestamp\":63900000000,"
		  "\"Event-Category\":\"bookkeepers\","
		  "\"Event-Name\":\"collect_recurring.request\","
		  "\"Msg-ID\":\"D\",\"Vendor-ID\":\"V\"}" },
		{ BOOKKEEPER_SAYS_REMIND, "[{\"item\":\"x\"}]",
		  "{" HEAD TAIL "\"Due-Date\":63900000000,"
		  "\"Event-Category\":\"notification\","
		  "\"Event-Name\":\"bill_reminder\","
		  "\"Items\":[{\"item\":\"x\"}],\"Msg-ID\":\"D\","
		  "\"Timestamp\":63890000000,\"Vendor-ID\":\"V\"}" },
	};
	struct bookkeeper_request r;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		r = request(rows[i].message, rows[i].document);
		cr_expect_str_eq(wire_body(a, BOOKKEEPER_UPDATE, &r),
		    rows[i].body);
	}
}

/* Calculated by openssl dgst -sha256 -hmac secret. */
Test(wire, signature)
{
	cr_expect_str_eq(wire_signature(a, "secret", 1700000000, "{}"),
	    "t=1700000000,v1="
	    "b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163");
}

static bool
has(const char *const *headers, const char *header)
{
	for (; *headers != NULL; headers++)
		if (strcmp(*headers, header) == 0)
			return true;
	return false;
}

Test(wire, headers)
{
	struct bookkeeper_request r = request(BOOKKEEPER_SAYS_UPDATE, NULL);
	struct bookkeeper_document d = { .form = BOOKKEEPER_2015,
		.secret = "secret", .authorization = "Basic x" };
	const char *const *headers = wire_headers(a, &d, &r, "{}",
	    1700000000);

	cr_expect(has(headers, "Content-Type: application/json"));
	cr_expect(has(headers, "Reeve-Delivery-ID: D"));
	cr_expect(has(headers, "X-Sync-ID: D"));
	cr_expect(has(headers, "X-Account-ID: A"));
	cr_expect(has(headers, "Authorization: Basic x"));
	cr_expect(has(headers, arena_printf(a, "Reeve-Signature: %s",
	    wire_signature(a, "secret", 1700000000, "{}"))));
	d = (struct bookkeeper_document){ .form = BOOKKEEPER_UPDATE };
	headers = wire_headers(a, &d, &r, "{}", 1700000000);
	cr_expect(has(headers, "Reeve-Delivery-ID: D"));
	cr_expect_not(has(headers, "X-Sync-ID: D"));
	cr_expect_null(headers[3], "nothing that was not given");
}

/* ---- answers ---- */

Test(wire, verdicts)
{
	static const struct {
		enum bookkeeper_form form;
		enum bookkeeper_message message;
		enum http_post_end end;
		int status;
		const char *body;
		enum bookkeeper_verdict verdict;
		const char *reason;
	} rows[] = {
#define OK HTTP_POST_ANSWERED
		{ BOOKKEEPER_UPDATE, BOOKKEEPER_SAYS_UPDATE, OK, 200, "",
		  BOOKKEEPER_DONE, NULL },
		{ BOOKKEEPER_UPDATE, BOOKKEEPER_SAYS_UPDATE, OK, 200, "well",
		  BOOKKEEPER_DONE, NULL },
		{ BOOKKEEPER_UPDATE, BOOKKEEPER_SAYS_UPDATE, OK, 200,
		  "{\"Status\":\"success\",\"Reason\":\"r\"}",
		  BOOKKEEPER_DONE, "r" },
		{ BOOKKEEPER_UPDATE, BOOKKEEPER_SAYS_UPDATE, OK, 200,
		  "{\"status\":\"error\",\"reason\":\"card\"}",
		  BOOKKEEPER_DECLINED, "card" },
		{ BOOKKEEPER_UPDATE, BOOKKEEPER_SAYS_UPDATE, OK, 200,
		  "{\"status\":\"fatal\"}", BOOKKEEPER_DECLINED, "fatal" },
		{ BOOKKEEPER_2015, BOOKKEEPER_SAYS_UPDATE, OK, 200,
		  "{\"status\":\"error\"}", BOOKKEEPER_DONE, NULL },
		{ BOOKKEEPER_2015, BOOKKEEPER_SAYS_UPDATE, OK, 402, "x",
		  BOOKKEEPER_DELINQUENT, "delinquent" },
		{ BOOKKEEPER_UPDATE, BOOKKEEPER_SAYS_SALE, OK, 402,
		  "{\"reason\":\"r\"}", BOOKKEEPER_DELINQUENT, "delinquent" },
		{ BOOKKEEPER_UPDATE, BOOKKEEPER_SAYS_SALE, OK, 200, "",
		  BOOKKEEPER_AGAIN, "no_status" },
		{ BOOKKEEPER_UPDATE, BOOKKEEPER_SAYS_SALE, OK, 200,
		  "{\"Status\":\"success\"}", BOOKKEEPER_DONE, NULL },
		{ BOOKKEEPER_UPDATE, BOOKKEEPER_SAYS_SALE, OK, 200,
		  "{\"Status\":\"Success\"}", BOOKKEEPER_DONE, NULL },
		{ BOOKKEEPER_UPDATE, BOOKKEEPER_SAYS_SALE, OK, 200,
		  "{\"Status\":\"ERROR\"}", BOOKKEEPER_DECLINED, "ERROR" },
		{ BOOKKEEPER_UPDATE, BOOKKEEPER_SAYS_REFUND, OK, 200,
		  "{\"Status\":\"pending\"}", BOOKKEEPER_AGAIN, "pending" },
		{ BOOKKEEPER_UPDATE, BOOKKEEPER_SAYS_STANDING, OK, 200,
		  "{\"Status\":\"good_standing\"}", BOOKKEEPER_DONE, NULL },
		{ BOOKKEEPER_UPDATE, BOOKKEEPER_SAYS_STANDING, OK, 200,
		  "{\"Status\":\"success\"}", BOOKKEEPER_DECLINED,
		  "success" },
		{ BOOKKEEPER_UPDATE, BOOKKEEPER_SAYS_UPDATE, OK, 201, "",
		  BOOKKEEPER_AGAIN, "http_201" },
		{ BOOKKEEPER_UPDATE, BOOKKEEPER_SAYS_UPDATE, OK, 302, "",
		  BOOKKEEPER_AGAIN, "http_302" },
		{ BOOKKEEPER_UPDATE, BOOKKEEPER_SAYS_UPDATE, OK, 500,
		  "{\"reason\":\"r\"}", BOOKKEEPER_AGAIN, "http_500" },
		{ BOOKKEEPER_UPDATE, BOOKKEEPER_SAYS_UPDATE, HTTP_POST_TIMEOUT,
		  0, "", BOOKKEEPER_AGAIN, "timeout" },
		{ BOOKKEEPER_UPDATE, BOOKKEEPER_SAYS_UPDATE, HTTP_POST_TIMEOUT,
		  200, "{}", BOOKKEEPER_AGAIN, "timeout" },
		{ BOOKKEEPER_UPDATE, BOOKKEEPER_SAYS_UPDATE, HTTP_POST_FAILED,
		  0, "", BOOKKEEPER_AGAIN, "connection" },
		{ BOOKKEEPER_UPDATE, BOOKKEEPER_SAYS_UPDATE,
		  HTTP_POST_UNREACHED, 0, "", BOOKKEEPER_AGAIN, "connection" },
		{ BOOKKEEPER_UPDATE, BOOKKEEPER_SAYS_UPDATE, HTTP_POST_REFUSED,
		  0, "", BOOKKEEPER_AGAIN, "refused" },
		{ BOOKKEEPER_UPDATE, BOOKKEEPER_SAYS_UPDATE, HTTP_POST_STOPPED,
		  0, "", BOOKKEEPER_BROKEN_OFF, "stopped" },
#undef OK
	};
	struct bookkeeper_answer answer;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		struct http_answer http = { .end = rows[i].end,
			.status = rows[i].status, .body = rows[i].body,
			.length = strlen(rows[i].body), .why = "why" };

		wire_judge(a, rows[i].form, rows[i].message, &http,
		    &answer);
		cr_expect_eq(answer.verdict, rows[i].verdict, "row %zu", i);
		cr_expect_eq(answer.reason == NULL, rows[i].reason == NULL,
		    "row %zu", i);
		if (rows[i].reason != NULL && answer.reason != NULL)
			cr_expect_str_eq(answer.reason, rows[i].reason,
			    "row %zu", i);
	}
}

Test(wire, the_reason_is_truncated)
{
	struct http_answer http = { .end = HTTP_POST_ANSWERED, .status = 200 };
	struct bookkeeper_answer answer;
	struct buffer body;
	int i;

	buffer_init(&body, a, 0);
	buffer_puts(&body, "{\"reason\":\"");
	for (i = 0; i < 200; i++)
		buffer_puts(&body, "\xc3\xa4");
	buffer_puts(&body, "\"}");
	http.body = body.text;
	http.length = body.length;
	wire_judge(a, BOOKKEEPER_UPDATE, BOOKKEEPER_SAYS_UPDATE, &http,
	    &answer);
	cr_expect_eq(strlen(answer.reason), 254, "whole characters");
}
