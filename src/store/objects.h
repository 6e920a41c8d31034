/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What accounts have: users, devices and the like, as documents, each with what
 * it adds to its account's quantities (billing/kind.h).
 */
#ifndef REEVE_STORE_OBJECTS_H
#define REEVE_STORE_OBJECTS_H

#include <stdbool.h>
#include <stdint.h>

#include "billing/counting.h"
#include "store/services.h"

struct object {
	const struct kind *kind; /* NULL: a kind this program does not know */
	const char *noun;        /* of the kind */
	const char *id;
	int64_t created;  /* Gregorian seconds */
	int64_t modified; /* Gregorian seconds */
	struct json_object *document; /* public fields, without id */
};

struct object_list {
	size_t count;
	struct object *objects;
};

/* *out is NULL when there is none. */
struct problem *object_show(struct db *db, struct arena *a,
    const char *account_id, const struct kind *kind, const char *id,
    struct object **out) MUSTCHECK;

/* The object of any account that claims something: of a kind that claims it in
 * its account, "ACCOUNT_ID/WHAT". *out is NULL when there is none. */
struct problem *object_by_claim(struct db *db, struct arena *a,
    const struct kind *kind, const char *claimed, struct object **out)
    MUSTCHECK;

/* Up to limit objects by id, beginning with the id at ("": the first). */
struct problem *object_list(struct db *db, struct arena *a,
    const char *account_id, const struct kind *kind, const char *at,
    bool ascending, int64_t limit, struct object_list *out) MUSTCHECK;

/* Up to limit objects of all kinds, after one (NULL: from the first). */
struct problem *object_scan(struct db *db, struct arena *a,
    const char *account_id, const struct object *after, int64_t limit,
    struct object_list *out) MUSTCHECK;

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
struct problem *object_import(struct db *db, struct arena *a,
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
