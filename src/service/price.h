/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prices a proposal and compares it with the current state. */
#ifndef REEVE_SERVICE_PRICE_H
#define REEVE_SERVICE_PRICE_H

#include "store/services.h"

/*
 * The invoices of a proposal, annotated with their differences from the current
 * state. Nothing is written.
 */
struct problem *price_service(struct arena *a, const struct service *current,
    const struct service *proposed, const struct proration *proration,
    bool explain, struct invoices *annotated) MUSTCHECK;

/* The cost of a change to its payer: the charge of today, and the monthly
 * increase or the prorated rest of the month, whichever is more. */
money_t price_cost(const struct invoices *annotated);

/* The amount by which the recurring sum falls, or 0. */
money_t price_fall(const struct invoices *annotated);

#endif
