/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "api/delay.h"

#include <criterion/criterion.h>

Test(delay, a_quarter_of_the_workers_may_delay_and_never_all)
{
	static const struct {
		int64_t workers, places;
	} rows[] = {
		{ 0, 0 }, { 1, 0 }, { 2, 1 }, { 4, 1 }, { 5, 2 }, { 8, 2 },
		{ 1024, 256 }, { 4096, 256 },
	};
	size_t i;

	for (i = 0; i < NELEM(rows); i++)
		cr_expect_eq(delay_places(rows[i].workers), rows[i].places,
		    "%d workers", (int)rows[i].workers);
}

Test(delay, a_place_is_taken_until_its_time)
{
	static struct delays d;

	cr_expect_not(delay_take(&d, 0, 5000, 1000));
	cr_expect(delay_take(&d, 2, 5000, 1000));
	cr_expect(delay_take(&d, 2, 5500, 1000));
	cr_expect_not(delay_take(&d, 2, 5999, 1000));
	cr_expect(delay_take(&d, 2, 6000, 1000));
	cr_expect_not(delay_take(&d, 2, 6499, 1000));
	cr_expect(delay_take(&d, 2, 6500, 1000));
}

Test(delay, fewer_places_after_a_reload)
{
	static struct delays d;

	cr_expect(delay_take(&d, 3, 5000, 1000));
	cr_expect_not(delay_take(&d, 1, 5000, 1000));
}
