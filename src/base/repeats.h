/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Events that happen again and again: the first is told whole, and those of the
 * following minute are counted. No count gets lost: an event that has one leaves
 * the table only to be told. The table has a fixed size. Pure.
 */
#ifndef REEVE_BASE_REPEATS_H
#define REEVE_BASE_REPEATS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

#define REPEATS_EVENTS 32
#define REPEATS_PERIOD_MS (60 * 1000)
#define REPEATS_TEXT 256

struct repeat {
	char event[REPEATS_TEXT]; /* with its NUL; longer ones are cut */
	int level;                /* the caller's */
	int64_t begin_ms;         /* of the first, which was told */
	int64_t last_ms;
	uint64_t count; /* of those after it */
};

/* All zero: nothing has happened. Its members are private. */
struct repeats {
	struct repeat list[REPEATS_EVENTS];
	uint64_t used;
	int64_t due_ms; /* when a count is to be told; 0: there is none */
};

/*
 * Notes that an event happens. True: tell it whole. Before that, tell *gone if
 * its count is not 0: it had to make room.
 */
bool repeats_note(struct repeats *r, const char *event, int level,
    int64_t now_ms, struct repeat *gone) MUSTCHECK;

/*
 * Takes out an event that is to be told with its count, because its minute has
 * passed, or all is true. False: there is none now.
 */
bool repeats_take(struct repeats *r, bool all, int64_t now_ms,
    struct repeat *out) MUSTCHECK;

/* Returns the seconds that a count stands for, 1 at least. */
int64_t repeats_seconds(const struct repeat *r);

#endif
