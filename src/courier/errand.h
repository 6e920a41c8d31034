/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The delivery of one message, in three parts: it is claimed and prepared, sent
 * by the caller, and ended. Not inside a transaction. There is a file for
 * each kind of target, and its row in errand.c.
 */
#ifndef REEVE_COURIER_ERRAND_H
#define REEVE_COURIER_ERRAND_H

#include "courier/courier.h"
#include "courier/http_post.h"

/* One attempt to deliver a message. */
struct errand {
	const struct courier *courier;
	const struct outbox_message *message;
	bool sends; /* post is to be sent; else the answer is known already */
	struct http_post post;
	struct bookkeeper_request request; /* for a bookkeeper */
	enum bookkeeper_form form;         /* of the bookkeeper */
	struct bookkeeper_answer answer;
	struct outbox_end end;
	int64_t until; /* the end of its lease */
	int64_t now;   /* the end of the attempt */
};

/*
 * Claims a message whose turn it is and prepares its post; e->courier is set. *found:
 * there was one. Problems: those of the database; another courier takes the
 * message when the lease has run out.
 */
struct problem *errand_begin(struct errand *e, struct arena *a,
    const struct outbox_turn *turn, bool *found) MUSTCHECK;

/* Records what the receiver answered; http is lent, NULL where nothing was sent.
 * Problems: those of the database. */
struct problem *errand_end(struct errand *e, struct arena *a,
    const struct http_answer *http, struct courier_step *step) MUSTCHECK;

/* ---- the kinds of targets ---- */

/* Prepare the post, or set the answer to a message that is not sent. Problems:
 * those of the database. */
struct problem *errand_for_bookkeeper(struct errand *e, struct arena *a)
    MUSTCHECK;
struct problem *errand_for_webhook(struct errand *e, struct arena *a) MUSTCHECK;

/* Set the errand's answer from the receiver's. */
void errand_hear_bookkeeper(struct errand *e, struct arena *a,
    const struct http_answer *http);
void errand_hear_webhook(struct errand *e, struct arena *a,
    const struct http_answer *http);

/* Our own answer to a message that was not sent. */
struct bookkeeper_answer errand_answer(enum bookkeeper_verdict verdict,
    const char *reason, const char *message);

#endif
