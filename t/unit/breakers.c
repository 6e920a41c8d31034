/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/breakers.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/memory.h"

#define ONE "bookkeeper/a/b"
#define TWO "webhook/a/b"
#define LONG_MS 600000

static struct breakers *table;

static void
make_table(void)
{
	table = memory_shared(sizeof(*table));
	cr_assert_not_null(table);
	breakers_join(table);
}

static bool
enter(const char *receiver)
{
	struct breaker_pass pass;

	return breaker_enter(receiver, LONG_MS, &pass);
}

static void
time_out(const char *receiver, int times)
{
	while (times-- > 0)
		breaker_hear(receiver, "host:443", true);
}

static size_t
count_open(void)
{
	return breakers_list(table, NULL, 0);
}

Test(breakers, three_timeouts_in_a_row_open_one, .init = make_table)
{
	/* t: a time-out, a: an answer */
	static const struct {
		const char *outcomes;
		bool open;
	} rows[] = {
		{ "", false }, { "t", false }, { "tt", false }, { "ttt", true },
		{ "tttt", true }, { "ttat", false }, { "ttatt", false },
		{ "ttattt", true }, { "ttta", false }, { "tttatt", false },
		{ "aaa", false },
	};
	char receiver[16];
	const char *o;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		snprintf(receiver, sizeof(receiver), "receiver/%zu", i);
		for (o = rows[i].outcomes; *o != '\0'; o++)
			breaker_hear(receiver, "h", *o == 't');
		/* The first is the trial of an open one. */
		cr_expect(enter(receiver), "%s", rows[i].outcomes);
		cr_expect_eq(enter(receiver), !rows[i].open, "%s",
		    rows[i].outcomes);
		cr_expect_eq(breaker_refuses(receiver), rows[i].open, "%s",
		    rows[i].outcomes);
	}
	cr_expect_eq(table->refused, 3);
}

Test(breakers, each_receiver_has_its_own, .init = make_table)
{
	time_out(ONE, 3);
	cr_assert(enter(ONE));
	cr_expect_not(enter(ONE));
	cr_expect(enter(TWO));
	cr_expect(enter(TWO));
}

Test(breakers, an_answer_closes_one_whoever_gets_it, .init = make_table)
{
	time_out(ONE, 5);
	cr_assert(enter(ONE));
	cr_assert_not(enter(ONE));
	cr_expect(breaker_hear(ONE, "h", false));
	cr_expect_not(breaker_hear(ONE, "h", false), "it was closed");
	cr_expect(enter(ONE));
	cr_expect(enter(ONE));
	cr_expect_eq(count_open(), 0);
}

Test(breakers, a_trial_ends, .init = make_table)
{
	struct breaker_pass early, trial, next;

	cr_assert(breaker_enter(ONE, LONG_MS, &early));
	time_out(ONE, 3);
	cr_assert(breaker_enter(ONE, LONG_MS, &trial));
	/* An attempt that began before is not the trial. */
	breaker_leave(&early);
	cr_expect_not(enter(ONE));
	breaker_leave(&trial);
	cr_expect(breaker_enter(ONE, 1, &next));
	/* A process that died does not say so: the deadline counts. */
	while (breaker_refuses(ONE))
		usleep(1000);
	cr_expect(breaker_enter(ONE, LONG_MS, &trial));
	/* Late, it does not end the trial of another. */
	breaker_leave(&next);
	cr_expect_not(enter(ONE));
}

Test(breakers, processes_share_it, .init = make_table)
{
	int i, status;

	for (i = 0; i < 3; i++) {
		if (fork() == 0) {
			time_out(ONE, 1);
			_exit(0);
		}
		wait(&status);
	}
	if (fork() == 0)
		_exit(enter(ONE) ? 0 : 1); /* dies as it tries */
	wait(&status);
	cr_assert_eq(status, 0);
	cr_expect_not(enter(ONE));
}

Test(breakers, without_a_table_none_is_open)
{
	breakers_join(NULL);
	time_out(ONE, 5);
	cr_expect(enter(ONE));
	cr_expect(enter(ONE));
	cr_expect_not(breaker_refuses(ONE));
	cr_expect_not(breaker_hear(ONE, "h", false));
}

Test(breakers, open_ones_are_listed, .init = make_table)
{
	char name[400];
	struct breaker_row rows[2];

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	time_out(ONE, 4);
	time_out(TWO, 2);
	cr_assert_eq(breakers_list(table, rows, 2), 1);
	cr_expect_str_eq(rows[0].receiver, ONE);
	cr_expect_str_eq(rows[0].host, "host:443");
	cr_expect_eq(rows[0].timeouts, 4);
	cr_expect_not(rows[0].tries);
	cr_assert(enter(ONE));
	cr_assert_eq(breakers_list(table, rows, 2), 1);
	cr_expect(rows[0].tries);
	time_out(TWO, 1);
	time_out(name, 3);
	cr_expect_eq(breakers_list(table, rows, 2), 3);
	cr_expect_eq(count_open(), 3);
}

Test(breakers, a_full_table_opens_none_and_idle_slots_are_reused,
    .init = make_table)
{
	char receiver[16];
	size_t i;

	for (i = 0; i < 8 * BREAKERS_MAX; i++) {
		snprintf(receiver, sizeof(receiver), "receiver/%zu", i);
		time_out(receiver, 3);
	}
	cr_expect_eq(count_open(), BREAKERS_MAX);
	time_out("another", 3);
	cr_expect(enter("another"));
	cr_expect(enter("another"));
	for (i = 0; i < BREAKERS_MAX; i++)
		table->slots[i].touched_ms = clock_monotonic_ms() - 3600000;
	time_out("another", 3);
	cr_expect(enter("another"));
	cr_expect_not(enter("another"));
	cr_expect_eq(count_open(), BREAKERS_MAX);
}
