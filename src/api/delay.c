/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/delay.h"

#include <stdatomic.h>

int64_t
delay_places(int64_t workers)
{
	int64_t quarter = (workers + 3) / 4;

	if (workers < 2)
		return 0;
	return quarter < DELAY_PLACES ? quarter : DELAY_PLACES;
}

bool
delay_take(struct delays *d, int64_t places, int64_t now_ms, int64_t length_ms)
{
	int64_t until, i;

	for (i = 0; i < places; i++) {
		until = d->until_ms[i];
		if (until <= now_ms && atomic_compare_exchange_strong(
		    &d->until_ms[i], &until, now_ms + length_ms))
			return true;
	}
	return false;
}
