/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The process that tells how the pool is, also when every worker is busy and
 * when the database hangs: /ping, /ready and /status, over HTTP on sockets of
 * its own.
 */
#ifndef REEVE_POOL_STATUS_PROCESS_H
#define REEVE_POOL_STATUS_PROCESS_H

#include <sys/types.h>

#include "base/config.h"
#include "pool/board.h"
#include "pool/identity.h"
#include "pool/visitors.h"

struct status_place {
	const struct config *config;
	const struct identity *identity;
	const struct board *board;
	struct score *score;
	int listeners[VISITORS_LISTENERS]; /* -1: none */
	pid_t master;
};

/*
 * Handles the signals of a worker (signals.h) and answers until it is told to
 * leave; a drain does not end it. Returns the exit status; 0 after a normal exit.
 */
int status_process_run(const struct status_place *place);

#endif
