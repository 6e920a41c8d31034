/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The states of phone numbers, and who may bring one from which into which
 * (rules/ports 10). They do not change what a number counts as. Pure.
 */
#ifndef REEVE_BILLING_NUMBER_STATE_H
#define REEVE_BILLING_NUMBER_STATE_H

#include "billing/state_step.h"

#define NUMBER_IN_SERVICE "in_service" /* of numbers that say none */
#define NUMBER_RESERVED "reserved"

/* The step from a state ("": a number that is not there yet) into another; NULL:
 * there is none. */
const struct state_step *number_step(const char *from, const char *to);

#endif
