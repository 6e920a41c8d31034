/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The delivery of one message: a file for each kind of target.
 */
#ifndef REEVE_COURIER_ERRAND_H
#define REEVE_COURIER_ERRAND_H

#include "courier/courier.h"

/* One attempt to deliver a message. */
struct errand {
	const struct courier *courier;
	const struct outbox_message *message;
	struct bookkeeper_request request; /* for a bookkeeper */
	struct bookkeeper_answer answer;
	struct outbox_end end;
	int64_t now; /* the end of the attempt */
};

/*
 * Deliver a message to its target and set the errand's answer to the outcome.
 * Not inside a transaction. Problems: those of the database.
 */
struct problem *errand_to_bookkeeper(struct errand *e, struct arena *a)
    MUSTCHECK;
struct problem *errand_to_webhook(struct errand *e, struct arena *a) MUSTCHECK;

/* Our own answer to a message that was not sent. */
struct bookkeeper_answer errand_answer(enum bookkeeper_verdict verdict,
    const char *reason, const char *message);

#endif
