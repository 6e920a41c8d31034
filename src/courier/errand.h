/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The delivery of one message, in three parts: it is claimed and prepared, sent
 * by the caller, and ended. Not inside a transaction. There is a file for
 * each kind of target, and its row in errand.c.
 */
#ifndef REEVE_COURIER_ERRAND_H
#define REEVE_COURIER_ERRAND_H

#include "base/breakers.h"
#include "courier/courier.h"
#include "courier/http_post.h"
#include "service/payment.h"

/* One attempt to deliver a message. */
struct errand {
	const struct courier *courier;
	const struct outbox_message *message;
	bool sends; /* post is to be sent; else the answer is known already */
	struct http_post post;
	const char *breaker; /* the name of its receiver's breaker */
	struct bookkeeper_request request; /* for a bookkeeper; account_id: whose
	                                      standing the answer changes */
	struct payment payment; /* that is asked for; its id NULL: none */
	struct pay_turn turn;   /* to ask for it */
	enum bookkeeper_form form;         /* of the bookkeeper */
	struct bookkeeper_answer answer;
	struct outbox_end end;
	bool failing; /* the receiver has not taken the last message */
	struct breaker_pass pass; /* of its receiver */
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

/* True if the post is to be sent now: the receiver's breaker is closed, or this
 * attempt tries it, and nobody else asks for the same payment. A message that may
 * not be sent is passed over. */
bool errand_may_fly(struct errand *e, struct arena *a) MUSTCHECK;

#define ERRAND_REST_S 2

/* Gives a message back that was not sent; it is due after ERRAND_REST_S.
 * Problems: those of the database. */
struct problem *errand_pass_over(const struct errand *e, struct arena *a)
    MUSTCHECK;

/* Tells the breaker of a receiver how an attempt ended; url is the post's. */
void errand_note(struct arena *a, const char *target, const char *url,
    const struct http_answer *http);

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
struct problem *errand_for_payment(struct errand *e, struct arena *a) MUSTCHECK;
struct problem *errand_for_mail(struct errand *e, struct arena *a) MUSTCHECK;

/* True if it is this errand's turn to ask for its payment. */
bool errand_may_pay(struct errand *e, struct arena *a) MUSTCHECK;

/* Settles the payment by the errand's answer, in a transaction of its own, and
 * sets the verdict on the message: done, unless the payment is still pending.
 * Problems: those of the database. */
struct problem *errand_settle_payment(struct errand *e, struct arena *a)
    MUSTCHECK;

/* Builds the post of e->request to a bookkeeper, or sets the answer. Problems:
 * those of the database. */
struct problem *errand_build_post(struct errand *e, struct arena *a) MUSTCHECK;

/* Set the errand's answer from the receiver's. */
void errand_hear_bookkeeper(struct errand *e, struct arena *a,
    const struct http_answer *http);
void errand_hear_webhook(struct errand *e, struct arena *a,
    const struct http_answer *http);
void errand_hear_mail(struct errand *e, struct arena *a,
    const struct http_answer *http);

/* Our own answer to a message that was not sent. */
struct bookkeeper_answer errand_answer(enum bookkeeper_verdict verdict,
    const char *reason, const char *message);

#endif
