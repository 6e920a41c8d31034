/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/money.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *text;
	money_t amount;
} good[] = {
	{ "0", 0 },
	{ "-0", 0 },
	{ "-0.0000001", 0 },
	{ "0.0", 0 },
	{ "0e999999999999999999999", 0 },
	{ "1", 1000000 },
	{ "-1", -1000000 },
	{ "2.6", 2600000 },
	{ "-54.7404", -54740400 },
	{ "0.000001", 1 },
	{ "-0.000001", -1 },
	{ "1e3", 1000000000 },
	{ "1E3", 1000000000 },
	{ "1e+3", 1000000000 },
	{ "1e-6", 1 },
	{ "25e-1", 2500000 },
	{ "0.25e1", 2500000 },
	{ "0.00025e4", 2500000 },
	{ "1200000e-6", 1200000 },
	/* rounded half away from zero at the sixth decimal */
	{ "1e-7", 0 },
	{ "4e-7", 0 },
	{ "5e-7", 1 },
	{ "-5e-7", -1 },
	{ "9e-8", 0 },
	{ "0.0000005", 1 },
	{ "0.00000049999999999999999999999999", 0 },
	{ "1.0000005", 1000001 },
	{ "-1.0000005", -1000001 },
	{ "1.0000004999", 1000000 },
	{ "0.9999995", 1000000 },
	{ "99.9999999", 100000000 },
	{ "1e-999999999999999999999", 0 },
	/* beyond the precision of a double */
	{ "0.1", 100000 },
	{ "8999999999999.999999", INT64_C(8999999999999999999) },
	{ "123456789012.345678", INT64_C(123456789012345678) },
	/* the bounds */
	{ "9000000000000", MONEY_MAX },
	{ "-9000000000000", -MONEY_MAX },
	{ "9e12", MONEY_MAX },
	{ "9000000000000.0000004", MONEY_MAX },
	{ "8999999999999.9999995", MONEY_MAX },
	{ "0.0000000000009e25", MONEY_MAX },
};

static const char *const bad[] = {
	"", "-", "+", "+1", " 1", "1 ", "--1", ".5", "-.5", "5.", "1.e3",
	"01", "-01", "00", "0x10", "1e", "1e+", "1e-", "e1", "1e1.5", "1,5",
	"1.2.3", "1_000", "NaN", "Infinity", "-Infinity", "null", "1\n",
	"\xc2\xa0", "\xd9\xa1",
	/* beyond the bounds */
	"9000000000000.0000005", "-9000000000000.0000005",
	"9000000000000.000001", "-9000000000000.000001", "9000000000001",
	"1e13", "1e400", "-1e400",
	"1e999999999999999999999", "9223372036854775807",
	"9223372036854.775807", "18446744073709551616", "18446744073709.551616",
	"99999999999999999999999999999999999999999999", "1e19", "1e12000000",
};

Test(money, parse_reads_decimals_exactly)
{
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		money_t amount = -77;

		cr_expect(money_parse(good[i].text, &amount), "\"%s\" refused",
		    good[i].text);
		cr_expect_eq(amount, good[i].amount, "\"%s\" gave %" PRId64,
		    good[i].text, amount);
	}
}

Test(money, parse_refuses_everything_else_and_keeps_out)
{
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		money_t amount = -77;

		cr_expect_not(money_parse(bad[i], &amount), "\"%s\" gave "
		    "%" PRId64, bad[i], amount);
		cr_expect_eq(amount, -77, "\"%s\" was stored", bad[i]);
	}
}

Test(money, parse_takes_very_long_numbers)
{
	enum { LENGTH = 1000000 };
	char *text = malloc(LENGTH + 1);
	money_t amount;

	memset(text, '0', LENGTH);
	text[LENGTH] = '\0';
	memcpy(text, "1.0000005", 9);
	cr_expect(money_parse(text, &amount));
	cr_expect_eq(amount, 1000001);
	memset(text, '9', LENGTH);
	cr_expect_not(money_parse(text, &amount));
	memcpy(text, "0.", 2);
	cr_expect(money_parse(text, &amount));
	cr_expect_eq(amount, MONEY_ONE);
	free(text);
}

