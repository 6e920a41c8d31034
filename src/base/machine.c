/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/machine.h"

#include <unistd.h>

#define NAME_SIZE 65

const char *
machine_name(struct arena *a)
{
	char name[NAME_SIZE] = "";

	return gethostname(name, sizeof(name) - 1) == 0 ?
	    arena_strdup(a, name) : "";
}
