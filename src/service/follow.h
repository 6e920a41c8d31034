/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Accounts whose plans are not pinned to a version follow the newest version:
 * each by a separate change, audited like any other.
 */
#ifndef REEVE_SERVICE_FOLLOW_H
#define REEVE_SERVICE_FOLLOW_H

#include "service/change.h"

/* Takes the newest version of each plan of the account's seller that is not
 * pinned, and locks the plan against deletion until the transaction ends. */
struct problem *follow_plans(struct db *db, struct arena *a,
    struct service *proposed) MUSTCHECK;

/* A plan with a new version. */
struct followed_plan {
	const char *vendor_id;
	const char *id;
};

/*
 * Moves all accounts that follow a plan to its newest version. If this is
 * interrupted, the rest follow when the plan is saved next, or when they are
 * reconciled. Call it outside a transaction. unapplied: gets a member for each
 * account that cannot follow, with the reasons.
 */
struct problem *follow_everywhere(struct db *db, struct arena *a,
    const struct actor *actor, const struct followed_plan *plan,
    struct json_object *unapplied) MUSTCHECK;

/* Recounts a proposal and takes the newest plans. */
struct problem *follow_reconcile(struct db *db, struct arena *a,
    struct service *proposed) MUSTCHECK;

#endif
