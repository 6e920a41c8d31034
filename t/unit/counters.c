/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/counters.h"

#include <criterion/criterion.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/attr.h"

Test(counters, classes_of_durations)
{
	static const struct {
		int64_t us;
		size_t class;
	} rows[] = {
		{ 0, 0 }, { 1000, 0 }, { 1001, 1 }, { 2000, 1 },
		{ 4999, 2 }, { 5001, 3 }, { 1000000, 9 }, { 1000001, 10 },
		{ 30000000, 13 }, { 30000001, 14 }, { INT64_MAX, 14 },
	};
	size_t i;

	for (i = 0; i < NELEM(rows); i++)
		cr_expect_eq(counters_class(rows[i].us), rows[i].class,
		    "%lld us", (long long)rows[i].us);
}

Test(counters, answers_by_route_and_class)
{
	static const int statuses[] = { 200, 201, 404, 503, 100, 99, 600, 0 };
	struct counters *c = counters_new(1);
	size_t i;

	counters_use(c);
	for (i = 0; i < NELEM(statuses); i++) {
		counters_begin();
		counters_answer(7, statuses[i]);
	}
	counters_answer(COUNTERS_ROUTES, 200);
	cr_expect_eq(c->answers[7][0], 1);
	cr_expect_eq(c->answers[7][1], 2);
	cr_expect_eq(c->answers[7][2], 0);
	cr_expect_eq(c->answers[7][3], 1);
	cr_expect_eq(c->answers[7][4], 1);
	cr_expect_eq(c->answers[6][1], 0);
	cr_expect_eq(c->took[0], 5);
}

Test(counters, a_process_adds_to_its_part)
{
	struct counters *c = counters_new(2);
	int status;

	if (fork() == 0) {
		counters_use(&c[1]);
		counters_call(3);
		counters_returned(3, "ledger_show");
		counters_call(4);
		_exit(0);
	}
	wait(&status);
	cr_expect_eq(c[1].calls[3].count, 1);
	cr_expect_str_eq(c[1].calls[3].name, "ledger_show");
	cr_expect_eq(c[1].calling, 5);
	cr_expect_eq(c[0].calls[3].count, 0);
	/* The next one continues, and waits for nothing. */
	counters_use(&c[1]);
	cr_expect_eq(c[1].calling, 0);
	counters_call(3);
	counters_returned(3, "ledger_show");
	cr_expect_eq(c[1].calls[3].count, 2);
}

Test(counters, the_effort_of_a_request_without_a_pool)
{
	counters_begin();
	counters_call(1);
	usleep(2000);
	counters_returned(1, "slow");
	counters_call(2);
	counters_returned(2, "fast");
	counters_answer(1, 200);
	cr_expect_eq(counters_effort()->calls, 2);
	cr_expect_str_eq(counters_effort()->slowest, "slow");
	cr_expect_geq(counters_effort()->slowest_us, 2000);
	cr_expect_geq(counters_effort()->calls_us,
	    counters_effort()->slowest_us);
	counters_begin();
	cr_expect_eq(counters_effort()->calls, 0);
	cr_expect_null(counters_effort()->slowest);
}
