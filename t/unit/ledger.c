/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "billing/ledger.h"

#include <criterion/criterion.h>

#include "base/json.h"
#include "base/secret.h"

#define NOW INT64_C(63962000000)
#define ACCOUNT "0123456789abcdef0123456789abcdef"

static struct arena *a;

static void
setup(void)
{
	a = arena_new(1024);
	cr_assert(secret_init());
}

static void
teardown(void)
{
	arena_free(&a);
}

TestSuite(ledger, .init = setup, .fini = teardown);

static struct json_object *
parse(const char *text)
{
	const char *error = "";
	struct json_object *json = json_parse(a, text, strlen(text), &error);

	cr_assert_not_null(json, "%s", error);
	return json;
}

static const struct ledger call = {
	.account_id = ACCOUNT, .service = "calls", .source_id = "c1",
	.period_start = 1, .period_end = 2,
};

/* ---- the identity of entries ---- */

Test(ledger, the_digest_is_that_of_the_schema)
{
	char dedupe[LEDGER_DEDUPE_SIZE];
	unsigned char digest[DIGEST_BYTES];
	const char *text = "calls\nc1\n" ACCOUNT "\n1\n2";
	char expected[LEDGER_DEDUPE_SIZE];

	ledger_dedupe(&call, dedupe);
	secret_digest(text, strlen(text), digest);
	secret_hex(digest, 16, expected);
	cr_expect_str_eq(dedupe, expected);
}

Test(ledger, source_account_and_period_identify_an_entry)
{
	struct ledger others[] = { call, call, call, call, call, call };
	char first[LEDGER_DEDUPE_SIZE], other[LEDGER_DEDUPE_SIZE];
	struct ledger same = call;

	same.amount = 5;
	same.debit = true;
	same.has_usage = true;
	same.for_id = ACCOUNT;
	ledger_dedupe(&call, first);
	ledger_dedupe(&same, other);
	cr_expect_str_eq(first, other);
	others[0].service = "call";
	others[1].source_id = "c2";
	others[2].for_id = "another";
	others[3].period_start = 3;
	others[4].period_end = 0;
	others[5].account_id = "another";
	for (size_t i = 0; i < NELEM(others); i++) {
		ledger_dedupe(&others[i], other);
		cr_expect_str_neq(first, other, "row %zu", i);
	}
}

/* ---- bodies ---- */

static struct problem *
read_usage(const char *text, struct ledger *out)
{
	struct ledger_note note = { 0 };

	*out = (struct ledger){ .account_id = ACCOUNT, .created = NOW };
	return ledger_read_usage(a, parse(text), "7", out, &note);
}

Test(ledger, usage_counts_on_the_day_it_began)
{
	struct ledger l;

	cr_assert_null(read_usage("{\"source\":{\"service\":\"s\",\"id\":\"i\"},"
	    "\"usage\":{\"quantity\":60.0,\"unit\":\"\"},\"amount\":0.1,"
	    "\"period\":{\"start\":63900000000}}", &l));
	cr_expect_eq(l.created, INT64_C(63900000000));
	cr_expect_eq(l.amount, 100000);
	cr_expect(l.debit);
	cr_expect_eq(l.usage_quantity, 60);
	cr_expect_null(l.usage_unit);
}

Test(ledger, usage_without_a_period_is_now_and_one)
{
	struct ledger l;

	cr_assert_null(read_usage("{\"source\":{\"service\":\"s\",\"id\":\"i\"},"
	    "\"usage\":{\"quantity\":1},\"amount\":0}", &l));
	cr_expect_eq(l.created, NOW);
	cr_expect_eq(l.period_start, 0);
	cr_expect_eq(l.amount, 0);
	cr_expect_not(l.rounded);
}

Test(ledger, amounts_of_usage_are_rounded_half_to_even)
{
	static const struct {
		const char *text;
		money_t amount;
		bool rounded;
	} rows[] = {
		{ "0.30000000000000004", 300000, true },
		{ "0.0000833", 83, true },
		{ "0.0000025", 2, true },
		{ "0.0000001", 0, true },
		{ "0.3000000", 300000, false },
		{ "83e-6", 83, false },
	};
	struct ledger l;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		cr_assert_null(read_usage(arena_printf(a,
		    "{\"source\":{\"service\":\"s\",\"id\":\"i\"},"
		    "\"usage\":{\"quantity\":1},\"amount\":%s}",
		    rows[i].text), &l), "%s", rows[i].text);
		cr_expect_eq(l.amount, rows[i].amount, "%s", rows[i].text);
		cr_expect_eq(l.rounded, rows[i].rounded, "%s", rows[i].text);
	}
}

