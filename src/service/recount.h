/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantities counted anew from the objects they are of. */
#ifndef REEVE_SERVICE_RECOUNT_H
#define REEVE_SERVICE_RECOUNT_H

#include "service/change.h"

/* An account's services as they were, and as they are counted: account and
 * cascade table. */
struct recount {
	struct service before;
	struct service after;
};

/*
 * Counts the quantities of an account anew: its own from its objects, the
 * cascade from the own ones of all accounts below. What was taken over from
 * elsewhere and no object explains stays. Unless it is dry, what they are the
 * sum of is written anew, and where they differ a change of services, noted as
 * "recounted". Inside a transaction of the caller's. Problems: BAD_IDENTIFIER;
 * those of change_commit.
 */
struct problem *recount_account(struct db *db, struct arena *a,
    const struct actor *actor, const char *account_id, bool dry,
    struct recount *out) MUSTCHECK;

#endif
