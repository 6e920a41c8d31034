/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/limits.h"

#include <stddef.h>

#include "base/clock.h"
#include "base/memory.h"

struct limits *
limits_new(void)
{
	struct limits *l = memory_shared(sizeof(*l));

	if (l == NULL)
		return NULL;
	secret_random(l->key, sizeof(l->key));
	l->begun_ms = clock_monotonic_ms();
	return l;
}
