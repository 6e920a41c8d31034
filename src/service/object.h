/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Objects of accounts and what they count as: counted, saved, taken over,
 * counted anew.
 */
#ifndef REEVE_SERVICE_OBJECT_H
#define REEVE_SERVICE_OBJECT_H

#include "billing/counting.h"
#include "store/objects.h"
#include "store/services.h"

/* One thing done to an object, inside a change of services. */
struct object_change {
	const struct kind *kind;
	const char *id;
	struct json_object *document; /* from now on; NULL: it goes */
	bool create;                  /* it must not be there yet */
	struct json_object *before;   /* NULL: it was not there */
	const char *place; /* in a list: in front of fields named in problems */
};

/*
 * Takes what changes count as into a proposal's account table: what the
 * objects were goes, what they are comes; and what counts the account's users
 * is counted again, which may add one more change after the last (changes has
 * room for it).
 */
struct problem *objects_count(struct db *db, struct arena *a,
    const struct number_classes *classes, struct object_change *changes,
    size_t *count, struct service *proposed) MUSTCHECK;

/*
 * Writes changes, as counted. Problems: CONFLICT (an id or what it claims is
 * taken: VALIDATION "unique", naming what), BAD_IDENTIFIER.
 */
struct problem *objects_save(struct db *db, struct arena *a,
    const struct number_classes *classes, const struct service *proposed,
    const struct object_change *changes, size_t count, int64_t now) MUSTCHECK;

/* Takes into a proposal's account table that the account itself counts. */
void account_count(struct service *proposed, bool did, bool does);

/* Notes that the account itself counts, or not. */
struct problem *account_count_save(struct db *db, struct arena *a,
    const char *account_id, bool does) MUSTCHECK;

/* Notes that an account that was taken over counts: of what its services,
 * before or after it, are said to have. */
struct problem *account_import_count(struct db *db, struct arena *a,
    const char *account_id) MUSTCHECK;

/*
 * Counts again what counts the users of an account that is taken over: whenever
 * these may have become more.
 */
struct problem *objects_import_dependent(struct db *db, struct arena *a,
    const char *account_id, const struct number_classes *classes) MUSTCHECK;

/* Takes one over from elsewhere. *written: it was not there. */
struct problem *object_take_over(struct db *db, struct arena *a,
    const char *account_id, const struct number_classes *classes,
    const struct object *object, bool *written) MUSTCHECK;

/*
 * Counts all objects of an account anew into service->account, which is that
 * of a change's proposal; what was taken over from elsewhere and no object
 * explains stays. write: the sources, too, are written anew.
 */
struct problem *objects_recount(struct db *db, struct arena *a,
    const struct number_classes *classes, struct service *service, bool write)
    MUSTCHECK;

#endif
