/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/money.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DECIMALS 6
#define UNIT_DECIMALS 4 /* of the ledgers' stored units */
#define UNIT 100        /* such a unit, in millionths */

/* MONEY_MAX has 19 digits, which always fit an unsigned 64-bit number. */
#define DIGITS_MAX 19

/* Beyond this an exponent means "too large" or zero. */
#define EXPONENT_MAX 100000000

/* The parts of a decimal, not converted yet. */
struct decimal {
	bool negative;
	const char *digits; /* whole part, optional '.' and fraction */
	size_t length;      /* of that text */
	int64_t exponent;   /* of the last digit, as a power of ten */
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static const char *
skip_digits(const char *text)
{
	while (is_digit(*text))
		text++;
	return text;
}

static bool
read_exponent(const char *text, int64_t *out)
{
	bool negative = *text == '-';
	int64_t value = 0;

	if (*text == '-' || *text == '+')
		text++;
	if (!is_digit(*text))
		return false;
	for (; is_digit(*text); text++)
		if (value < EXPONENT_MAX)
			value = value * 10 + (*text - '0');
	*out = negative ? -value : value;
	return *text == '\0';
}

/* Reads the grammar of a JSON number, with nothing before or after it. */
static bool
read_decimal(const char *text, struct decimal *d)
{
	const char *end, *fraction;

	d->negative = *text == '-';
	if (d->negative)
		text++;
	d->digits = text;
	d->exponent = 0;
	end = skip_digits(text);
	if (end == text || (*text == '0' && end != text + 1))
		return false;
	fraction = end;
	if (*end == '.') {
		fraction = end + 1;
		end = skip_digits(fraction);
		if (end == fraction)
			return false;
	}
	d->length = (size_t)(end - d->digits);
	if (*end == 'e' || *end == 'E') {
		if (!read_exponent(end + 1, &d->exponent))
			return false;
	} else if (*end != '\0') {
		return false;
	}
	d->exponent -= end - fraction;
	return true;
}

static size_t
count_digits(const struct decimal *d)
{
	bool point = memchr(d->digits, '.', d->length) != NULL;

	return d->length - (point ? 1 : 0);
}

/* How half of the last digit is rounded. */
enum half { HALF_AWAY, HALF_EVEN };

/* True if the digits from rest on round the value before them up. */
static bool
rounds_up(const char *rest, const char *end, uint64_t value, enum half half)
{
	const char *c;

	if (*rest != '5' || half == HALF_AWAY || value % 2 != 0)
		return *rest >= '5';
	for (c = rest + 1; c < end; c++)
		if (*c != '0' && *c != '.')
			return true;
	return false;
}

/*
 * Converts the first keep digits, rounded by those behind them. False: more than
 * DIGITS_MAX significant digits.
 */
static bool
take_digits(const struct decimal *d, int64_t keep, enum half half,
    uint64_t *out)
{
	const char *c, *end = d->digits + d->length;
	uint64_t value = 0;
	unsigned counted = 0;

	for (c = d->digits; c < end; c++) {
		if (*c == '.')
			continue;
		if (keep-- <= 0)
			break;
		if (value != 0 || *c != '0')
			counted++;
		if (counted > DIGITS_MAX)
			return false;
		value = value * 10 + (uint64_t)(*c - '0');
	}
	/* -1 only if the loop stopped at the first omitted digit. */
	if (c < end && keep == -1 && rounds_up(c, end, value, half))
		value++;
	*out = value;
	return true;
}

static bool
in_range(__int128 amount, money_t *out)
{
	if (amount > MONEY_MAX || amount < -MONEY_MAX)
		return false;
	*out = (money_t)amount;
	return true;
}

/* Rounds a decimal to an amount. False: it is beyond the range. */
static bool
convert(const struct decimal *d, enum half half, money_t *out)
{
	int64_t shift = d->exponent + DECIMALS;
	int64_t keep = (int64_t)count_digits(d);
	uint64_t value;

	if (shift < 0)
		keep += shift;
	if (!take_digits(d, keep, half, &value))
		return false;
	for (; shift > 0 && value != 0; shift--) {
		if (value > (uint64_t)MONEY_MAX / 10)
			return false;
		value *= 10;
	}
	return in_range(d->negative ? -(__int128)value : (__int128)value, out);
}

static bool
is_exact(const struct decimal *d)
{
	int64_t shift = d->exponent + DECIMALS;
	const char *c;

	for (c = d->digits + d->length - 1; shift < 0 && c >= d->digits; c--) {
		if (*c == '.')
			continue;
		if (*c != '0')
			return false;
		shift++;
	}
	return true;
}

bool
money_parse(const char *text, money_t *out)
{
	struct decimal d;

	return read_decimal(text, &d) && convert(&d, HALF_AWAY, out);
}

bool
money_parse_even(const char *text, money_t *out)
{
	struct decimal d;

	return read_decimal(text, &d) && convert(&d, HALF_EVEN, out);
}

bool
money_exact(const char *text)
{
	struct decimal d;

	return read_decimal(text, &d) && is_exact(&d);
}

void
money_format(money_t amount, char text[MONEY_TEXT_SIZE])
{
	char reversed[MONEY_TEXT_SIZE];
	size_t length = 0;
	int place;
	uint64_t left;

	left = amount < 0 ? -(uint64_t)amount : (uint64_t)amount;
	for (place = 0; place <= DECIMALS || left != 0; place++) {
		char digit = (char)('0' + left % 10);

		left /= 10;
		if (place == DECIMALS && length > 0)
			reversed[length++] = '.';
		/* Zeros count only if a digit or the point follows. */
		if (place >= DECIMALS || length > 0 || digit != '0')
			reversed[length++] = digit;
	}
	if (amount < 0)
		*text++ = '-';
	while (length > 0)
		*text++ = reversed[--length];
	*text = '\0';
}

bool
money_add(money_t a, money_t b, money_t *out)
{
	return in_range((__int128)a + b, out);
}

bool
money_subtract(money_t a, money_t b, money_t *out)
{
	return in_range((__int128)a - b, out);
}

bool
money_times(money_t a, int64_t count, money_t *out)
{
	return in_range((__int128)a * count, out);
}

bool
money_scale(money_t a, int64_t numerator, int64_t denominator, money_t *out)
{
	__int128 product, quotient, rest, divisor;

	if (denominator == 0)
		return false;
	product = (__int128)a * numerator;
	divisor = denominator;
	if (divisor < 0) {
		divisor = -divisor;
		product = -product;
	}
	quotient = product / divisor;
	rest = product % divisor;
	if (2 * rest >= divisor)
		quotient++;
	else if (2 * rest <= -divisor)
		quotient--;
	return in_range(quotient, out);
}

bool
money_from_units(const char *text, money_t *out)
{
	struct decimal d;

	if (!read_decimal(text, &d))
		return false;
	d.exponent -= UNIT_DECIMALS;
	return is_exact(&d) && convert(&d, HALF_AWAY, out);
}

void
money_to_units(money_t amount, char text[MONEY_TEXT_SIZE])
{
	uint64_t left = amount < 0 ? -(uint64_t)amount : (uint64_t)amount;
	unsigned rest = (unsigned)(left % UNIT);
	int n;

	n = snprintf(text, MONEY_TEXT_SIZE, "%s%" PRIu64, amount < 0 ? "-" : "",
	    left / UNIT);
	if (rest != 0)
		snprintf(text + n, MONEY_TEXT_SIZE - (size_t)n,
		    rest % 10 == 0 ? ".%u" : ".%02u",
		    rest % 10 == 0 ? rest / 10 : rest);
}
