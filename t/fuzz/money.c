/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Amounts: three lines, two amounts and a third number that counts them. */
#include "config.h"

#include "base/money.h"

#include "fuzz.h"

static bool
in_range(__int128 amount)
{
	return amount >= -MONEY_MAX && amount <= MONEY_MAX;
}

/* The printed form is the shortest, and read back equal. */
static void
print(money_t amount)
{
	char text[MONEY_TEXT_SIZE], again[MONEY_TEXT_SIZE];
	size_t length;
	money_t back;

	demand(in_range(amount));
	money_format(amount, text);
	length = strlen(text);
	demand(length < sizeof(text));
	demand(strchr(text, '.') == NULL ||
	    strchr("0.", text[length - 1]) == NULL);
	demand(money_exact(text) && money_parse(text, &back) && back == amount);
	money_to_units(amount, text);
	demand(strlen(text) < sizeof(text));
	demand(money_from_units(text, &back) && back == amount);
	money_to_units(back, again);
	demand(fuzz_same(text, again));
}

/* Another reader agrees to the last millionth but one. */
static bool
is_near(const char *text, money_t amount)
{
	long double other = strtold(text, NULL) * MONEY_ONE;

	return other - amount <= 1 && amount - other <= 1;
}

static bool
read_amount(const char *text, money_t *out)
{
	money_t units;
	struct arena *a;
	const char *error;

	if (money_from_units(text, &units))
		print(units);
	if (!money_parse(text, out))
		return false;
	print(*out);
	demand(is_near(text, *out));
	if (strlen(text) > 64)
		return true;
	a = arena_new(512);
	demand(json_parse(a, text, strlen(text), &error) != NULL);
	arena_free(&a);
	return true;
}

static void
calculate(money_t x, money_t y, int64_t count)
{
	__int128 twice_off;
	money_t out, back;

	demand(money_add(x, y, &out) == in_range((__int128)x + y));
	if (money_add(x, y, &out))
		demand(money_subtract(out, y, &back) && back == x);
	demand(money_subtract(x, y, &out) == in_range((__int128)x - y));
	demand(money_times(x, count, &out) == in_range((__int128)x * count));
	if (money_times(x, count, &out) && count != 0)
		demand(money_scale(out, 1, count, &back) && back == x);
	demand(!money_scale(x, y, 0, &out));
	if (count != 0 && money_scale(x, y, count, &out)) {
		print(out);
		twice_off = 2 * ((__int128)x * y - (__int128)out * count);
		demand((twice_off < 0 ? -twice_off : twice_off) <=
		    (count < 0 ? -(__int128)count : count));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_part rest = { (const char *)bytes, length };
	struct arena *a = arena_new(512);
	const char *text[3];
	money_t amounts[3] = { 0 };
	size_t i;

	for (i = 0; i < NELEM(text); i++) {
		text[i] = fuzz_text(a, fuzz_take(&rest, "\n"));
		if (!read_amount(text[i], &amounts[i]))
			break;
	}
	if (i == NELEM(text))
		calculate(amounts[0], amounts[1], amounts[2]);
	arena_free(&a);
	return 0;
}
