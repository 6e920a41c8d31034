/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Payments that a bookkeeper is asked to charge or refund. A payment is stored
 * before the request, so that no moved money is forgotten. One process at a
 * time sends the request, always with the same delivery id, so that money moves
 * once. A top-up is settled together with its credit. courier/payment.h sends
 * the requests.
 */
#ifndef REEVE_SERVICE_PAYMENT_H
#define REEVE_SERVICE_PAYMENT_H

#include "billing/bookkeeper.h"
#include "store/payments.h"

/* An order of a payment. */
struct payment_order {
	enum payment_type type;  /* PAYMENT_SALE or PAYMENT_REFUND */
	const char *account_id;
	const char *account_name;
	struct bookkeeper bookkeeper; /* one that moves money */
	money_t amount;          /* above 0 */
	bool credits;            /* a top-up */
	const char *trigger;     /* "manual", "automatic": the executor's */
	const char *module;
	const char *description; /* NULL: none */
	struct json_object *metadata; /* NULL: none */
	const char *order_id;    /* NULL: none */
	struct json_object *audit; /* the actor; NULL: automatic */
	struct payment_terms terms;
};

/*
 * Stores a payment, or finds the earlier one with its request_key, or the
 * pending one of a top-up without a key. Call it outside a transaction. *out:
 * pending, completed or failed; its id is NULL if there was another since
 * alone_since. Problems: KEY_REUSED (another order under the key); PAYMENT
 * (another top-up without a key is pending: its data names it); VALIDATION (a
 * refund beyond what was paid less what was refunded or may be).
 */
struct problem *pay_begin(struct db *db, struct arena *a,
    const struct payment_order *order, int64_t now, struct payment *out)
    MUSTCHECK;

/* The turn of a process that wants to send the request. */
struct pay_turn {
	int64_t length_s; /* max time of the request */
	bool waited;      /* for another process's request */
	enum payment_turn outcome;
	bool first;       /* no earlier request was possible */
};

/*
 * Takes the turn to request a pending payment. turn->outcome may refuse it:
 * BUSY, wait and try again; OVER, *payment has the answer to another process. A
 * turn expires after its length, so waiting ends.
 */
struct problem *pay_take_turn(struct db *db, struct arena *a,
    struct payment *payment, struct pay_turn *turn, int64_t now) MUSTCHECK;

/* The request to the bookkeeper; borrows from payment. */
struct bookkeeper_request pay_build_request(struct arena *a,
    const struct payment *payment);

/*
 * Stores the outcome, in one transaction with the credit and the event, and
 * updates *payment. first: no earlier request was possible. Call it outside a
 * transaction.
 */
struct problem *pay_settle(struct db *db, struct arena *a,
    struct payment *payment, const struct bookkeeper_answer *answer, bool first,
    int64_t now) MUSTCHECK;

/* Pending payments of an account that no process waits for: a batch, the oldest
 * first. */
struct problem *pay_list_forgotten(struct db *db, struct arena *a,
    const char *account_id, int64_t now, struct payment_list *out) MUSTCHECK;

/* A credit of a ledger. */
struct payment_credit {
	const struct payment_order *order;
	const char *source_id; /* the payment's, or one of its own */
	int64_t ordered;       /* Gregorian seconds */
};

/*
 * Writes a credit without requesting a payment. The caller opens the
 * transaction. *ledger: the credit as ledgers show it, the arena's.
 */
struct problem *pay_credit(struct db *db, struct arena *a,
    const struct payment_credit *credit, int64_t now,
    struct json_object **ledger) MUSTCHECK;

/* The credit of a top-up that is completed, as ledgers show it, the arena's;
 * NULL: there is none. */
struct problem *pay_find_credit(struct db *db, struct arena *a,
    const struct payment *payment, struct json_object **ledger) MUSTCHECK;

/* A payment as clients see it; the arena's. */
struct json_object *pay_json(struct arena *a, const struct payment *payment);

#endif
