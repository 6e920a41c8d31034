/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "pool/throttle.h"

static void
begin_pause(struct throttle *t, int64_t pause_ms, int64_t now_ms)
{
	t->pause_ms = pause_ms < THROTTLE_PAUSE_MOST_MS ?
	    pause_ms : THROTTLE_PAUSE_MOST_MS;
	t->until_ms = now_ms + t->pause_ms;
	t->count = 0;
}

/* Records a death. True: there have been too many. */
static bool
is_one_too_many(struct throttle *t, int64_t now_ms)
{
	size_t at = t->count++ % THROTTLE_DEATHS;

	t->deaths_ms[at] = now_ms;
	/* The next death overwrites the oldest. */
	at = (at + 1) % THROTTLE_DEATHS;
	return t->count >= THROTTLE_DEATHS &&
	    now_ms - t->deaths_ms[at] <= THROTTLE_WINDOW_MS;
}

bool
throttle_death(struct throttle *t, int64_t now_ms)
{
	/* No start since the pause began, so this death is not a new one. */
	if (now_ms < t->until_ms)
		return false;
	if (t->pause_ms > 0 && now_ms - t->until_ms < THROTTLE_PAUSE_MOST_MS) {
		begin_pause(t, 2 * t->pause_ms, now_ms);
		return false;
	}
	t->pause_ms = 0;
	if (!is_one_too_many(t, now_ms))
		return false;
	begin_pause(t, THROTTLE_PAUSE_LEAST_MS, now_ms);
	return true;
}

int64_t
throttle_wait_ms(const struct throttle *t, int64_t now_ms)
{
	return now_ms < t->until_ms ? t->until_ms - now_ms : 0;
}
