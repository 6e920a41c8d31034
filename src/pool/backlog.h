/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many connections wait at a listening socket, as the kernel tells. */
#ifndef REEVE_POOL_BACKLOG_H
#define REEVE_POOL_BACKLOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

struct backlog {
	int64_t waiting;
	int64_t limit;
};

/* False: the kernel does not tell, or the socket does not listen. */
bool backlog_read(int fd, struct backlog *out) MUSTCHECK;

#endif
