/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The memory in which the processes of a pool limit their clients together. */
#ifndef REEVE_API_LIMITS_H
#define REEVE_API_LIMITS_H

#include "api/delay.h"
#include "api/rate_table.h"
#include "base/breakers.h"
#include "base/places.h"
#include "base/secret.h"

struct limits {
	struct places places; /* of workers that wait */
	struct breakers breakers; /* of receivers */
	struct delays login_delays;
	struct rate_table tokens;    /* those that were accepted */
	struct rate_table addresses; /* of requests without such a token */
	unsigned char key[SHORT_KEY_BYTES]; /* of the tables' hashes; random */
	int64_t begun_ms; /* when the memory was made, monotonic */
};

/*
 * Returns new ones, shared with children forked later; NULL: no memory. A reload
 * keeps them.
 */
struct limits *limits_new(void);

#endif
