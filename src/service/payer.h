/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The payer of an account. */
#ifndef REEVE_SERVICE_PAYER_H
#define REEVE_SERVICE_PAYER_H

#include "store/services.h"

/*
 * Sets the payer in a proposal: the account itself, an ancestor, or the current
 * payer. id is lent. Problems: VALIDATION named "invalid_billing_id".
 */
struct problem *payer_set(struct db *db, struct arena *a,
    struct service *proposed, const char *id) MUSTCHECK;

#endif