static const struct {
	const char *body, *field;
} refused[] = {
	{ "{}", "7.source" },
	{ "{\"source\":{\"service\":\"s\",\"id\":\"i\"},\"usage\":{}}",
	    "7.usage.quantity" },
	{ "{\"source\":{\"service\":\"s\",\"id\":\"i\"},"
	    "\"usage\":{\"quantity\":1},\"amount\":0,"
	    "\"period\":{\"start\":63962086401}}",
	    "7.period.start" },
	{ "{\"source\":{\"service\":\"s\",\"id\":\"i\"},"
	    "\"usage\":{\"quantity\":1},\"account\":{\"id\":\"x\"}}",
	    "7.account.id" },
	{ "{\"source\":{\"service\":\"s\",\"id\":\"i\"},"
	    "\"usage\":{\"quantity\":1}}", "7.amount" },
	{ "{\"source\":{\"service\":\"s\",\"id\":\"i\"},"
	    "\"usage\":{\"quantity\":1},\"amount\":-0.0000001}", "7.amount" },
	{ "{\"source\":{\"service\":\"s\",\"id\":\"i\"},"
	    "\"usage\":{\"quantity\":-1},\"amount\":0}", "7.usage.quantity" },
};

Test(ledger, errors_are_named_by_path)
{
	struct problem *p;
	struct ledger l;

	for (size_t i = 0; i < NELEM(refused); i++) {
		p = read_usage(refused[i].body, &l);
		cr_assert_not_null(p, "row %zu", i);
		cr_expect(json_object_object_get_ex(p->data, refused[i].field,
		    NULL), "row %zu: %s", i,
		    json_object_to_json_string(p->data));
	}
}

/* ---- output ---- */

Test(ledger, a_debit_is_shown_negative_and_with_a_period)
{
	const struct ledger_entry entry = {
		.id = "202611-1", .debit = true, .amount = 2600000,
		.has_available = true, .available = -10, .created = NOW,
		.document = parse("{\"amount\":26000,\"audit\":{\"x\":1}}"),
	};
	struct json_object *json = ledger_entry_json(a, &entry);

	cr_expect_str_eq(json_canonical_text(a, json),
	    "{\"amount\":-2.6,\"audit\":{\"available_units\":-0.1,\"x\":1},"
	    "\"id\":\"202611-1\",\"period\":{\"start\":63962000000}}");
	cr_expect_null(json_at(ledger_entry_document(a, &entry), "period"));
}

static const struct {
	const char *label, *document;
	bool has_available;
} stored[] = {
	{ "usage", "{\"account\":{\"id\":\"a\"},\"amount\":1,\"id\":\"old\","
	    "\"metadata\":{\"_x\":1.50},\"period\":{\"end\":2,\"start\":1}}",
	    false },
	{ "no period", "{\"usage\":{\"quantity\":60}}", true },
	{ "a period without a start", "{\"period\":{\"end\":2},\"z\":1}", false },
	{ "a start that is null", "{\"period\":{\"start\":null},\"z\":1}", false },
	{ "a period that is not an object", "{\"period\":5,\"z\":1}", false },
	{ "a balance before", "{\"audit\":{\"available_units\":3,\"x\":1}}",
	    true },
	{ "none known", "{\"audit\":{\"x\":1}}", false },
	{ "audit is not an object", "{\"audit\":[1]}", true },
	{ "private members", "{\"_id\":1,\"audit\":{\"pvt_x\":1,\"y\":2},"
	    "\"period\":{\"_z\":1},\"pvt_amount\":4}", true },
};

Test(ledger, a_list_shows_what_the_entry_shows)
{
	struct ledger_entry entry = {
		.id = "202611-\"", .amount = 2600000, .available = 12345,
		.created = NOW,
	};
	struct json_writer w;
	struct buffer shown;

	for (size_t i = 0; i < NELEM(stored); i++) {
		entry.text = stored[i].document;
		entry.document = parse(stored[i].document);
		entry.has_available = stored[i].has_available;
		entry.debit = !entry.debit;
		buffer_init(&shown, a, 0);
		json_writer_init(&w, &shown);
		json_tree(&w, ledger_entry_json(a, &entry));
		cr_expect_str_eq(ledger_entry_text(a, &entry), shown.text,
		    "%s: %s", stored[i].label, shown.text);
	}
}
