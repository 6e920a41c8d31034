/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "pool/scoreboard.h"


#include "base/attr.h"
#include "base/clock.h"
#include "base/memory.h"

static const char *const state_names[] = {
	[SCORE_STARTING] = "starting",
	[SCORE_IDLE] = "idle",
	[SCORE_READING] = "reading",
	[SCORE_BUSY] = "busy",
};

static const char *const role_names[] = {
	[SCORE_WORKER] = "worker",
	[SCORE_COURIER] = "courier",
	[SCORE_STATUS] = "status",
};

struct score *
scoreboard_new(size_t slots)
{
	return memory_shared(slots * sizeof(struct score));
}

void
score_mark(struct score *s, enum score_state state)
{
	/* The time first, so that a new state never has an old time. */
	s->since_ms = clock_monotonic_ms();
	s->state = (int32_t)state;
}

const char *
score_state_name(int state)
{
	if (state < 0 || (size_t)state >= NELEM(state_names))
		return "unknown";
	return state_names[state];
}

const char *
score_role_name(int role)
{
	if (role < 0 || (size_t)role >= NELEM(role_names))
		return "unknown";
	return role_names[role];
}
