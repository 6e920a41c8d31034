/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What every worker is doing, in memory they share with the master. A worker
 * writes its own slot only; the master reads them all and trusts none: it is
 * gossip for people and for the terminate timeout.
 */
#ifndef REEVE_POOL_SCOREBOARD_H
#define REEVE_POOL_SCOREBOARD_H

#include <stddef.h>
#include <stdint.h>

enum score_state {
	SCORE_STARTING,
	SCORE_IDLE,
	SCORE_READING, /* the parameters of a request */
	SCORE_BUSY
};

/* A cache line each, so that workers do not slow each other down. */
struct score {
	_Alignas(64) _Atomic int32_t pid;
	_Atomic int32_t state;
	_Atomic int64_t since_ms; /* in this state, monotonic */
	_Atomic uint64_t served;
	_Atomic uint32_t generation; /* reloads before it was started */
};

_Static_assert(sizeof(struct score) == 64, "one cache line");

/* Zeroed slots shared with every child forked later; NULL: no memory. */
struct score *scoreboard_new(size_t slots);

/* The slot's owner is in this state from now on. */
void score_mark(struct score *s, enum score_state state);

/* "idle", "busy"... of whatever number stands there. */
const char *score_state_name(int state);

int64_t scoreboard_now_ms(void);

#endif
