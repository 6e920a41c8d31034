/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/ids.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"

#define HEX31 "0123456789abcdef0123456789abcde"
#define TAIL57 "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01_.-"

_Static_assert(sizeof(TAIL57) == 57 + 1, "the longest tail");

static int
compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

Test(ids, new_ids_are_valid_and_differ)
{
	static char ids[10000][ID_SIZE];
	size_t i;

	for (i = 0; i < NELEM(ids); i++) {
		id_new(ids[i]);
		cr_assert(id_valid(ids[i]), "%s", ids[i]);
	}
	qsort(ids, NELEM(ids), sizeof(ids[0]), compare);
	for (i = 1; i < NELEM(ids); i++)
		cr_assert_str_neq(ids[i - 1], ids[i]);
}

Test(ids, new_ids_use_every_digit_everywhere)
{
	bool seen[ID_LENGTH][256] = { { false } };
	char id[ID_SIZE];
	size_t i, place;
	const char *c;

	for (i = 0; i < 2000; i++) {
		id_new(id);
		for (place = 0; place < ID_LENGTH; place++)
			seen[place][(unsigned char)id[place]] = true;
	}
	for (place = 0; place < ID_LENGTH; place++)
		for (c = "0123456789abcdef"; *c != '\0'; c++)
			cr_expect(seen[place][(unsigned char)*c],
			    "no '%c' at %zu", *c, place);
}

Test(ids, an_id_in_a_month_begins_with_it)
{
	static const struct {
		int64_t seconds;
		const char *prefix;
	} rows[] = {
		{ INT64_C(63721540230), "201904-" },
		{ 0, "000001-" },
		{ -1, "000001-" },
		{ INT64_MAX, "999912-" },
	};
	char id[MONTH_ID_SIZE];
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		id_new_in_month(rows[i].seconds, id);
		cr_expect_eq(strncmp(id, rows[i].prefix, 7), 0, "%s", id);
		cr_expect(id_valid(id + 7), "%s", id);
		cr_expect(id_month_valid(id), "%s", id);
	}
}

Test(ids, valid_means_32_lower_case_hex_digits)
{
	static const struct {
		const char *id;
		bool valid;
	} rows[] = {
		{ HEX31 "f", true },
		{ "00000000000000000000000000000000", true },
		{ "", false },
		{ HEX31, false },
		{ HEX31 "ff", false },
		{ HEX31 "F", false },
		{ HEX31 "g", false },
		{ HEX31 " ", false },
		{ HEX31 "\n", false },
		{ HEX31 "\xc3", false },
		{ "-" HEX31, false },
		{ "g" HEX31, false },
		{ "201904-" HEX31 "f", false },
	};
	size_t i;

	for (i = 0; i < NELEM(rows); i++)
		cr_expect_eq(id_valid(rows[i].id), rows[i].valid, "\"%s\"",
		    rows[i].id);
}

Test(ids, month_ids)
{
	static const struct {
		const char *id;
		bool valid;
	} rows[] = {
		{ "201904-" HEX31 "f", true },
		{ "2019-" HEX31 "f", true },
		{ "201904-a", true },
		{ "2019--", true },
		{ "201904-..", true },
		{ "201904-" TAIL57, true },
		{ "2019-" TAIL57, true },
		{ "", false },
		{ "-", false },
		{ "201904", false },
		{ "201904-", false },
		{ "2019-", false },
		{ "201904-" TAIL57 "x", false },
		{ "2019-" TAIL57 "x", false },
		{ "20190-a", false },
		{ "201-a", false },
		{ "2019040-a", false },
		{ "a01904-a", false },
		{ "201904_a", false },
		{ "201904-a/b", false },
		{ "201904-a b", false },
		{ "201904-%41", false },
		{ "201904-a\n", false },
		{ "201904-\xc3\xa9", false },
		{ "201904-'", false },
	};
	size_t i;

	for (i = 0; i < NELEM(rows); i++)
		cr_expect_eq(id_month_valid(rows[i].id), rows[i].valid,
		    "\"%s\"", rows[i].id);
}
