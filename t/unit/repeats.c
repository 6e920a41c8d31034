/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/repeats.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct repeats repeats;
static struct repeat gone, told;

static bool
note(const char *event, int64_t now_ms)
{
	return repeats_note(&repeats, event, 0, now_ms, &gone);
}

Test(repeats, the_first_of_a_minute_is_told_and_the_others_are_counted)
{
	int i;

	cr_expect(note("full", 1000));
	for (i = 0; i < 428; i++)
		cr_expect_not(note("full", 1001 + i));
	cr_expect_not(note("full", 60999));
	cr_expect_not(repeats_take(&repeats, false, 60999, &told));
	cr_assert(repeats_take(&repeats, false, 61000, &told));
	cr_expect_str_eq(told.event, "full");
	cr_expect_eq(told.count, 429);
	cr_expect_eq(repeats_seconds(&told), 60);
	cr_expect_not(repeats_take(&repeats, true, 61000, &told));
	cr_expect(note("full", 61000));
	cr_expect_eq(gone.count, 0);
}

Test(repeats, the_next_one_after_the_minute_brings_the_count)
{
	cr_expect(note("full", 0));
	cr_expect_not(note("full", 1500));
	cr_expect(note("full", 60000));
	cr_expect_str_eq(gone.event, "full");
	cr_expect_eq(gone.count, 1);
	cr_expect_eq(repeats_seconds(&gone), 2);
	cr_expect(note("full", 120000));
	cr_expect_eq(gone.count, 0, "it was told");
}

Test(repeats, what_differs_is_told)
{
	cr_expect(note("full", 0));
	cr_expect(note("full!", 0));
	cr_expect(note("ful", 0));
	cr_expect(note("", 0));
	cr_expect(repeats_note(&repeats, "full", 1, 0, &gone), "the level");
	cr_expect_not(note("full", 0));
}

Test(repeats, long_events_differ_by_their_first_bytes)
{
	char one[2 * REPEATS_TEXT], other[2 * REPEATS_TEXT];

	memset(one, 'x', sizeof(one) - 1);
	one[sizeof(one) - 1] = '\0';
	strcpy(other, one);
	other[REPEATS_TEXT - 1] = 'y';
	cr_expect(note(one, 0));
	cr_expect_not(note(other, 0));
	other[REPEATS_TEXT - 2] = 'y';
	cr_expect(note(other, 0));
	cr_assert(repeats_take(&repeats, true, 0, &told));
	cr_expect_eq(strlen(told.event), REPEATS_TEXT - 1);
}

/* Events that come in turn push each other out, with their counts. */
Test(repeats, no_count_is_lost)
{
	int64_t now_ms, whole = 0, counted = 0;
	char event[16];

	for (now_ms = 0; now_ms < 200000; now_ms += 100) {
		while (repeats_take(&repeats, false, now_ms, &told))
			counted += (int64_t)told.count;
		snprintf(event, sizeof(event), "%d",
		    (int)(now_ms * now_ms / 700 % (REPEATS_EVENTS + 9)));
		whole += note(event, now_ms);
		counted += (int64_t)gone.count;
	}
	cr_expect_gt(counted, 100);
	while (repeats_take(&repeats, true, now_ms, &told))
		counted += (int64_t)told.count;
	cr_expect_eq(whole + counted, 2000, "%d + %d", (int)whole,
	    (int)counted);
}
