/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Payments that somebody waits for: a bookkeeper is asked at once. */
#ifndef REEVE_COURIER_PAYMENT_H
#define REEVE_COURIER_PAYMENT_H

#include "base/config.h"
#include "service/payment.h"

/*
 * Begins a payment, asks its bookkeeper when it is its turn, and settles it.
 * order NULL: *payment was begun before. Not inside a transaction. *payment is
 * completed, failed, or still pending when the bookkeeper did not say: then the
 * same order, or this without one, goes on; its id is NULL when there was one
 * since order->alone_since. Problems: those of pay_begin and of the database.
 */
struct problem *courier_pay(struct db *db, struct arena *a,
    const struct config *config, const struct payment_order *order, int64_t now,
    struct payment *payment) MUSTCHECK;

#endif
