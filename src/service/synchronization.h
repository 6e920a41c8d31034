/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Telling every bookkeeper its invoice as it is. */
#ifndef REEVE_SERVICE_SYNCHRONIZATION_H
#define REEVE_SERVICE_SYNCHRONIZATION_H

#include "service/change.h"

/* Entries that were written, by id; the arena's. */
struct change_entries {
	size_t count;
	const char **ids;
};

/*
 * Tells every bookkeeper its invoice as it is, changed or not: an entry of
 * each, and a message where money moves. Of change the account
 * and the cause count.
 */
struct problem *change_tell(struct db *db, struct arena *a,
    const struct change *change, struct change_entries *out) MUSTCHECK;

#endif