static const struct {
	money_t amount;
	const char *text;
} formats[] = {
	{ 0, "0" },
	{ 1, "0.000001" },
	{ -1, "-0.000001" },
	{ 10, "0.00001" },
	{ 100000, "0.1" },
	{ 999999, "0.999999" },
	{ 1000000, "1" },
	{ -1000000, "-1" },
	{ 1000001, "1.000001" },
	{ 2600000, "2.6" },
	{ 10000000, "10" },
	{ 10100000, "10.1" },
	{ -54740400, "-54.7404" },
	{ MONEY_MAX, "9000000000000" },
	{ -MONEY_MAX, "-9000000000000" },
	{ MONEY_MAX - 1, "8999999999999.999999" },
	{ INT64_MAX, "9223372036854.775807" },
	{ INT64_MIN, "-9223372036854.775808" },
};

Test(money, format_is_the_shortest_decimal)
{
	char text[MONEY_TEXT_SIZE];
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		money_format(formats[i].amount, text);
		cr_expect_str_eq(text, formats[i].text, "%" PRId64
		    " gave \"%s\"", formats[i].amount, text);
	}
}

Test(money, format_and_parse_are_inverse)
{
	char text[MONEY_TEXT_SIZE];
	money_t amount, again;
	uint64_t seed = 1;
	int i;

	for (i = 0; i < 100000; i++) {
		seed = seed * UINT64_C(6364136223846793005) +
		    UINT64_C(1442695040888963407);
		amount = (money_t)(seed >> (i % 60)) % MONEY_MAX;
		money_format(amount, text);
		cr_assert(money_parse(text, &again), "%s", text);
		cr_assert_eq(amount, again, "%s", text);
	}
}

static const struct {
	money_t a, b;
	bool sum_fits, difference_fits;
} pairs[] = {
	{ 0, 0, true, true },
	{ 1, -1, true, true },
	{ MONEY_MAX, 0, true, true },
	{ MONEY_MAX, 1, false, true },
	{ MONEY_MAX, -1, true, false },
	{ -MONEY_MAX, 1, true, false },
	{ -MONEY_MAX, -1, false, true },
	{ MONEY_MAX, MONEY_MAX, false, true },
	{ -MONEY_MAX, -MONEY_MAX, false, true },
	{ MONEY_MAX, -MONEY_MAX, true, false },
	{ INT64_MAX, INT64_MAX, false, true },
	{ INT64_MIN, INT64_MIN, false, true },
	{ INT64_MIN, 1, false, false },
	{ 0, INT64_MIN, false, false },
};

Test(money, add_and_subtract_report_overflow)
{
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		money_t a = pairs[i].a, b = pairs[i].b, out;

		out = 77;
		cr_expect_eq(money_add(a, b, &out), pairs[i].sum_fits,
		    "%" PRId64 " + %" PRId64, a, b);
		cr_expect_eq(out, pairs[i].sum_fits ? a + b : 77,
		    "%" PRId64 " + %" PRId64, a, b);
		out = 77;
		cr_expect_eq(money_subtract(a, b, &out),
		    pairs[i].difference_fits, "%" PRId64 " - %" PRId64, a, b);
		cr_expect_eq(out, pairs[i].difference_fits ? a - b : 77,
		    "%" PRId64 " - %" PRId64, a, b);
	}
}

static const struct {
	money_t a;
	int64_t count;
	bool fits;
	money_t product;
} products[] = {
	{ 0, INT64_MAX, true, 0 },
	{ 0, INT64_MIN, true, 0 },
	{ 2600000, 3, true, 7800000 },
	{ 2600000, -3, true, -7800000 },
	{ MONEY_MAX, 1, true, MONEY_MAX },
	{ MONEY_MAX, -1, true, -MONEY_MAX },
	{ MONEY_MAX, 2, false, 0 },
	{ 3, INT64_C(3000000000000000000), true, MONEY_MAX },
	{ 3, INT64_C(3000000000000000001), false, 0 },
	{ 1, INT64_MAX, false, 0 },
	{ INT64_MIN, INT64_MIN, false, 0 },
	{ INT64_MAX, INT64_MIN, false, 0 },
	/* the product wraps to 0 in 64 bits */
	{ INT64_C(4294967296), INT64_C(4294967296), false, 0 },
};

Test(money, times_reports_overflow)
{
	size_t i;

	for (i = 0; i < sizeof(products) / sizeof(products[0]); i++) {
		money_t out = 0;

		cr_expect_eq(money_times(products[i].a, products[i].count,
		    &out), products[i].fits, "%" PRId64 " * %" PRId64,
		    products[i].a, products[i].count);
		cr_expect_eq(out, products[i].product, "%" PRId64 " * %" PRId64,
		    products[i].a, products[i].count);
	}
}

