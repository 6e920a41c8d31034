/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "courier/courier.h"

#include "base/clock.h"
#include "base/gregorian.h"
#include "courier/errand.h"
#include "store/programs.h"

#define PURGE_AT_ONCE 500 /* messages in one call of outbox_purge */

int64_t
courier_pause(int64_t tries, int64_t first_s, int64_t most_s)
{
	int64_t pause = first_s;

	while (--tries > 0 && pause < most_s)
		pause *= 2;
	return pause < most_s ? pause : most_s;
}

int64_t
courier_farthest(const struct config *c, int64_t now)
{
	return now + CLOCKS_DIFFER_S +
	    (c->courier_pause_max_s > c->courier_lease_s ?
	    c->courier_pause_max_s : c->courier_lease_s);
}

void
courier_join(const struct courier *courier)
{
	store_program_join(courier->db, PROGRAM_COURIER);
}

void
courier_leave(const struct courier *courier, struct arena *a)
{
	store_program_leave(courier->db, a);
}

struct problem *
courier_deliver(const struct courier *courier, struct arena *a,
    struct courier_step *step)
{
	const struct outbox_turn oldest = { .after = NULL, .resting = "[]" };
	struct errand e = { .courier = courier };
	struct http_answer http;
	struct problem *p;
	bool found;

	*step = (struct courier_step){ .found = false };
	if ((p = errand_begin(&e, a, &oldest, &found)) != NULL || !found)
		return p;
	if (!e.sends)
		return errand_end(&e, a, NULL, step);
	if (!errand_may_fly(&e, a)) {
		*step = (struct courier_step){ .found = true,
			.passed_over = true, .state = OUTBOX_WAITING,
			.id = e.message->id, .account_id =
			e.message->account_id, .target = e.message->target };
		return errand_pass_over(&e, a);
	}
	e.post.stop = courier->stop;
	e.post.state = courier->state;
	http_post(a, &e.post, &http);
	return errand_end(&e, a, &http, step);
}

struct problem *
courier_purge(const struct courier *courier, struct arena *a)
{
	int64_t keep = courier->config->courier_keep_s, purged;
	struct problem *p;

	if (keep == 0)
		return NULL;
	do
		p = store_outbox_purge(courier->db, a, gregorian_now() - keep,
		    &purged);
	while (p == NULL && purged == PURGE_AT_ONCE);
	return p;
}
