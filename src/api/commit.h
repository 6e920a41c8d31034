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
 * response_check, when nothing was done.
 */
struct problem *commit_request(struct call *c,
    struct problem *(*work)(struct call *c, void *state), void *state)
    MUSTCHECK;

/* The Idempotency-Key of a request that sees to it itself; NULL: none.
 * Problems: VALIDATION. */
struct problem *commit_key(const struct call *c, const char **key) MUSTCHECK;

#endif
