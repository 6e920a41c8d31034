/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions shared by the requests that move money. */
#ifndef REEVE_API_TRANSACTIONS_H
#define REEVE_API_TRANSACTIONS_H

#include "api/call.h"
#include "service/payment.h"

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
