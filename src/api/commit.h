/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs requests that change something: in one transaction, and only once even
 * if they are sent again (Idempotency-Key).
 */
#ifndef REEVE_API_COMMIT_H
#define REEVE_API_COMMIT_H

#include "api/call.h"

/*
 * Runs work, which answers into c->response, in one transaction; after a
 * deadlock again from its start. With an Idempotency-Key the answer is kept in
 * the same transaction, and a request that was answered before gets that answer
 * instead. Problems: those of work; VALIDATION (the key), KEY_REUSED; those of
 * response_check, when nothing was done; UNAVAILABLE (too many others wait).
 */
struct problem *commit_request(struct call *c,
    struct problem *(*work)(struct call *c, void *state), void *state)
    MUSTCHECK;

/*
 * Takes a place among those that change the account of the path, until the end
 * of the request. commit_request does so itself. Problems: UNAVAILABLE (too many
 * others wait).
 */
struct problem *commit_take_place(struct call *c) MUSTCHECK;

/* The Idempotency-Key of a request that sees to it itself; NULL: none.
 * Problems: VALIDATION. */
struct problem *commit_key(const struct call *c, const char **key) MUSTCHECK;

#endif
