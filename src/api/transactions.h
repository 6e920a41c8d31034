/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions shared by the requests that move money. */
#ifndef REEVE_API_TRANSACTIONS_H
#define REEVE_API_TRANSACTIONS_H

#include "api/call.h"
#include "service/payment.h"

/* A payment as lists show it. */
struct json_object *transactions_shown(struct call *c, void *state,
    struct json_object *whole);

/* Does the request ask for pending payments (status, descendants)? */
bool transactions_hanging_asked(const struct call *c);

/* Answers the pending payments of the account, or with descendants=true those
 * of all accounts at or below it. Problems: VALIDATION; FORBIDDEN. */
struct problem *transactions_hanging(struct call *c) MUSTCHECK;

/* The amount of a body, a number, as money above 0. low_code, low: what is said
 * of one that is not above 0. Problems: VALIDATION. */
struct problem *transactions_amount(struct call *c, const char *low_code,
    const char *low, money_t *out) MUSTCHECK;

/*
 * Orders a payment under the request's Idempotency-Key, if it has one. *ledger:
 * the credit of a top-up; NULL: none. Problems: those of courier_pay; PAYMENT
 * or NO_PAYMENT_TOKEN unless it is completed.
 */
struct problem *transactions_order(struct call *c,
    struct payment_order *order, struct payment *out,
    struct json_object **ledger) MUSTCHECK;

#endif
