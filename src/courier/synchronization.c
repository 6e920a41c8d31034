/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "courier/synchronization.h"

#include <time.h>

#include "base/breakers.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/places.h"
#include "courier/courier.h"

#define LOOK_EVERY_NS 50000000 /* while another courier delivers */

/* state is the deadline, in monotonic ms. */
static bool
is_late(void *state)
{
	const int64_t *until_ms = state;

	return clock_monotonic_ms() >= *until_ms;
}

/* True if somebody else tries each receiver whose answer is pending. */
static bool
waits_in_vain(const struct synchronization *s)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		if (synchronization_is_pending(&s->entries[i]) &&
		    !breaker_refuses(s->targets[i]))
			return false;
	return true;
}

struct problem *
courier_synchronize(struct db *db, struct arena *a, const struct actor *actor,
    const char *account_id, struct synchronization *out)
{
	const struct timespec pause = { .tv_nsec = LOOK_EVERY_NS };
	int64_t until_ms;
	const struct courier courier = {
		.config = actor->config,
		.db = db,
		.stop = is_late,
		.state = &until_ms,
	};
	struct courier_step step;
	struct problem *p;

	if ((p = synchronization_begin(db, a, actor, account_id, out)) != NULL)
		return p;
	until_ms = clock_monotonic_ms();
	if (place_take(PLACE_BOOKKEEPER, account_id))
		until_ms += actor->config->synchronization_timeout_s * 1000;
	for (;;) {
		p = synchronization_look(db, a, out);
		if (p != NULL || !out->pending || is_late(&until_ms) ||
		    waits_in_vain(out))
			return p;
		/* It may be another account's message: its problem is not
		 * ours. */
		p = courier_deliver(&courier, a, &step);
		if (p != NULL)
			log_warn("a message is not delivered: %s", p->text);
		if (p != NULL || !step.found || step.passed_over)
			nanosleep(&pause, NULL);
	}
}
