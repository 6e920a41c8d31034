/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The name of this machine. */
#ifndef REEVE_BASE_MACHINE_H
#define REEVE_BASE_MACHINE_H

#include "base/arena.h"

/* The name, at most 64 bytes as a column for it has; "" if there is none. */
const char *machine_name(struct arena *a);

#endif
