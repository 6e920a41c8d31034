/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/proration.h"

#include "base/gregorian.h"

/* Days from one moment's day to another's; the later day is not included. */
static int64_t
days_between(int64_t from, int64_t to)
{
	return gregorian_day_number(to) - gregorian_day_number(from);
}

struct month_days
proration_days_left(int64_t now)
{
	int64_t start = gregorian_month_start(now);
	int64_t end = gregorian_next_month(now);
	struct month_days left = {
		.from = gregorian_day_start(now),
		.to = end,
		.before = days_between(start, now),
		.days_in_month = (end - start) / GREGORIAN_DAY,
	};

	left.days = left.days_in_month - left.before;
	return left;
}

bool
proration_days_between(int64_t from, int64_t to, struct month_days *out)
{
	struct month_days left = proration_days_left(from);

	if (to < left.from || to >= left.to + GREGORIAN_DAY)
		return false;
	*out = left;
	if (to < left.to) {
		out->to = gregorian_day_start(to);
		out->days = days_between(from, to);
	}
	return true;
}

/* The share of the first n days of the month. */
static bool
share_of_first(money_t amount, int64_t n, const struct month_days *days,
    money_t *out)
{
	return money_scale(amount, n, days->days_in_month, out);
}

bool
proration_share(money_t amount, const struct month_days *days, money_t *out)
{
	money_t until_from, until_to;

	/*
	 * If an amount is too large, all of its shares are refused, even those
	 * that would fit.
	 */
	if (amount > MONEY_MAX || amount < -MONEY_MAX)
		return false;
	return share_of_first(amount, days->before, days, &until_from) &&
	    share_of_first(amount, days->before + days->days, days,
	    &until_to) && money_subtract(until_to, until_from, out);
}
