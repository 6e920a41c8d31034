/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps between the states of something: a table says which there are, and who
 * takes them. Pure. */
#ifndef REEVE_BILLING_STATE_STEP_H
#define REEVE_BILLING_STATE_STEP_H

#include <stdbool.h>
#include <stddef.h>

struct state_step {
	const char *from;
	const char *to;
	bool seller; /* only the account's seller may; else its users, too */
};

/* The step of a table; NULL: there is none. */
const struct state_step *state_step_find(const struct state_step *steps,
    size_t count, const char *from, const char *to);

#endif
