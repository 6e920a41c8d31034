/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counts of what the processes of a pool did, in memory that they share. Each
 * process adds only to its own part, which its successor in the same place
 * continues; a reader adds all parts. The numbers only grow. Knows neither
 * routes nor procedures: both are numbers here.
 */
#ifndef REEVE_BASE_COUNTERS_H
#define REEVE_BASE_COUNTERS_H

#include <stddef.h>
#include <stdint.h>

#define COUNTERS_ROUTES 192
#define COUNTERS_CALLS 192
#define COUNTERS_NAME 48 /* of a call, with its NUL */
#define COUNTERS_STATUSES 5 /* 1xx to 5xx */
#define COUNTERS_BOUNDS 14

/* The upper bounds of the classes of durations; one more class is above. */
extern const int64_t counters_bounds_ms[COUNTERS_BOUNDS];

struct calls {
	char name[COUNTERS_NAME]; /* set before the first is counted */
	_Atomic uint64_t count;
	_Atomic uint64_t us;
};

struct counters {
	_Atomic uint64_t answers[COUNTERS_ROUTES][COUNTERS_STATUSES];
	_Atomic uint64_t took[COUNTERS_BOUNDS + 1];
	_Atomic uint64_t took_us; /* of all answers */
	_Atomic uint64_t dropped; /* requests that were not begun */
	struct calls calls[COUNTERS_CALLS];
	_Atomic int32_t calling; /* 1 + the call under way; 0: none */
};

/* The current request of this process, counted without a pool, too. */
struct effort {
	int64_t begun_us;   /* monotonic */
	int64_t calls;
	int64_t calls_us;   /* in all */
	const char *slowest; /* the call that took longest; NULL: none */
	int64_t slowest_us;
	int64_t call_begun_us;
};

/* Returns zeroed parts, shared with children forked later; NULL: no memory. */
struct counters *counters_new(size_t parts);

/* Sets this process's part; NULL, as at first: it has none. */
void counters_use(struct counters *own);

/* The begin of a request, and the answer to it; status: 100 to 599. */
void counters_begin(void);
void counters_answer(size_t route, int status);

/* A request that was not begun, because its client had gone. */
void counters_drop(void);

/* The begin and end of a call of the database. */
void counters_call(size_t call);
void counters_returned(size_t call, const char *name);

const struct effort *counters_effort(void);

/* Returns the class of a duration, COUNTERS_BOUNDS above the last bound. */
size_t counters_class(int64_t took_us);

#endif
