/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What accounts have: users, devices and the like, as documents, each with what
 * it adds to its account's quantities (billing/kind.h).
 */
#ifndef REEVE_STORE_OBJECTS_H
#define REEVE_STORE_OBJECTS_H

#include <stdbool.h>
#include <stdint.h>

#include "billing/kind.h"
#include "store/db.h"

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

#endif
