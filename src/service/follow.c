/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/follow.h"

#include <string.h>

#include "base/json.h"
#include "store/plans.h"

#define PAGE 500 /* accounts read at a time */

struct problem *
follow_plans(struct db *db, struct arena *a, struct service *proposed)
{
	struct assigned_plan *assigned;
	struct problem *p;
	struct plan *plan;
	size_t i;

	for (i = 0; i < proposed->plans.count; i++) {
		assigned = &proposed->plans.plans[i];
		/* The newest offer of a former seller does not count. */
		if (assigned->pinned != 0 ||
		    strcmp(assigned->vendor_id, proposed->reseller_id) != 0)
			continue;
		p = store_plan_show(db, a,
		    &(struct plan_key){ assigned->vendor_id, assigned->id, 0 },
		    PLAN_KEEP, &plan);
		if (p != NULL)
			return p;
		if (plan == NULL || plan->version == assigned->version)
			continue;
		assigned->version = plan->version;
		assigned->document = plan->document;
	}
	return NULL;
}

static struct problem *
propose_newest(struct db *db, struct arena *a, const struct service *current,
    struct service *proposed, void *state)
{
	(void)current;
	(void)state;
	return follow_plans(db, a, proposed);
}

static struct problem *
follow_one(struct db *db, struct arena *a, void *state)
{
	struct service done;

	return change_commit(db, a, state, &done);
}

struct problem *
follow_everywhere(struct db *db, struct arena *a, const struct actor *actor,
    const struct followed_plan *plan, struct json_object *unapplied)
{
	struct change change = change_by(actor, CHANGE_UNASKED, NULL);
	struct follower_query query = { plan->vendor_id, plan->id, "", PAGE };
	struct account_ids accounts;
	struct problem *p;
	size_t i;

	change.propose = propose_newest;
	do {
		p = store_service_followers(db, a, &query, &accounts);
		if (p != NULL)
			return p;
		for (i = 0; i < accounts.count; i++) {
			change.account_id = query.after = accounts.ids[i];
			p = db_transaction(db, a, follow_one, &change);
			/* It was deleted meanwhile. */
			if (p != NULL && p->kind == PROBLEM_BAD_IDENTIFIER)
				continue;
			/* Too large to bill: the account keeps its version. */
			if (p != NULL && p->kind != PROBLEM_VALIDATION)
				return p;
			if (p != NULL)
				json_object_object_add(unapplied, query.after,
				    json_object_get(p->data));
		}
	} while (accounts.count == PAGE);
	return NULL;
}

struct problem *
follow_reconcile(struct db *db, struct arena *a, struct service *proposed)
{
	struct problem *p = store_service_count(db, a, proposed);

	return p != NULL ? p : follow_plans(db, a, proposed);
}
