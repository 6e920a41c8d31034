/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pro-ration by day: what of a month's amount falls on some of its days.
 * Exact to the last millionth, and the same however a period is split:
 *
 *   share(n)        = amount * n / days of the month, rounded half away from 0
 *   days [from, to) = share(to) - share(from)
 *
 * A part is a difference of two values of one function. Where two parts meet,
 * the same share(n) ends the one and begins the next, so it is added once and
 * taken off once: the parts of any partition add up to share(to) - share(from)
 * of the whole, and all days of a month to share(days) - share(0) = amount.
 * Rounding each part by itself would not do. As the rounding treats both signs
 * alike, a fall takes back to the millionth what the same rise costs.
 *
 * Days are UTC days; moments are Gregorian seconds. Pure: there is no clock.
 */
#ifndef REEVE_BILLING_PRORATION_H
#define REEVE_BILLING_PRORATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/money.h"

/* The moment of a change, and whether its pro-ration is billed. */
struct proration {
	int64_t now; /* 0: not known, nothing is pro-rated */
	bool billed; /* else it is only explained */
};

/* Days of one calendar month that follow each other. */
struct month_days {
	int64_t from;          /* the first second of the first of them */
	int64_t to;            /* the first second after the last */
	int64_t before;        /* days of the month before them */
	int64_t days;          /* how many they are */
	int64_t days_in_month;
};

/*
 * From the day that from is in up to, and without, the day that to is in,
 * which may be the first of the next month. False: not within one month, or
 * to is before from.
 */
bool proration_days_between(int64_t from, int64_t to, struct month_days *out)
    MUSTCHECK;

/* The day that now is in and all after it in its month. */
struct month_days proration_days_left(int64_t now);

/*
 * The share of a whole month's amount for these days; it has the amount's sign,
 * or is 0. False: the amount is beyond MONEY_MAX.
 */
bool proration_share(money_t amount, const struct month_days *days,
    money_t *out) MUSTCHECK;

#endif
