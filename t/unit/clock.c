/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/clock.h"

#include <criterion/criterion.h>
#include <time.h>

Test(clock, counts_milliseconds)
{
	struct timespec nap = { 0, 20 * 1000 * 1000 };
	int64_t before = clock_monotonic_ms(), after;

	nanosleep(&nap, NULL);
	after = clock_monotonic_ms();
	cr_expect_geq(after - before, 19);
	cr_expect_lt(after - before, 10000);
}

Test(clock, never_goes_back)
{
	int64_t last = clock_monotonic_ms(), now;
	int i;

	for (i = 0; i < 10000; i++, last = now) {
		now = clock_monotonic_ms();
		cr_assert_geq(now, last);
	}
}
