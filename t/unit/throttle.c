/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "pool/throttle.h"

#include <criterion/criterion.h>

/* Deaths at these times; the number of them that were logged. */
static unsigned
die(struct throttle *t, size_t count, const int64_t *moments)
{
	unsigned words = 0;
	size_t i;

	for (i = 0; i < count; i++)
		words += throttle_death(t, moments[i]);
	return words;
}

Test(throttle, five_deaths_within_ten_seconds_make_a_pause)
{
	static const int64_t deaths[] = { 50000, 52000, 54000, 56000, 60000 };
	struct throttle t = { .count = 0 };

	cr_expect_eq(die(&t, 4, deaths), 0);
	cr_expect_eq(throttle_wait_ms(&t, 56000), 0);
	cr_expect_eq(die(&t, 1, deaths + 4), 1);
	cr_expect_eq(throttle_wait_ms(&t, 60000), 1000);
	cr_expect_eq(throttle_wait_ms(&t, 60999), 1);
	cr_expect_eq(throttle_wait_ms(&t, 61000), 0);
}

Test(throttle, five_in_a_longer_time_make_none)
{
	static const int64_t deaths[] = { 50000, 52000, 54000, 56000, 60001 };
	struct throttle t = { .count = 0 };

	cr_expect_eq(die(&t, 5, deaths), 0);
	cr_expect_eq(throttle_wait_ms(&t, 60001), 0);
	/* The last five of six count. */
	cr_expect_eq(die(&t, 1, &(int64_t){ 60002 }), 1);
}

Test(throttle, workers_started_before_a_pause_no_longer_count)
{
	static const int64_t deaths[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
	struct throttle t = { .count = 0 };

	cr_expect_eq(die(&t, 10, deaths), 1);
	cr_expect_eq(throttle_wait_ms(&t, 10), 995);
}

Test(throttle, pauses_double_up_to_a_minute_while_workers_die)
{
	static const int64_t deaths[] = { 0, 0, 0, 0, 0 };
	static const int64_t pauses[] = { 2000, 4000, 8000, 16000, 32000,
		60000, 60000 };
	struct throttle t = { .count = 0 };
	int64_t now = 1000;
	size_t i;

	cr_assert_eq(die(&t, 5, deaths), 1);
	for (i = 0; i < sizeof(pauses) / sizeof(*pauses); i++) {
		cr_expect_not(throttle_death(&t, now), "told once");
		cr_expect_eq(throttle_wait_ms(&t, now), pauses[i]);
		now += pauses[i];
	}
	/* After a minute without a death it starts again. */
	now += 60000;
	cr_expect_not(throttle_death(&t, now));
	cr_expect_eq(throttle_wait_ms(&t, now), 0);
}
