/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/follow.h"

#include "store/plans.h"

struct problem *
service_follow_plans(struct db *db, struct arena *a, struct service *service)
{
	struct assigned_plan *assigned;
	struct problem *p;
	struct plan *plan;
	size_t i;

	for (i = 0; i < service->plans.count; i++) {
		assigned = &service->plans.plans[i];
		if (assigned->pinned != 0)
			continue;
		p = plan_show(db, a, &(struct plan_key){ assigned->vendor_id,
		    assigned->id, 0 }, PLAN_KEEP, &plan);
		if (p != NULL)
			return p;
		if (plan == NULL || plan->version == assigned->version)
			continue;
		assigned->version = plan->version;
		assigned->document = plan->document;
	}
	return NULL;
}
