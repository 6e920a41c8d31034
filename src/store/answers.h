/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Answers kept for requests that are sent again under the same
 * Idempotency-Key. Inside the transaction of what the request changes.
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
	bool entity;          /* it is what GET of the URL would show */
	const char *location; /* NULL: none */
	const char *body;     /* data as JSON */
	const char *metadata; /* beside it, as JSON; NULL: none */
};

/* A request of an account, under the name it gave it. */
struct answer_request {
	const char *account_id;
	const char *name; /* up to ANSWER_NAME_MAX bytes */
	unsigned char fingerprint[DIGEST_BYTES]; /* of all that is asked */
	int64_t expires; /* when it is forgotten, Gregorian seconds */
};

/*
 * Begins a request of an account. *known is NULL when it is the first of its
 * name (others of the same name wait for the end of the transaction), else
 * what it was answered. Problems: KEY_REUSED.
 */
struct problem *answer_take(struct db *db, struct arena *a,
    const struct answer_request *request, int64_t now, struct answer **known)
    MUSTCHECK;

/* Keeps the answer of a request that answer_take began. */
struct problem *answer_keep(struct db *db, struct arena *a,
    const struct answer_request *request, const struct answer *answer)
    MUSTCHECK;

/* Forgets answers and quotes whose time is over, some at a time. */
struct problem *expired_purge(struct db *db, struct arena *a, int64_t now)
    MUSTCHECK;

#endif
