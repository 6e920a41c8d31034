/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The memory in which the workers of a pool limit their clients together. */
#ifndef REEVE_API_LIMITS_H
#define REEVE_API_LIMITS_H

#include "api/delay.h"

struct limits {
	struct delays login_delays;
};

/* Returns new ones, shared with children forked later; NULL: no memory. */
struct limits *limits_new(void);

#endif
