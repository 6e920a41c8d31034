/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Objects of an account that change together, in one change of its services,
 * which asks, counts, prices, audits and saves all of them or nothing; and
 * objects that are taken over from elsewhere.
 */
#ifndef REEVE_SERVICE_OBJECT_H
#define REEVE_SERVICE_OBJECT_H

#include "service/change.h"
#include "service/object_count.h"

#define OBJECTS_AT_ONCE 1000
/* Of them with one: each takes a tenth of a second, while others wait for the
 * account. */
#define PASSWORDS_AT_ONCE 50

struct object_batch {
	const char *account_id;
	enum change_rule rule;
	bool forgives; /* members that were missing before may be missing */
	/* Adds the changes, under the lock of the account. It may refuse. */
	struct problem *(*prepare)(struct object_batch *batch, struct db *db,
	    struct arena *a);
	void *state; /* of prepare */

	/* ---- set by object_batch_commit ---- */
	const struct actor *actor;
	struct object_change *changes; /* what counts others comes last */
	size_t count;
	size_t passwords; /* how many of them have one */
};

/*
 * Adds a change: of kind, id, before, document and place. A document is held
 * against the kind's schema, and gets its defaults; of a user the password is
 * taken out. Problems: VALIDATION.
 */
struct problem *object_batch_add(struct object_batch *batch, struct arena *a,
    const struct object_change *change) MUSTCHECK;

/*
 * Does what prepare adds. Inside a transaction of the caller's. Problems: those
 * of prepare and change_commit; VALIDATION "unique" (what one claims is
 * another's); CONFLICT (an id is taken).
 */
struct problem *object_batch_commit(struct db *db, struct arena *a,
    const struct actor *actor, struct object_batch *batch) MUSTCHECK;

/* ---- taken over ---- */

/*
 * Takes an object over as it was elsewhere, unless it is here, and counts it
 * unless the totals that came with its account have it. *written: it was not
 * here. Problems: BAD_IDENTIFIER (account), CONFLICT (what it claims is
 * another's).
 */
struct problem *object_take_over(struct db *db, struct arena *a,
    const struct config *config, const char *account_id,
    const struct object *object, bool *written) MUSTCHECK;

/*
 * Counts again what counts the users of an account that is taken over: whenever
 * these may have become more.
 */
struct problem *object_count_dependent(struct db *db, struct arena *a,
    const struct config *config, const char *account_id) MUSTCHECK;

#endif
