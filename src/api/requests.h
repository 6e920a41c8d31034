/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requests that change something leave their id in the transaction of the
 * change, so that a client that got no answer can ask for it (rules/requests 22).
 */
#ifndef REEVE_API_REQUESTS_H
#define REEVE_API_REQUESTS_H

#include "api/call.h"

/*
 * Lets each transaction of a request note its id, from now on and until
 * db_open_with(). Nothing for requests that read, and for those without a
 * caller. Problems: VALIDATION (the Idempotency-Key).
 */
struct problem *requests_note(struct call *c) MUSTCHECK;

#endif
