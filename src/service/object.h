/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Batches of objects of an account: one change of services confirms, counts,
 * prices, audits and saves all of them, or nothing. Also the import of objects.
 */
#ifndef REEVE_SERVICE_OBJECT_H
#define REEVE_SERVICE_OBJECT_H

#include "service/change.h"
#include "service/object_count.h"

#define OBJECTS_AT_ONCE 1000
/* Max users with a password in a batch: each takes a tenth of a second. */
#define PASSWORDS_AT_ONCE 50

struct object_batch {
	const char *account_id;
	enum change_rule rule;
	bool forgives; /* members that were missing before may be missing */
	/* Adds the changes, under the lock of the account. It may refuse. */
	struct problem *(*prepare)(struct object_batch *batch, struct db *db,
	    struct arena *a);
	void *state; /* of prepare */
	bool sells;  /* the caller sells to the account */
	/* Where prepare collects refusals of phone numbers, by number; the
	 * arena's. NULL: the first one ends the batch. */
	struct json_object *refused;

	/* ---- set by object_batch_commit ---- */
	const struct actor *actor;
	struct object_change *changes; /* objects that count others come last */
	size_t count;
	size_t passwords; /* the number of changes with a password */
};

/*
 * Adds a change; kind, id, before, document and place are set. The document is
 * checked against the kind's schema and gets its defaults. A user's password is
 * removed from it. Problems: VALIDATION.
 */
struct problem *object_batch_add(struct object_batch *batch, struct arena *a,
    const struct object_change *change) MUSTCHECK;

/*
 * Commits the changes that prepare adds. The caller opens the transaction.
 * Problems: those of prepare and change_commit; VALIDATION "unique" (another
 * object has the claim), "maxItems" (too many of a kind); CONFLICT (an id is
 * taken; the last admin of the account goes; a deleted bookkeeper is in use).
 */
struct problem *object_batch_commit(struct db *db, struct arena *a,
    const struct actor *actor, struct object_batch *batch) MUSTCHECK;

/* The value by which an object is unique among those of its kind, with what it is
 * unique in; NULL: none. The arena's. */
const char *object_claim(struct arena *a, const char *account_id,
    const struct kind *kind, const char *id, struct json_object *document);

/* ---- import ---- */

/*
 * Imports an object unless it exists, and counts it unless the imported totals
 * of its account include it. *written: it did not exist. An account keeps as
 * many of a kind as it has elsewhere. Problems:
 * BAD_IDENTIFIER (account), CONFLICT (another object has its claim).
 */
struct problem *object_take_over(struct db *db, struct arena *a,
    const struct config *config, const char *account_id,
    const struct object *object, bool *written) MUSTCHECK;

/*
 * Replaces an imported object by what its document has become elsewhere. The
 * quantities of the account stay: imported_quantities_settle sets them. No entry
 * and no message says so: those of the other system do. The caller holds the lock
 * of the account's path. Problems: BAD_IDENTIFIER (it is not there), CONFLICT
 * (another object has its claim), VALIDATION (overflow).
 */
struct problem *object_replace(struct db *db, struct arena *a,
    const struct config *config, const char *account_id,
    const struct object *object) MUSTCHECK;

/*
 * Deletes an imported object that is no longer where it came from. An entry
 * notes it; for quantities and messages the same holds as of object_replace. The
 * caller opens the transaction. Problems: CONFLICT (a bookkeeper that is in use),
 * VALIDATION (overflow).
 */
struct problem *object_withdraw(struct db *db, struct arena *a,
    const struct actor *actor, const char *account_id,
    const struct object *object) MUSTCHECK;

/*
 * Recounts the objects of an imported account that count its users; call it
 * after users were imported.
 */
struct problem *object_count_dependent(struct db *db, struct arena *a,
    const struct config *config, const char *account_id) MUSTCHECK;

#endif
