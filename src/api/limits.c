/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/limits.h"

#include <stddef.h>
#include <sys/mman.h>

#include "base/clock.h"

struct limits *
limits_new(void)
{
	struct limits *l = mmap(NULL, sizeof(*l), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (l == MAP_FAILED)
		return NULL;
	secret_random(l->key, sizeof(l->key));
	l->begun_ms = clock_monotonic_ms();
	return l;
}
