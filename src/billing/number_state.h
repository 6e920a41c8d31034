/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The states of phone numbers, and who may bring one from which into which
 * (rules/ports 10). They do not change what a number counts as. Pure.
 */
#ifndef REEVE_BILLING_NUMBER_STATE_H
#define REEVE_BILLING_NUMBER_STATE_H

#include <stdbool.h>
#include <stddef.h>

#define NUMBER_IN_SERVICE "in_service" /* of numbers that say none */
#define NUMBER_RESERVED "reserved"

/* A step from a state ("": a number that is not there yet) into another. */
struct number_step {
	const char *from;
	const char *to;
	bool seller; /* only the account's seller may; else its users, too */
};

/* All steps, by index; NULL after the last. */
const struct number_step *number_step_at(size_t index);

/* NULL: there is no such step. */
const struct number_step *number_step(const char *from, const char *to);

#endif
