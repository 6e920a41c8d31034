/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Payments that a bookkeeper is asked to charge or to give back: noted before
 * they are asked for, so that nothing that moved money is forgotten; asked for
 * by one at a time and under one delivery id, so that it moves once; settled
 * with the credit where it is a top-up. Who asks, and waits, is
 * courier/payment.h.
 */
#ifndef REEVE_SERVICE_PAYMENT_H
#define REEVE_SERVICE_PAYMENT_H

#include "billing/bookkeeper.h"
#include "store/payments.h"

/* A payment that is wanted. */
struct payment_order {
	enum payment_type type;  /* PAYMENT_SALE or PAYMENT_REFUND */
	const char *account_id;
	const char *account_name;
	struct bookkeeper bookkeeper; /* one that moves money */
	money_t amount;          /* above 0 */
	bool credits;            /* a top-up */
	const char *trigger;     /* "manual", "automatic": of the executor */
	const char *module;
	const char *description; /* NULL: none */
	struct json_object *metadata; /* NULL: none */
	const char *order_id;    /* NULL: none */
	struct json_object *audit; /* who wants it; NULL: nobody in person */
	const char *request_key; /* of the same key there is one; NULL: none */
	int64_t alone_since;     /* not after an automatic one; 0: no limit */
};

/*
 * Notes a payment, or finds the one that was ordered before under its
 * request_key, or, a top-up without one, is pending. Not inside a transaction.
 * *out: then pending, completed or failed; its id is NULL when there was one
 * since alone_since. Problems: KEY_REUSED (another order under the key);
 * CONFLICT (another top-up without a key is pending).
 */
struct problem *pay_begin(struct db *db, struct arena *a,
    const struct payment_order *order, int64_t now, struct payment *out)
    MUSTCHECK;

/* Of one who wants to ask. */
struct pay_turn {
	int64_t length_s; /* how long asking may take */
	bool waited;      /* for somebody else who asked */
	enum payment_turn whose;
	bool first;       /* nobody can have asked before */
};

/*
 * Takes the turn to ask for a payment that is pending, unless turn->whose says
 * otherwise: BUSY, wait and try again; OVER, *payment is what somebody else was
 * told. Nobody has it for longer than its length, so there is an end to it.
 */
struct problem *pay_take_turn(struct db *db, struct arena *a,
    struct payment *payment, struct pay_turn *turn, int64_t now) MUSTCHECK;

/* What its bookkeeper is asked; borrows from payment. */
struct bookkeeper_request pay_request(struct arena *a,
    const struct payment *payment);

/*
 * Writes down what came of it, in one with the credit of what was paid and the
 * event; *payment is as it is then. first: nobody had asked before. Not inside
 * a transaction.
 */
struct problem *pay_settle(struct db *db, struct arena *a,
    struct payment *payment, const struct bookkeeper_answer *answer, bool first,
    int64_t now) MUSTCHECK;

/* Payments of an account that are pending, and for which nobody waits any more:
 * some, the longest waiting first. */
struct problem *pay_forgotten(struct db *db, struct arena *a,
    const char *account_id, int64_t now, struct payment_list *out) MUSTCHECK;

/* What a ledger is credited with. */
struct payment_credit {
	const struct payment_order *order;
	const char *source_id; /* the payment's, or one of its own */
	int64_t ordered;       /* Gregorian seconds */
};

/*
 * Credits it, without asking anybody to pay. In a transaction of the caller's.
 * *ledger: the credit as ledgers show it, the arena's.
 */
struct problem *pay_credit(struct db *db, struct arena *a,
    const struct payment_credit *credit, int64_t now,
    struct json_object **ledger) MUSTCHECK;

/* The credit of a top-up that is completed, as ledgers show it, the arena's;
 * NULL: there is none. */
struct problem *pay_find_credit(struct db *db, struct arena *a,
    const struct payment *payment, struct json_object **ledger) MUSTCHECK;

/* As clients see it; the arena's. */
struct json_object *pay_json(struct arena *a, const struct payment *payment);

#endif
