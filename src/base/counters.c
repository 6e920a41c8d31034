/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/counters.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/memory.h"

const int64_t counters_bounds_ms[COUNTERS_BOUNDS] = { 1, 2, 5, 10, 20, 50, 100,
	200, 500, 1000, 2000, 5000, 10000, 30000 };

static struct counters *mine;
static struct effort effort;

struct counters *
counters_new(size_t parts)
{
	return memory_shared(parts * sizeof(struct counters));
}

void
counters_use(struct counters *own)
{
	mine = own;
	/* The predecessor may have died in a call. */
	if (own != NULL)
		own->calling = 0;
}

size_t
counters_class(int64_t took_us)
{
	size_t i;

	for (i = 0; i < COUNTERS_BOUNDS; i++)
		if (took_us <= counters_bounds_ms[i] * 1000)
			break;
	return i;
}

void
counters_begin(void)
{
	effort = (struct effort){ .begun_us = clock_monotonic_us() };
	if (mine != NULL)
		mine->calling = 0;
}

void
counters_answer(size_t route, int status)
{
	int64_t took_us = clock_monotonic_us() - effort.begun_us;

	if (mine == NULL || route >= COUNTERS_ROUTES || status < 100 ||
	    status >= 100 * (COUNTERS_STATUSES + 1))
		return;
	mine->answers[route][status / 100 - 1]++;
	mine->took[counters_class(took_us)]++;
	mine->took_us += (uint64_t)took_us;
}

void
counters_drop(void)
{
	if (mine != NULL)
		mine->dropped++;
}

void
counters_call(size_t call)
{
	effort.call_begun_us = clock_monotonic_us();
	if (mine != NULL)
		mine->calling = (int32_t)call + 1;
}

void
counters_returned(size_t call, const char *name)
{
	int64_t took_us = clock_monotonic_us() - effort.call_begun_us;

	effort.calls++;
	effort.calls_us += took_us;
	if (took_us >= effort.slowest_us) {
		effort.slowest = name;
		effort.slowest_us = took_us;
	}
	if (mine == NULL || call >= COUNTERS_CALLS)
		return;
	if (mine->calls[call].count == 0)
		snprintf(mine->calls[call].name, COUNTERS_NAME, "%s", name);
	mine->calls[call].count++;
	mine->calls[call].us += (uint64_t)took_us;
	mine->calling = 0;
}

const struct effort *
counters_effort(void)
{
	return &effort;
}
