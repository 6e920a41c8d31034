/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The state of every worker, in memory shared with the master. A worker writes
 * only its own slot. The master reads all slots and trusts none: they are
 * gossip for the log and for request_terminate_timeout.
 */
#ifndef REEVE_POOL_SCOREBOARD_H
#define REEVE_POOL_SCOREBOARD_H

#include <stddef.h>
#include <stdint.h>

/* An idle worker gives a sign of life this often; one that has given none for
 * SCORE_SILENT_S hangs. */
#define SCORE_HEARTBEAT_S 5
#define SCORE_SILENT_S 20

enum score_state {
	SCORE_STARTING,
	SCORE_IDLE,
	SCORE_READING, /* the parameters of a request */
	SCORE_BUSY,
	SCORE_STATES
};

enum score_role { SCORE_WORKER, SCORE_COURIER, SCORE_STATUS, SCORE_ROLES };

/* One cache line each, so that workers do not slow each other down. */
struct score {
	_Alignas(64) _Atomic int32_t pid;
	_Atomic int32_t state;
	_Atomic int64_t since_ms; /* begin of this state, or the last sign of life:
	                             of an idle worker, or the progress of a
	                             long answer; monotonic */
	_Atomic uint64_t served;
	_Atomic uint64_t fingerprint; /* of the request (suspects.h); 0: none */
	_Atomic uint32_t generation; /* number of reloads before its start */
	_Atomic int32_t role;
};

_Static_assert(sizeof(struct score) == 64, "one cache line");

/* Returns zeroed slots, shared with children forked later; NULL: no memory. */
struct score *scoreboard_new(size_t slots);

/* Sets the state of the slot's owner, beginning now. */
void score_mark(struct score *s, enum score_state state);

/* Returns "idle", "busy"..., or "unknown" for any other number. */
const char *score_state_name(int state);

/* Returns "worker"..., or "unknown" for any other number. */
const char *score_role_name(int role);

#endif
