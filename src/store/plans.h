/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The service plans a vendor offers. Every save is a new version, which stays. */
#ifndef REEVE_STORE_PLANS_H
#define REEVE_STORE_PLANS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/page_query.h"
#include "store/db.h"

struct plan {
	const char *id;
	int64_t version;  /* of document */
	int64_t newest;   /* the newest version there is */
	int64_t created;  /* the first version, Gregorian seconds */
	int64_t modified; /* this version */
	int64_t accounts; /* that have it, if it was counted */
	struct json_object *document; /* public fields */
};

struct plan_key {
	const char *vendor_id;
	const char *id;
	int64_t version; /* 0: the newest */
};

struct plan_list {
	size_t count;
	struct plan *plans;
};

enum plan_lock {
	PLAN_LOOK,
	PLAN_KEEP, /* nobody may delete it until the transaction ends */
	PLAN_LOCK  /* nobody else may save or delete it until then */
};

/* *out is NULL when there is none. */
struct problem *store_plan_show(struct db *db, struct arena *a,
    const struct plan_key *key, enum plan_lock lock, struct plan **out)
    MUSTCHECK;

/* A vendor's plans by id, each in its newest version; counted: with accounts. */
struct problem *store_plan_list(struct db *db, struct arena *a,
    const char *vendor_id, const struct page_query *query, bool counted,
    struct plan_list *out) MUSTCHECK;

/* A version of a plan, in a list. */
struct plan_version {
	int64_t version;
	const char *name;
	int64_t created;  /* Gregorian seconds */
	int64_t accounts; /* that pay by it */
};

struct plan_versions {
	size_t count;
	struct plan_version *versions;
};

/* The versions of a plan, newest first; none of an unknown plan. */
struct problem *store_plan_version_list(struct db *db, struct arena *a,
    const char *vendor_id, const char *id, const struct page_query *query,
    struct plan_versions *out) MUSTCHECK;

/* A new version of a plan, or a new plan. */
struct plan_revision {
	const char *vendor_id;
	struct plan *plan;
	struct json_object *author; /* who saves it, or NULL */
	bool create; /* it is not there yet */
};

/*
 * Saves plan->document under plan->id as a new version, which is set. Problems:
 * BAD_IDENTIFIER, CONFLICT (create: the id is taken).
 */
struct problem *store_plan_save(struct db *db, struct arena *a,
    const struct plan_revision *revision, int64_t now) MUSTCHECK;

/*
 * Takes a plan out of the catalogue, unless it is assigned to some account:
 * then *assigned says to how many. Problems: BAD_IDENTIFIER.
 */
struct problem *store_plan_delete(struct db *db, struct arena *a,
    const char *vendor_id, const char *id, int64_t now, int64_t *assigned)
    MUSTCHECK;

/* An assigned plan that names a bookkeeper. */
struct plan_naming {
	const char *plan_id; /* "": the services of accounts name it */
	int64_t accounts;    /* how many */
};

struct plan_namings {
	size_t count; /* 20 at most */
	struct plan_naming *namings;
};

/* The uses of a vendor's bookkeeper by itself and its descendants. */
struct problem *store_plan_naming_list(struct db *db, struct arena *a,
    const char *vendor_id, const char *bookkeeper_id, struct plan_namings *out)
    MUSTCHECK;

/* A version of a vendor's plan (id, document, created, version), unless it has
 * that; version 0: the first, unless the vendor has a plan of this id. */
struct problem *store_plan_import(struct db *db, struct arena *a,
    const char *vendor_id, const struct plan *plan, bool *written) MUSTCHECK;

/* The next version of a plan (id, document, modified), by which the accounts
 * that follow it pay from now on; sets its version. Problems: BAD_IDENTIFIER. */
struct problem *store_plan_replace(struct db *db, struct arena *a,
    const char *vendor_id, struct plan *plan) MUSTCHECK;

#endif
