/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a request that changes something is done: once, even when it is sent
 * again (Idempotency-Key), and only to what the client has seen (If-Match).
 */
#ifndef REEVE_API_COMMIT_H
#define REEVE_API_COMMIT_H

#include "api/call.h"
#include "service/change.h"

/*
 * Runs work, which answers into c->response, in one transaction; after a
 * deadlock again from its start. With an Idempotency-Key the answer is kept in
 * the same transaction, and a request that was answered before gets that
 * answer instead. Problems: those of work; VALIDATION (the key), KEY_REUSED; those
 * of response_check, when nothing was done.
 */
struct problem *commit_request(struct call *c,
    struct problem *(*work)(struct call *c, void *state), void *state)
    MUSTCHECK;

/* The Idempotency-Key of a request that sees to it itself; NULL: none. Problems:
 * VALIDATION. */
struct problem *commit_key(const struct call *c, const char **key) MUSTCHECK;

/*
 * PRECONDITION unless If-Match, if sent, names the ETag of current, which is
 * what GET of this resource shows now.
 */
struct problem *commit_if_match(const struct call *c,
    struct json_object *current) MUSTCHECK;

/* Answers with a tree, its keys in one order: of one state, one ETag. */
void commit_answer(struct call *c, struct json_object *tree);

/* Who asks, as use cases take it; the arena's. */
struct actor commit_actor(const struct call *c);

/* A change of the account in the path by whoever asks. */
struct change commit_change(const struct call *c, enum change_rule rule);

#endif
