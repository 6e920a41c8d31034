/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requests that were made, and their answers: for clients that send a request
 * again under the same Idempotency-Key, or ask for its fate. All but
 * store_request_show are used inside the transaction of the request.
 */
#ifndef REEVE_STORE_ANSWERS_H
#define REEVE_STORE_ANSWERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/secret.h"
#include "store/db.h"

#define ANSWER_NAME_MAX 255

struct answer {
	int64_t status;       /* HTTP */
	bool entity;          /* the body is what GET of the URL shows */
	const char *location; /* NULL: none */
	const char *body;     /* data as JSON */
	const char *metadata; /* beside it, as JSON; NULL: none */
};

/* A request of an account, under the account's name for it. */
struct answer_request {
	const char *account_id;
	const char *name; /* up to ANSWER_NAME_MAX bytes */
	unsigned char fingerprint[DIGEST_BYTES]; /* of the whole request */
	int64_t expires; /* when its answer is deleted, Gregorian seconds */
};

/*
 * Begins a request of an account. *known is NULL for the first of its name
 * (others of the same name wait for the end of the transaction), else the
 * stored answer. Problems: KEY_REUSED.
 */
struct problem *store_answer_take(struct db *db, struct arena *a,
    const struct answer_request *request, int64_t now, struct answer **known)
    MUSTCHECK;

/* Stores the answer of a request that answer_take began. */
struct problem *store_answer_keep(struct db *db, struct arena *a,
    const struct answer_request *request, const struct answer *answer)
    MUSTCHECK;

/* A request that changes something. */
struct request_note {
	const char *account_id; /* of the caller */
	const char *id;
	const char *name; /* its Idempotency-Key; NULL: none */
	int64_t expires;  /* when it is forgotten, Gregorian seconds */
};

/* Notes the request that the transaction belongs to, once or more. */
struct problem *store_request_note(struct db *db, struct arena *a,
    const struct request_note *note) MUSTCHECK;

/* The fate of a request. */
struct request_outcome {
	const char *state; /* "done", "running", "unknown" */
	bool answered;     /* it has an answer that was kept */
	struct answer answer;
};

/* Asks about a request of an account by its id or its Idempotency-Key. */
struct problem *store_request_show(struct db *db, struct arena *a,
    const char *account_id, const char *name, int64_t now,
    struct request_outcome *out) MUSTCHECK;

/* Deletes a batch of expired requests, answers and quotes. */
struct problem *store_expired_purge(struct db *db, struct arena *a, int64_t now)
    MUSTCHECK;

#endif