static const struct {
	money_t a;
	int64_t numerator, denominator;
	bool fits;
	money_t result;
} scales[] = {
	{ 100, 1, 3, true, 33 },
	{ 200, 1, 3, true, 67 },
	{ 1, 1, 2, true, 1 },
	{ -1, 1, 2, true, -1 },
	{ 1, -1, 2, true, -1 },
	{ 1, 1, -2, true, -1 },
	{ -1, 1, -2, true, 1 },
	{ -1, -1, -2, true, -1 },
	{ 3, 1, 2, true, 2 },
	{ -3, 1, 2, true, -2 },
	{ 49, 1, 100, true, 0 },
	{ 50, 1, 100, true, 1 },
	{ -49, 1, 100, true, 0 },
	{ -50, 1, 100, true, -1 },
	{ 7, 0, 5, true, 0 },
	{ 0, 5, 7, true, 0 },
	{ 7, 5, 0, false, 0 },
	{ MONEY_MAX, 1, 1, true, MONEY_MAX },
	{ MONEY_MAX, INT64_MAX, INT64_MAX, true, MONEY_MAX },
	{ MONEY_MAX, INT64_MIN, INT64_MIN, true, MONEY_MAX },
	{ MONEY_MAX, 31, 30, false, 0 },
	{ MONEY_MAX, INT64_MAX, 1, false, 0 },
	{ INT64_MIN, INT64_MIN, -1, false, 0 },
	{ INT64_MIN, 1, INT64_MIN, true, 1 },
	{ 1, 1, INT64_MIN, true, 0 },
	{ INT64_C(29990000), 17, 31, true, INT64_C(16446129) },
};

Test(money, scale_rounds_half_away_from_zero)
{
	size_t i;

	for (i = 0; i < sizeof(scales) / sizeof(scales[0]); i++) {
		money_t out = 0;

		cr_expect_eq(money_scale(scales[i].a, scales[i].numerator,
		    scales[i].denominator, &out), scales[i].fits, "row %zu", i);
		cr_expect_eq(out, scales[i].result, "row %zu gave %" PRId64, i,
		    out);
	}
}

Test(money, ledger_units_are_ten_thousandths)
{
	static const struct {
		const char *units;
		bool fits;
		money_t money;
	} rows[] = {
		{ "12345", true, 1234500 },
		{ "-1", true, -100 },
		{ "0", true, 0 },
		{ "26000.01", true, 2600001 },
		{ "-0.5", true, -50 },
		{ "90000000000000000", true, MONEY_MAX },
		{ "-90000000000000000", true, -MONEY_MAX },
		{ "32207792172743506.49", true, 3220779217274350649 },
		{ "-89999999999999999.99", true, -MONEY_MAX + 1 },
		{ "90000000000000000.01", false, 0 },
		{ "90000000000000001", false, 0 },
		{ "9223372036854775807", false, 0 },
		{ "99999999999999999999", false, 0 },
		{ "0.001", false, 0 },
		{ "0.0000001", false, 0 },
		{ "x", false, 0 },
		{ "", false, 0 },
	};
	char text[MONEY_TEXT_SIZE];
	money_t out;

	for (size_t i = 0; i < NELEM(rows); i++) {
		cr_expect_eq(money_from_units(rows[i].units, &out),
		    rows[i].fits, "%s", rows[i].units);
		if (!rows[i].fits)
			continue;
		cr_expect_eq(out, rows[i].money, "%s", rows[i].units);
		money_to_units(out, text);
		cr_expect_str_eq(text, rows[i].units);
	}
	cr_expect(money_from_units("1e1", &out));
	cr_expect_eq(out, 1000);
}

static const struct {
	const char *text;
	money_t amount;
} even[] = {
	{ "0.30000000000000004", 300000 },
	{ "0.0000833", 83 },
	{ "0.0000005", 0 },
	{ "0.0000015", 2 },
	{ "0.0000025", 2 },
	{ "0.00000250", 2 },
	{ "0.000002500001", 3 },
	{ "-0.0000025", -2 },
	{ "-0.0000035", -4 },
	{ "25e-7", 2 },
	{ "2.50000000000000000001e-6", 3 },
	{ "1.9999995", 2000000 },
	{ "0.00000051", 1 },
	{ "9e-8", 0 },
	{ "5e-8", 0 },
	{ "12.345678", 12345678 },
};

Test(money, parse_even_rounds_half_to_even)
{
	money_t amount;
	size_t i;

	for (i = 0; i < NELEM(even); i++) {
		cr_assert(money_parse_even(even[i].text, &amount), "%s",
		    even[i].text);
		cr_expect_eq(amount, even[i].amount, "%s gave %" PRId64,
		    even[i].text, amount);
	}
	cr_expect_not(money_parse_even("0.x", &amount));
}
