/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One process that delivers messages, many at a time (courier/flights.h). */
#ifndef REEVE_POOL_COURIER_PROCESS_H
#define REEVE_POOL_COURIER_PROCESS_H

#include <sys/types.h>

#include "base/breakers.h"
#include "base/config.h"
#include "pool/identity.h"
#include "pool/scoreboard.h"

struct courier_place {
	const struct config *config;
	const struct identity *identity;
	struct score *score;
	struct breakers *breakers; /* shared with the other processes */
	pid_t master;
};

/*
 * Handles the signals of a worker (signals.h) and delivers messages until it is
 * told to leave. Returns the exit status; 0 after a normal exit.
 */
int pool_run_courier(const struct courier_place *place);

#endif
