/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Synchronizations: each bookkeeper is sent its current invoice now. */
#ifndef REEVE_SERVICE_SYNCHRONIZATION_H
#define REEVE_SERVICE_SYNCHRONIZATION_H

#include "service/change.h"
#include "store/audit.h"

/* The messages of a synchronization, and their outcomes. */
struct synchronization {
	const char *account_id;
	size_t count;
	struct audit_entry *entries; /* one per invoice; the arena's */
	const char **targets; /* of their messages (store/outbox.h) */
	bool pending; /* the outcome of one is not known yet */
};

/*
 * Sends each bookkeeper of an account its invoice, changed or not: an audit
 * entry for each, and a message if the bookkeeper moves money. The message and
 * all waiting ones of that bookkeeper are due at once. Call it outside a
 * transaction. The entries of *out have only ids. Problems: BAD_IDENTIFIER
 * (account).
 */
struct problem *synchronization_begin(struct db *db, struct arena *a,
    const struct actor *actor, const char *account_id,
    struct synchronization *out) MUSTCHECK;

/* True if the outcome of an entry is not known yet. */
bool synchronization_is_pending(const struct audit_entry *entry);

/* Reads the current entries. */
struct problem *synchronization_look(struct db *db, struct arena *a,
    struct synchronization *synchronization) MUSTCHECK;

#endif
