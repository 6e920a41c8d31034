/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Places for requests that wait. A worker that delays an answer serves nobody
 * meanwhile, so only a part of a pool's workers may delay at once. A place is
 * taken until a time and never given back, so a killed worker keeps none. The
 * places may be in shared memory. Pure.
 */
#ifndef REEVE_API_DELAY_H
#define REEVE_API_DELAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

#define DELAY_PLACES 256

/* All zero: all are free. */
struct delays {
	_Atomic int64_t until_ms[DELAY_PLACES];
};

/* Returns how many of a pool's workers may delay: a quarter, never all. */
int64_t delay_places(int64_t workers);

/*
 * Takes one of the first places for length_ms from now_ms, a monotonic time.
 * False: all of them are taken.
 */
bool delay_take(struct delays *d, int64_t places, int64_t now_ms,
    int64_t length_ms) MUSTCHECK;

#endif
