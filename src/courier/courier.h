/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Delivers the messages of the outbox. The courier claims a message, sends it
 * to its receiver, and records the outcome: in the message, in the audit entry
 * it reports, and in the payer's standing. No transaction is open while it
 * waits for the receiver's server.
 *
 * A message's target names its receiver. The table in errand.c has a row for
 * each kind of target, with the functions that deliver to it
 * (courier/errand.h). Here one message is delivered at a time; flights.h
 * delivers many.
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
	/* Called while the caller waits; true aborts the attempt. May be
	 * NULL. */
	bool (*stop)(void *state);
	void *state;
};

/* The outcome of one step: one message, or none. */
struct courier_step {
	bool found;     /* there was a message */
	bool passed_over; /* the receiver's breaker is open: the message was
	                     not sent and waits; only its names are set */
	bool lost;      /* the lease ran out meanwhile; nothing was written */
	int64_t id;
	const char *account_id;
	const char *target;
	enum outbox_state state; /* of the message now */
	const char *reason; /* of the attempt; NULL: none */
	const char *detail;
};

/* Notes this process as one that uses the database, while it does
 * (store/programs.h); forgets it at its end. */
void courier_join(const struct courier *courier);
void courier_leave(const struct courier *courier, struct arena *a);

/*
 * Delivers one due message, if there is one. Problems: those of the database;
 * another courier takes the message when the lease has run out.
 */
struct problem *courier_deliver(const struct courier *courier, struct arena *a,
    struct courier_step *step) MUSTCHECK;

/* No message is due after this moment: one pause, or one lease, ahead of now. */
int64_t courier_farthest(const struct config *config, int64_t now);

/* Deletes messages that were delivered long ago. */
struct problem *courier_purge(const struct courier *courier, struct arena *a)
    MUSTCHECK;

/*
 * Sends a request to a bookkeeper now, past the outbox, and waits for its
 * answer: for clients that wait for the outcome of a sale. Not inside a
 * transaction. request->delivery_id NULL: a new one is made; a caller that
 * repeats a request sets the first one's. A bookkeeper that moves no money
 * answers DONE at once; one that cannot be found or read answers AGAIN with the
 * reason bookkeeper_unknown. Nothing is written: the caller turns the answer
 * into audit entries and ledgers. Problems: those of the database.
 */
struct problem *courier_ask(const struct courier *courier, struct arena *a,
    const struct bookkeeper_request *request, struct bookkeeper_answer *out)
    MUSTCHECK;

/* Seconds to wait after a try, counted from 1: first_s, doubled after each try,
 * and most_s at most. */
int64_t courier_pause(int64_t tries, int64_t first_s, int64_t most_s);

#endif
