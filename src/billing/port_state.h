/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The states of port requests, and who may bring one from which into which
 * (rules/ports 3). Pure.
 */
#ifndef REEVE_BILLING_PORT_STATE_H
#define REEVE_BILLING_PORT_STATE_H

#include <stdbool.h>

#include "billing/state_step.h"

#define PORT_FIRST "unconfirmed"
#define PORT_SCHEDULED "scheduled"
#define PORT_COMPLETED "completed"

/* The step from a state into another; NULL: there is none. From a name of no
 * state the seller leads a request out. */
const struct state_step *porting_step(const char *from, const char *to);

/* Is there a state of this name? */
bool porting_known(const char *state);

/* Of the questions below, the answers for a name of no state are those for
 * unconfirmed. */

/* Is a request of this state open? */
bool porting_open(const char *state);

/* Does a request of this state keep its numbers from all others? */
bool porting_holds(const char *state);

/* Does a request of this state need numbers? */
bool porting_filled(const char *state);

/* May a request of this state be edited by the account's users? Its seller edits
 * every open one. */
bool porting_edited(const char *state);

/* May a request of this state be deleted? */
bool porting_deleted(const char *state);

/* The states, with commas, that a list of this type has: a state, or active,
 * progressing, suspended, completed (canceled ones, too), all. NULL: no such
 * type. */
const char *porting_states(const char *type);

#endif
