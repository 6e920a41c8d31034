/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Accounts whose plans are not pinned to a version follow the newest one: each
 * by a change of its own, audited like any other.
 */
#ifndef REEVE_SERVICE_FOLLOW_H
#define REEVE_SERVICE_FOLLOW_H

#include "service/change.h"

/* Takes the newest version of every plan that is not pinned to one, and keeps
 * it from being deleted until the transaction ends. */
struct problem *follow_plans(struct db *db, struct arena *a,
    struct service *proposed) MUSTCHECK;

/* A plan whose followers take its newest version. */
struct followed_plan {
	const char *vendor_id;
	const char *id;
};

/*
 * Every account that follows a plan pays by its newest version from now on. Cut
 * off in the middle, the rest follow with the next save of the plan, or when
 * they are reconciled. Not inside a transaction. unapplied: gets a member for
 * each account that cannot follow, with the reasons.
 */
struct problem *follow_everywhere(struct db *db, struct arena *a,
    const struct actor *actor, const struct followed_plan *plan,
    struct json_object *unapplied) MUSTCHECK;

/* Counts a proposal anew and takes the newest plans. */
struct problem *follow_reconciled(struct db *db, struct arena *a,
    struct service *proposed) MUSTCHECK;

#endif
