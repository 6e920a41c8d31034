/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Making payments: a bookkeeper is asked to charge or to give back, and what
 * came of it is written down, with the credit where it is a top-up. Noted before
 * it is asked for, so that nothing that moved money is forgotten; asked again
 * under the same delivery id, so that it moves once.
 */
#ifndef REEVE_COURIER_PAYMENT_H
#define REEVE_COURIER_PAYMENT_H

#include "courier/courier.h"
#include "store/ledgers.h"
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
	int64_t alone_since;     /* not after an automatic one; 0: never mind */
};

/*
 * Makes a payment, or finds what came of it when it was ordered before under
 * its request_key, or, a top-up without one, is pending. Not inside a transaction. *out is completed, failed, or still
 * pending when the bookkeeper did not say: then the same order, or
 * payment_resume, goes on; its id is NULL when there was one since alone_since.
 * *ledger: the credit of a top-up, the arena's; NULL: there is none. Problems:
 * KEY_REUSED (another order under the key); CONFLICT (another top-up without a
 * key is pending); those of the database.
 */
struct problem *payment_make(const struct courier *courier, struct arena *a,
    const struct payment_order *order, int64_t now, struct payment *out,
    struct json_object **ledger) MUSTCHECK;

/*
 * Asks about one that is pending, when it is its turn: of those who want to, one
 * does at a time, and the others find what came of it.
 */
struct problem *payment_resume(const struct courier *courier, struct arena *a,
    struct payment *payment, int64_t now) MUSTCHECK;

/*
 * Tops an account up if its document says so (topup.amount, topup.threshold)
 * and its balance is below the threshold; once in 24 hours (domain.md 13.2). Not
 * inside a transaction. *why: the reason it was not tried; NULL: it was, and
 * *out is what came of it.
 */
struct problem *payment_top_up_automatically(const struct courier *courier,
    struct arena *a, const char *account_id, int64_t now, struct payment *out,
    const char **why) MUSTCHECK;

/* Would it be topped up? */
struct problem *payment_top_up_is_due(const struct courier *courier,
    struct arena *a, const char *account_id, int64_t now, bool *due) MUSTCHECK;

/*
 * Credits a top-up, of the moment it was ordered, without asking anybody to
 * pay. In a transaction of the caller's. *ledger: the credit, the arena's.
 */
struct problem *payment_credit(struct db *db, struct arena *a,
    const struct payment_order *order, const char *source_id, int64_t ordered,
    int64_t now, struct json_object **ledger) MUSTCHECK;

/* As clients see it (api.md 15.1); the arena's. */
struct json_object *payment_json(struct arena *a,
    const struct payment *payment);

#endif
