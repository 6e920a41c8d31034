/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Assignment of plans in a proposal, each with overrides, a contract and a
 * version. Nothing is written.
 */
#ifndef REEVE_SERVICE_ASSIGNMENT_H
#define REEVE_SERVICE_ASSIGNMENT_H

#include "store/services.h"

/* A plan that is priced as if its vendor had saved it. */
struct lent_plan {
	const char *vendor_id;
	const char *id;
	struct json_object *document; /* checked */
};

/* A proposal whose plans are changed. */
struct assignment {
	struct db *db;
	struct arena *arena;
	struct service *proposed;
	/* Terms that an assignment omits are kept, and overrides are merged. If
	 * false, the new terms replace the old ones. */
	bool merges;
	/* Those that the account has, which a proposal begun without them takes
	 * up again; or NULL. */
	const struct assigned_plans *assigned;
	/* Those are taken up with their terms; else those of former sellers. */
	bool keeps_terms;
	/* Stands for the newest version of the plan of its id; or NULL. */
	const struct lent_plan *lent;
};

/* The assignment of a plan; NULL: it is not assigned. */
struct assigned_plan *assignment_find(const struct assigned_plans *plans,
    const char *plan_id);

/*
 * Assigns a plan of the account's reseller, by default in its newest version;
 * or changes the assignment of a plan of a former one, which stays at its
 * version, if terms name that vendor or the reseller offers no such plan.
 * terms: {"overrides","contract","version","vendor_id"} as in the schema
 * "assignment", or NULL. place: prefix of members of terms in problems.
 * Problems: VALIDATION; BAD_IDENTIFIER (the reseller does not offer the plan).
 */
struct problem *assignment_add(const struct assignment *s,
    const char *plan_id, struct json_object *terms, const char *place)
    MUSTCHECK;

/* Problems: BAD_IDENTIFIER (it is not assigned). */
struct problem *assignment_remove(const struct assignment *s,
    const char *plan_id) MUSTCHECK;

/*
 * Copies the member "overrides" of given to overrides, if present. place: as in
 * assignment_add. Problems: VALIDATION.
 */
struct problem *assignment_override(const struct assignment *s,
    struct json_object *given, const char *place,
    struct json_object **overrides) MUSTCHECK;

#endif
