/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One process that answers requests, one at a time. */
#ifndef REEVE_POOL_WORKER_H
#define REEVE_POOL_WORKER_H

#include <sys/types.h>

#include "base/config.h"
#include "pool/identity.h"
#include "pool/scoreboard.h"
#include "pool/suspects.h"

struct board;
struct limits;

struct worker_place {
	const struct config *config;
	const struct identity *identity;
	int listen_fd;
	struct score *score;
	const struct board *board;
	struct limits *limits; /* shared with the other workers */
	const struct suspects *suspects; /* NULL: none is refused */
	size_t slot; /* of this worker in tables of the pool */
	pid_t master; /* 0: none; max_requests does not apply then */
};

/*
 * Becomes a worker (signals.h has its signals) and serves until it is told to
 * leave or has served max_requests. Returns the exit status; 0 after a normal
 * exit.
 */
int worker_run(const struct worker_place *place);

#endif
