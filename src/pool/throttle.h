/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Slows down the replacement of workers that keep dying. Five deaths within ten
 * seconds start a pause of one second, which doubles up to a minute while they
 * keep dying. It knows times only, no processes.
 */
#ifndef REEVE_POOL_THROTTLE_H
#define REEVE_POOL_THROTTLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define THROTTLE_DEATHS 5
#define THROTTLE_WINDOW_MS 10000
#define THROTTLE_PAUSE_LEAST_MS 1000
#define THROTTLE_PAUSE_MOST_MS 60000

/* All zero: no deaths. */
struct throttle {
	int64_t deaths_ms[THROTTLE_DEATHS]; /* a ring */
	size_t count;
	int64_t pause_ms; /* the last pause; 0: none */
	int64_t until_ms; /* when it ends */
};

/* Records a death at now_ms. True: the first pause begins; log it. */
bool throttle_death(struct throttle *t, int64_t now_ms);

/* Returns the time to wait before the next start; 0: none. */
int64_t throttle_wait_ms(const struct throttle *t, int64_t now_ms);

#endif
