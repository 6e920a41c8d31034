/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Synchronizations: every bookkeeper is told its invoice as it is, now. */
#ifndef REEVE_SERVICE_SYNCHRONIZATION_H
#define REEVE_SERVICE_SYNCHRONIZATION_H

#include "service/change.h"
#include "store/audit.h"

/* What was told, and what is known of it. */
struct synchronization {
	const char *account_id;
	size_t count;
	struct audit_entry *entries; /* one of each invoice; the arena's */
	bool pending; /* what came of one of them is not known yet */
};

/*
 * Tells every bookkeeper of an account its invoice, changed or not: an entry in
 * the trail of each, and a message where money moves, which is due at once with
 * all that waits there. Not inside a transaction. Of *out the entries have ids
 * alone. Problems: BAD_IDENTIFIER (account).
 */
struct problem *synchronization_begin(struct db *db, struct arena *a,
    const struct actor *actor, const char *account_id,
    struct synchronization *out) MUSTCHECK;

/* Reads the entries as they are now. */
struct problem *synchronization_look(struct db *db, struct arena *a,
    struct synchronization *synchronization) MUSTCHECK;

#endif
