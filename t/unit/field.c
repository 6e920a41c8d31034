/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "store/field.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/json.h"

enum colour { RED, GREEN };

static const char *const colours[] = { [RED] = "red", [GREEN] = "green" };
static const char *const sides[] = { "credit", "debit" };

struct record {
	const char *text;
	struct bytes bytes;
	unsigned char digest[DIGEST_BYTES];
	int64_t integer;
	bool flag;
	int64_t moment;
	money_t money;
	struct json_object *json;
	enum colour colour;
	bool debit;
	int64_t limit;
	bool has_limit;
};

enum { TEXT, BYTES, DIGEST, INTEGER, FLAG, MOMENT, MONEY, JSON, COLOUR, SIDE,
	LIMIT };

static const struct field fields[] = {
	[TEXT] = FIELD(TEXT, struct record, text),
	[BYTES] = FIELD(BYTES, struct record, bytes),
	[DIGEST] = FIELD(DIGEST, struct record, digest),
	[INTEGER] = FIELD(INTEGER, struct record, integer),
	[FLAG] = FIELD(BOOL, struct record, flag),
	[MOMENT] = FIELD(NONZERO, struct record, moment),
	[MONEY] = FIELD(MONEY, struct record, money),
	[JSON] = FIELD(JSON, struct record, json),
	[COLOUR] = FIELD_WORD("colour", struct record, colour, colours),
	[SIDE] = FIELD_EITHER("type", struct record, debit, sides),
	[LIMIT] = FIELD_MAYBE("limit", INTEGER, struct record, limit, has_limit),
};

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

TestSuite(field, .init = setup, .fini = teardown);

Test(field, a_name_is_the_members_or_its_own)
{
	const struct field other = FIELD_AS("hue", TEXT, struct record, text);

	cr_assert_str_eq(fields[MOMENT].name, "moment");
	cr_assert_str_eq(other.name, "hue");
}

Test(field, values_survive_a_round_trip)
{
	struct record from = {
		.text = "blue \xc3\xa4",
		.bytes = { "\0\xff", 2 },
		.digest = { 1, 2, 3 },
		.integer = INT64_MIN,
		.flag = true,
		.moment = 63962000000,
		.money = -2600000,
		.colour = GREEN,
		.debit = true,
		.has_limit = true,
	}, to = { 0 };
	const char *error = NULL;
	size_t i;

	from.json = json_parse(a, "{\"b\":1.50,\"a\":[]}", 17, &error);
	cr_assert_null(error);
	for (i = 0; i < NELEM(fields); i++) {
		struct field_value value = field_get(a, &fields[i], &from);

		cr_assert_not(value.is_null, "%s", fields[i].name);
		cr_assert_null(field_set(a, &fields[i], &to, &value), "%s",
		    fields[i].name);
	}
	cr_assert_str_eq(to.text, from.text);
	cr_assert_eq(to.bytes.length, 2);
	cr_assert_eq(memcmp(to.bytes.at, "\0\xff", 2), 0);
	cr_assert_eq(memcmp(to.digest, from.digest, DIGEST_BYTES), 0);
	cr_assert_eq(to.integer, from.integer);
	cr_assert(to.flag);
	cr_assert_eq(to.moment, from.moment);
	cr_assert_eq(to.money, from.money);
	cr_assert_str_eq(json_canonical_text(a, to.json),
	    "{\"a\":[],\"b\":1.50}");
	cr_assert_eq(to.colour, GREEN);
	cr_assert(to.debit);
	cr_assert(to.has_limit);
	cr_assert_eq(to.limit, 0);
}

Test(field, missing_members_are_null)
{
	static const bool is_null[] = { [TEXT] = true, [BYTES] = true,
		[MOMENT] = true, [JSON] = true, [LIMIT] = true,
		[COLOUR] = false };
	const struct record none = { .limit = 7 };
	struct record read = { 0 };
	struct field_value value;
	size_t i;

	for (i = 0; i < NELEM(fields); i++) {
		value = field_get(a, &fields[i], &none);
		cr_assert_eq(value.is_null, is_null[i], "%s", fields[i].name);
		value.is_null = true;
		cr_assert_eq(field_set(a, &fields[i], &read, &value) == NULL,
		    i != DIGEST, "%s", fields[i].name);
	}
	cr_assert_null(read.text);
	cr_assert_null(read.json);
	cr_assert_not(read.has_limit);
	cr_assert_eq(read.moment, 0);
}

Test(field, amounts_are_decimals_and_trees_canonical)
{
	struct record record = { .money = 12340000 };
	const char *error;

	record.json = json_parse(a, "{\"b\": 1, \"a\": 2}", 16, &error);
	cr_assert_str_eq(field_get(a, &fields[MONEY], &record).bytes, "12.34");
	cr_assert_str_eq(field_get(a, &fields[JSON], &record).bytes,
	    "{\"a\":2,\"b\":1}");
}

Test(field, unreadable_values_have_a_reason)
{
	static const struct {
		int field;
		const char *text;
		bool good;
	} cases[] = {
		{ MONEY, "12.340000", true },
		{ MONEY, "12,34", false },
		{ JSON, "{}", true },
		{ JSON, "{", false },
		{ JSON, "null", false },
		{ COLOUR, "red", true },
		{ COLOUR, "Red", false },
		{ COLOUR, "", false },
		{ SIDE, "credit", true },
		{ SIDE, "1", false },
		{ DIGEST, "0123456789abcdef0123456789abcdef", true },
		{ DIGEST, "0123456789abcdef", false },
	};
	struct record record = { 0 };
	size_t i;

	for (i = 0; i < NELEM(cases); i++) {
		const struct field_value value = { .bytes = cases[i].text,
			.length = strlen(cases[i].text) };

		cr_assert_eq(field_set(a, &fields[cases[i].field], &record,
		    &value) == NULL, cases[i].good, "%s", cases[i].text);
	}
}
