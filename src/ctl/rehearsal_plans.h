/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The plans of a dump: documents in a temporary file, found by vendor, id and
 * version. In memory is only where each of them stands.
 */
#ifndef REEVE_CTL_REHEARSAL_PLANS_H
#define REEVE_CTL_REHEARSAL_PLANS_H

#include "store/plans.h"

struct rehearsal_plans;

struct rehearsal_plans *rehearsal_plans_new(void);
void rehearsal_plans_free(struct rehearsal_plans **plans);

/* Adds a plan of a vendor; without a version it is the first. */
void rehearsal_plans_add(struct rehearsal_plans *plans, struct arena *a,
    const char *vendor_id, const struct plan *plan);

/* After all plans were added. Of equal versions the first one stays. */
void rehearsal_plans_settle(struct rehearsal_plans *plans);

/*
 * Loads the document of a plan; version 0: the newest, and *version is then
 * which. NULL: the dump does not have it.
 */
struct json_object *rehearsal_plans_load(struct rehearsal_plans *plans,
    struct arena *a, const struct plan_key *key, int64_t *version);

/* The reason why the file could not be written or read; NULL: all went well. */
const char *rehearsal_plans_failure(const struct rehearsal_plans *plans);

#endif
