/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "api/rate_table.h"

#include <criterion/criterion.h>
#include <pthread.h>

#include "base/attr.h"

#define ONE UINT64_C(0x1111111111111111)
#define TWO UINT64_C(0x2222222222222222)
#define NOW INT64_C(1000000)

static struct rate_table t;

/* The number of requests that a client may make, of those it tries. */
static int
take(uint64_t client, const struct rate *rate, int64_t now_ms, int requests)
{
	int taken = 0;

	while (requests-- > 0)
		taken += rate_table_take(&t, client, rate, now_ms) == 0;
	return taken;
}

Test(rate_table, a_burst_then_one_for_each_interval)
{
	static const struct rate rate = { 60, 3 };

	cr_expect_eq(take(ONE, &rate, NOW, 10), 3);
	cr_expect_eq(rate_table_take(&t, ONE, &rate, NOW), 1000);
	cr_expect_eq(rate_table_take(&t, ONE, &rate, NOW + 1), 999);
	cr_expect_eq(rate_table_take(&t, ONE, &rate, NOW + 999), 1);
	cr_expect_eq(take(ONE, &rate, NOW + 1000, 10), 1);
	cr_expect_eq(take(ONE, &rate, NOW + 2999, 10), 1);
	cr_expect_eq(take(ONE, &rate, NOW + 3000, 10), 1);
	/* Full again, and not fuller. */
	cr_expect_eq(take(ONE, &rate, NOW + 3600000, 10), 3);
}

Test(rate_table, refused_requests_cost_nothing)
{
	static const struct rate rate = { 60, 1 };

	cr_expect_eq(take(ONE, &rate, NOW, 1), 1);
	cr_expect_eq(take(ONE, &rate, NOW + 999, 1000), 0);
	cr_expect_eq(take(ONE, &rate, NOW + 1000, 1), 1);
}

Test(rate_table, rates_and_bursts)
{
	static const struct {
		struct rate rate;
		int in_the_first_second; /* the burst and what comes back */
	} rows[] = {
		{ { 1, 1 }, 1 },
		{ { 1, 1000000 }, 1000000 },
		{ { 60, 1 }, 1 },
		{ { 6000, 1 }, 100 },
		{ { 30000, 5000 }, 5499 },
		{ { 60000, 1 }, 1000 },
	};
	int64_t ms;
	size_t i;
	int taken;

	for (i = 0; i < NELEM(rows); i++) {
		taken = take(i + 1, &rows[i].rate, NOW, 2000000);
		for (ms = 1; ms < 1000; ms++)
			taken += take(i + 1, &rows[i].rate, NOW + ms, 3);
		/* Intervals are rounded down to a 64th of a millisecond. */
		cr_expect(taken >= rows[i].in_the_first_second &&
		    taken <= rows[i].in_the_first_second * 1.02, "row %zu: %d",
		    i, taken);
	}
}

Test(rate_table, clients_do_not_share_a_bucket)
{
	static const struct rate rate = { 1, 2 };

	cr_expect_eq(take(ONE, &rate, NOW, 5), 2);
	cr_expect_eq(take(TWO, &rate, NOW, 5), 2);
	/* Of the same set. */
	cr_expect_eq(take(ONE ^ UINT64_C(1) << 63, &rate, NOW, 5), 2);
	cr_expect_eq(take(ONE, &rate, NOW, 5), 0);
}

Test(rate_table, a_lower_rate_after_a_reload_counts_what_was_taken)
{
	static const struct rate generous = { 60, 100 }, strict = { 60, 10 };

	cr_expect_eq(take(ONE, &generous, NOW, 50), 50);
	cr_expect_eq(take(ONE, &strict, NOW, 1), 0);
	cr_expect_eq(take(ONE, &strict, NOW + 41000, 5), 1);
}

Test(rate_table, a_client_is_known_once_it_was_added)
{
	static const struct rate rate = { 60, 2 };

	cr_expect_not(rate_table_has(&t, ONE));
	rate_table_add(&t, ONE, NOW);
	cr_expect(rate_table_has(&t, ONE));
	cr_expect_not(rate_table_has(&t, TWO));
	cr_expect_eq(take(ONE, &rate, NOW, 5), 2);
	/* Added again, its bucket stays empty. */
	rate_table_add(&t, ONE, NOW);
	cr_expect_eq(take(ONE, &rate, NOW, 5), 0);
}

static uint64_t
sibling(uint64_t client, uint64_t n)
{
	return client ^ n << 46;
}

Test(rate_table, the_client_quiet_for_longest_makes_room)
{
	static const struct rate rate = { 60, 10 };
	uint64_t i;

	for (i = 0; i < RATE_WAYS; i++)
		cr_expect_eq(take(sibling(ONE, i), &rate, NOW + (int64_t)i, 1),
		    1);
	/* The first is not quiet. */
	cr_expect_eq(take(ONE, &rate, NOW + 10, 9), 9);
	cr_expect_eq(take(sibling(ONE, RATE_WAYS), &rate, NOW + 20, 1), 1);
	cr_expect_not(rate_table_has(&t, sibling(ONE, 1)));
	for (i = 2; i <= RATE_WAYS; i++)
		cr_expect(rate_table_has(&t, sibling(ONE, i)), "%d", (int)i);
	/* Nobody empties another's bucket, or fills it. */
	cr_expect_eq(take(ONE, &rate, NOW + 20, 1), 0);
}

/* Many strangers do not disturb a client who is busy. */
Test(rate_table, a_flood_of_clients_does_not_refill_a_busy_one)
{
	static const struct rate rate = { 60, 100 };
	uint64_t i, stranger = 88172645463325252u;
	int taken = take(ONE, &rate, NOW, 1000);

	for (i = 0; i < 100000; i++) {
		stranger ^= stranger << 13;
		stranger ^= stranger >> 7;
		stranger ^= stranger << 17;
		cr_expect_eq(take(stranger, &rate, NOW, 1), 1);
	}
	cr_expect_eq(taken, 100);
	cr_expect_eq(take(ONE, &rate, NOW, 1), 0);
}

#define THREADS 4

static void *
take_many(void *taken)
{
	static const struct rate rate = { 1, 50000 };

	*(int *)taken = take(ONE, &rate, NOW, 40000);
	return NULL;
}

Test(rate_table, requests_at_the_same_moment_all_count)
{
	pthread_t threads[THREADS];
	int taken[THREADS], sum = 0;
	size_t i;

	for (i = 0; i < THREADS; i++)
		cr_assert_eq(pthread_create(&threads[i], NULL, take_many,
		    &taken[i]), 0);
	for (i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		sum += taken[i];
	}
	cr_expect_eq(sum, 50000, "%d", sum);
}
