/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Delivers what waits in the outbox: claims a message, tells its receiver, and
 * writes down what came of it: in the message, in the audit entry whose outcome
 * it is, and in the standing of who pays. No transaction is open while it waits
 * for somebody else's server.
 *
 * Whom a message is for, its target says; the table in courier.c has a row for
 * every kind of target, and a function that carries a message there
 * (courier/errand.h).
 */
#ifndef REEVE_COURIER_COURIER_H
#define REEVE_COURIER_COURIER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/config.h"
#include "billing/bookkeeper.h"
#include "store/outbox.h"

struct courier {
	const struct config *config;
	struct db *db;
	/* Asked while an attempt is under way; true breaks it off. May be NULL. */
	bool (*stop)(void *state);
	void *state;
};

/* What one step of a courier was. */
struct courier_step {
	bool found;     /* there was a message */
	bool lost;      /* its turn ran out meanwhile; nothing was written */
	int64_t id;
	const char *account_id;
	const char *target;
	enum outbox_state state; /* of the message now */
	const char *reason; /* of the attempt; NULL: none */
	const char *detail;
};

/*
 * Delivers one message that is due, if there is one. Problems: those of the
 * database; the message is another courier's when its lease has run out.
 */
struct problem *courier_deliver(const struct courier *courier, struct arena *a,
    struct courier_step *step) MUSTCHECK;

/* Forgets messages that were delivered long ago. */
struct problem *courier_purge(const struct courier *courier, struct arena *a)
    MUSTCHECK;

/*
 * Asks a bookkeeper now and waits for its answer, past the outbox: for what
 * somebody waits for, such as whether a sale was made. Not inside a
 * transaction. request->delivery_id may be NULL: a new one is made; who repeats
 * a question gives the one it had. A bookkeeper that moves nothing answers DONE
 * at once; one that cannot be told anything, AGAIN with the reason
 * bookkeeper_unknown. Nothing is written: what the answer means for audit
 * entries and ledgers is the caller's. Problems: those of the database.
 */
struct problem *courier_ask(const struct courier *courier, struct arena *a,
    const struct bookkeeper_request *request, struct bookkeeper_answer *out)
    MUSTCHECK;

/* Seconds to wait after try number tries (1...): first, doubled each time. */
int64_t courier_pause(int64_t tries, int64_t first_s, int64_t most_s);

#endif
