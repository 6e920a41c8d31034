/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The invoices of a proposal, beside those of the present. */
#ifndef REEVE_SERVICE_PRICE_H
#define REEVE_SERVICE_PRICE_H

#include "store/services.h"

/*
 * The invoices of a proposal, with its changes against the current state;
 * nothing is written.
 */
struct problem *service_price(struct arena *a, const struct service *current,
    const struct service *proposed, const struct proration *proration,
    bool explain, struct invoices *annotated) MUSTCHECK;

#endif
