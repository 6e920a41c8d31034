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

#endif
