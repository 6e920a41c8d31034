/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/places.h"

#include <criterion/criterion.h>

#include "base/attr.h"

#define ONE "11111111111111111111111111111111"
#define TWO "22222222222222222222222222222222"

static struct places table;

/* The worker of a slot asks for a place, in a pool of this many. */
static bool
take(size_t slot, int64_t workers, enum place_kind kind, const char *account)
{
	places_join(&table, slot, workers);
	return place_take(kind, account);
}

/* The number that get a place, if each worker of a pool asks. */
static int64_t
take_all(int64_t workers, enum place_kind kind)
{
	int64_t taken = 0;
	size_t i;

	for (i = 0; i < PLACES_MAX; i++)
		places_clear(&table, i);
	for (i = 0; i < (size_t)workers; i++)
		taken += take(i, workers, kind, ONE);
	return taken;
}

Test(places, a_part_of_the_workers_waits_and_never_the_last)
{
	static const struct {
		int64_t workers, bookkeepers, account;
	} rows[] = {
		{ 0, 0, 0 }, { 1, 0, 1 }, { 2, 1, 1 }, { 3, 1, 1 }, { 4, 1, 2 },
		{ 7, 1, 2 }, { 8, 2, 3 }, { 64, 16, 17 },
	};
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		cr_expect_eq(take_all(rows[i].workers, PLACE_BOOKKEEPER),
		    rows[i].bookkeepers, "%d workers", (int)rows[i].workers);
		cr_expect_eq(take_all(rows[i].workers, PLACE_ACCOUNT),
		    rows[i].account, "%d workers", (int)rows[i].workers);
	}
}

Test(places, half_of_the_workers_wait_for_all_together)
{
	struct place_figures f;

	cr_assert(take(0, 8, PLACE_BOOKKEEPER, ONE));
	cr_assert(take(1, 8, PLACE_BOOKKEEPER, ONE));
	cr_assert(take(2, 8, PLACE_ACCOUNT, ONE));
	cr_assert(take(3, 8, PLACE_ACCOUNT, ONE));
	cr_expect_not(take(4, 8, PLACE_ACCOUNT, ONE));
	cr_expect_not(take(4, 8, PLACE_ACCOUNT, TWO));
	places_count(&table, 8, &f);
	cr_expect_eq(f.bookkeepers, 2);
	cr_expect_eq(f.accounts, 2);
	cr_expect_eq(f.half, 4);
	cr_expect_eq(f.quarter, 2);
	cr_expect_eq(f.refused, 2);
}

Test(places, a_place_is_given_back)
{
	cr_assert(take(0, 4, PLACE_BOOKKEEPER, ONE));
	cr_expect_not(take(1, 4, PLACE_BOOKKEEPER, TWO));
	places_clear(&table, 0); /* the process died */
	cr_expect(take(1, 4, PLACE_BOOKKEEPER, TWO));
	place_leave();
	cr_expect(take(2, 4, PLACE_BOOKKEEPER, TWO));
}

Test(places, a_process_has_one_place)
{
	struct place_figures f;

	cr_assert(take(0, 8, PLACE_ACCOUNT, ONE));
	cr_assert(place_take(PLACE_BOOKKEEPER, ONE));
	cr_expect(take(1, 8, PLACE_ACCOUNT, ONE));
	places_count(&table, 8, &f);
	cr_expect_eq(f.bookkeepers, 1);
	cr_expect_eq(f.accounts, 0);
}

static bool
is_gone(void *asked)
{
	++*(int *)asked;
	return true;
}

Test(places, who_is_held_up_is_let_go_when_the_client_has_gone, .timeout = 2)
{
	struct place_figures f;
	int asked = 0;

	/* Two change the account, and both make progress. */
	cr_assert(take(0, 4, PLACE_ACCOUNT, ONE));
	cr_assert(take(1, 4, PLACE_ACCOUNT, ONE));
	place_watch(is_gone, &asked);
	cr_expect_not(take(2, 4, PLACE_ACCOUNT, ONE));
	cr_expect_eq(asked, 1);
	places_count(&table, 4, &f);
	cr_expect_eq(f.refused, 0, "nobody was refused");
	place_watch(NULL, NULL);
}

Test(places, reevectl_waits_and_a_cgi_program_does_not)
{
	cr_expect(place_take(PLACE_BOOKKEEPER, ONE));
	place_leave();
	places_join(NULL, 0, 0);
	cr_expect_not(place_take(PLACE_BOOKKEEPER, ONE));
	cr_expect(place_take(PLACE_ACCOUNT, ONE));
	place_leave();
}
