/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recounts quantities from objects. */
#ifndef REEVE_SERVICE_RECOUNT_H
#define REEVE_SERVICE_RECOUNT_H

#include "service/change.h"

/* An account's services before and after the recount: account and cascade
 * table. */
struct recount {
	struct service before;
	struct service after;
};

/*
 * Recounts the quantities of an account: its own from its objects, the cascade
 * from the own quantities of its descendants. Imported quantities without
 * objects stay. Unless dry is true, the sources are rewritten, and a difference
 * is committed as a change of services, noted as "recounted"; if it is, a
 * difference is looked at again under the lock of the account's path, so that
 * it is none of a change just being made. The caller opens
 * the transaction. Problems: BAD_IDENTIFIER; those of change_commit.
 */
struct problem *recount_account(struct db *db, struct arena *a,
    const struct actor *actor, const char *account_id, bool dry,
    struct recount *out) MUSTCHECK;

#endif
