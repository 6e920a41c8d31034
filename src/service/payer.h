/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who pays for what an account has. */
#ifndef REEVE_SERVICE_PAYER_H
#define REEVE_SERVICE_PAYER_H

#include "store/services.h"

/*
 * Makes a payer part of a proposal: the account itself, one above it, or whoever
 * pays already. id is lent. Problems: VALIDATION named "invalid_billing_id".
 */
struct problem *payer_set(struct db *db, struct arena *a,
    struct service *proposed, const char *id) MUSTCHECK;

#endif
