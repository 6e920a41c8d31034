/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The payer of an account. */
#ifndef REEVE_SERVICE_PAYER_H
#define REEVE_SERVICE_PAYER_H

#include "store/services.h"

/* The payer that is asked for, and the account that asks. Lent. */
struct payer_request {
	const char *id;
	const char *caller_id;
};

/*
 * Sets the payer in a proposal: the account itself, its parent, or the current
 * payer. Problems: VALIDATION named "invalid_billing_id"; FORBIDDEN (the caller
 * is not the parent, nor above it).
 */
struct problem *payer_set(struct db *db, struct arena *a,
    struct service *proposed, const struct payer_request *request) MUSTCHECK;

#endif
