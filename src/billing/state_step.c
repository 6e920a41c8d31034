/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/state_step.h"

#include <string.h>

const struct state_step *
state_step_find(const struct state_step *steps, size_t count, const char *from,
    const char *to)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(steps[i].from, from) == 0 &&
		    strcmp(steps[i].to, to) == 0)
			return &steps[i];
	return NULL;
}
