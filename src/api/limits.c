/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/limits.h"

#include <stddef.h>
#include <sys/mman.h>

struct limits *
limits_new(void)
{
	void *memory = mmap(NULL, sizeof(struct limits),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}
