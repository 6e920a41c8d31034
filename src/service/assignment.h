/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which plans a proposal has: assigned with overrides, a contract and a version,
 * or taken away again. Nothing is written.
 */
#ifndef REEVE_SERVICE_ASSIGNMENT_H
#define REEVE_SERVICE_ASSIGNMENT_H

#include "store/services.h"

/* A proposal whose plans are changed. */
struct assignment {
	struct db *db;
	struct arena *arena;
	struct service *proposed;
	/* What an assignment does not say stays as it is, and overrides are
	 * merged; else they replace what was there. */
	bool merges;
};

/*
 * Assigns a plan of the account's reseller, at its newest version unless a
 * version is given. terms: {"overrides","contract","version","vendor_id"} as
 * the schema "assignment" has them, or NULL. place: in front of the members of terms that problems name. Problems:
 * VALIDATION; BAD_IDENTIFIER (the reseller does not offer the plan).
 */
struct problem *assignment_add(const struct assignment *s,
    const char *plan_id, struct json_object *terms, const char *place)
    MUSTCHECK;

/* Problems: BAD_IDENTIFIER (it is not assigned). */
struct problem *assignment_remove(const struct assignment *s,
    const char *plan_id) MUSTCHECK;

/*
 * Takes the member "overrides" of given into overrides, if it is there. place:
 * as above. Problems: VALIDATION.
 */
struct problem *assignment_override(const struct assignment *s,
    struct json_object *given, const char *place,
    struct json_object **overrides) MUSTCHECK;

#endif
