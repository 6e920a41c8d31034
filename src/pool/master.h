/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The process that starts workers and couriers and replaces those that exit. It
 * reads no requests and no messages. Its signals are those of php-fpm:
 *
 *	QUIT        graceful stop: waiting requests are still answered
 *	TERM, INT   fast stop: current requests get one second
 *	USR1        reopen the log
 *	USR2, HUP   read the configuration again, replace the workers
 */
#ifndef REEVE_POOL_MASTER_H
#define REEVE_POOL_MASTER_H

#include <stdint.h>

#include "base/config.h"
#include "pool/identity.h"
#include "pool/listener.h"

#define STATUS_LISTENERS 2

struct pool {
	const char *config_path;     /* absolute, or NULL: all defaults */
	int64_t workers;             /* of the command line, or -1 */
	const struct config *config; /* at the start of the pool */
	struct identity identity;
	struct listener listener;
	struct listener status[STATUS_LISTENERS]; /* fd -1: none */
};

/* Runs the pool until it is stopped. Returns the exit status. */
int master_run(struct pool *pool);

/* Serves in this process, without a master; for mod_fcgid and similar. */
int master_run_alone(struct pool *pool);

#endif
