/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A message on its way, and who carries it: a file for each kind of target.
 */
#ifndef REEVE_COURIER_ERRAND_H
#define REEVE_COURIER_ERRAND_H

#include "courier/courier.h"

/* A message on its way. */
struct errand {
	const struct courier *courier;
	const struct outbox_message *message;
	struct bookkeeper_request request; /* to a bookkeeper */
	struct bookkeeper_answer answer;
	struct outbox_end end;
	int64_t now; /* when it ended */
};

/*
 * Carry a message to its target, and say in the errand's answer what came of
 * it. No transaction is open. Problems: those of the database.
 */
struct problem *errand_to_bookkeeper(struct errand *e, struct arena *a)
    MUSTCHECK;
struct problem *errand_to_webhook(struct errand *e, struct arena *a) MUSTCHECK;

/* An answer that was not asked for: nobody has heard the question. */
struct bookkeeper_answer errand_answer(enum bookkeeper_verdict verdict,
    const char *reason, const char *message);

#endif
