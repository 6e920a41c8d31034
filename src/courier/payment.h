/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Payments that a client waits for: the bookkeeper is asked at once. */
#ifndef REEVE_COURIER_PAYMENT_H
#define REEVE_COURIER_PAYMENT_H

#include "base/config.h"
#include "service/payment.h"

/* Targets of payments that are left to the courier: "payment/VENDOR/ID" of the
 * bookkeeper. */
#define PAYMENT_TARGET "payment/"

/* The length of a turn to ask for a payment, seconds: the request, and a spare to
 * record the outcome. */
#define PAYMENT_TURN_S(config) ((config)->courier_timeout_s + 3)

/*
 * Begins a payment, asks its bookkeeper when its turn comes, and settles it.
 * order NULL: *payment was begun before. Not inside a transaction. Then
 * *payment is completed or failed, or still pending if the bookkeeper gave no
 * outcome, if this process may not wait for it (base/places.h), or if the
 * bookkeeper's breaker is open (base/breakers.h): another call, with the same
 * order or without one, continues it. In the last two cases it is left to the
 * couriers, if the pool has any: they continue it, too. Its id is NULL if another
 * payment was made since order->terms.alone_since. Problems: those of pay_begin and of
 * the database.
 */
struct problem *courier_pay(struct db *db, struct arena *a,
    const struct config *config, const struct payment_order *order, int64_t now,
    struct payment *payment) MUSTCHECK;

#endif
