/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The process that starts workers and couriers, replaces those that end, and
 * never touches a request or a message. It listens to the signals php-fpm's administrators know:
 *
 *	QUIT        graceful stop: all that wait are still answered
 *	TERM, INT   fast stop: only requests begun are, for a second
 *	USR1        reopen the log
 *	USR2, HUP   read the configuration again, replace the workers
 */
#ifndef REEVE_POOL_MASTER_H
#define REEVE_POOL_MASTER_H

#include <stdint.h>

#include "base/config.h"
#include "pool/identity.h"
#include "pool/listener.h"

struct pool {
	const char *config_path;     /* absolute, or NULL: all defaults */
	int64_t workers;             /* of the command line, or -1 */
	const struct config *config; /* what we started with */
	struct identity identity;
	struct listener listener;
};

/* Runs the pool until it is stopped. Returns the exit status. */
int master_run(struct pool *pool);

/* Serves in this process instead, for those who bring a master of their own. */
int master_run_alone(struct pool *pool);

#endif
