/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "courier/courier.h"

#include <criterion/criterion.h>

Test(courier, pauses_double_up_to_the_longest)
{
	static const int64_t want[] = { 5, 10, 20, 40, 60, 60, 60 };
	int64_t i;

	for (i = 0; i < 7; i++)
		cr_expect_eq(courier_pause(i + 1, 5, 60), want[i], "%lld",
		    (long long)i + 1);
}

Test(courier, pauses_stay_within_bounds)
{
	cr_expect_eq(courier_pause(1, 90, 60), 60, "the first is too long");
	cr_expect_eq(courier_pause(0, 5, 60), 5, "before the first");
	cr_expect_eq(courier_pause(INT64_MAX, 1, 2592000), 2592000);
	cr_expect_eq(courier_pause(64, 86400, 2592000), 2592000);
	cr_expect_eq(courier_pause(9, 7, 7), 7);
}
