/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Exact money: a 64-bit count of millionths, never a double. Every operation
 * that can leave the range reports it.
 */
#ifndef REEVE_BASE_MONEY_H
#define REEVE_BASE_MONEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

typedef int64_t money_t;

#define MONEY_ONE INT64_C(1000000)
#define MONEY_MAX INT64_C(9000000000000000000) /* 9 * 10^12 whole units */
#define MONEY_TEXT_SIZE 24

/*
 * Reads a decimal in JSON's form: optional '-', digits, fraction, exponent
 * ("2.6", "1e3", "-0.000001"). Digits after the sixth decimal are rounded half
 * away from zero. False: not a number, trailing text, or beyond +-MONEY_MAX.
 */
bool money_parse(const char *text, money_t *out) MUSTCHECK;

/* The same, rounded half to even: what programs compute is not biased. */
bool money_parse_even(const char *text, money_t *out) MUSTCHECK;

/* True if text is a number that money represents without rounding. */
bool money_exact(const char *text) MUSTCHECK;

/* Writes the shortest decimal, no trailing zeros: "2.6", "-54.7404", "0". */
void money_format(money_t amount, char text[MONEY_TEXT_SIZE]);

bool money_add(money_t a, money_t b, money_t *out) MUSTCHECK;
bool money_subtract(money_t a, money_t b, money_t *out) MUSTCHECK;

/* Multiplies an amount by a whole number. */
bool money_times(money_t a, int64_t count, money_t *out) MUSTCHECK;

/* a * numerator / denominator, in 128 bits, rounded half away from zero. */
bool money_scale(money_t a, int64_t numerator, int64_t denominator,
    money_t *out) MUSTCHECK;

/* The ledgers' stored units of 1/10 000 (rules/ledgers 2), as numbers: "26000",
 * "0.01". Reading fails where money does not hold it exactly. */
bool money_from_units(const char *text, money_t *out) MUSTCHECK;
void money_to_units(money_t amount, char text[MONEY_TEXT_SIZE]);

#endif
