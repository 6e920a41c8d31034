/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Merges the plans assigned to an account into one plan for each bookkeeper:
 * overrides, grouping, merging. Plans are merged as documents, and the result
 * is read into items: a reading end. Pure.
 */
#ifndef REEVE_BILLING_MERGED_PLAN_H
#define REEVE_BILLING_MERGED_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "billing/bookkeeper.h"
#include "billing/item_plan.h"

/* A plan as it is assigned. */
struct assigned_plan {
	const char *id;
	const char *vendor_id;
	int64_t version; /* of document; 0: not known */
	int64_t pinned;  /* the version asked for; 0: the newest */
	struct json_object *document;  /* NULL: the plan is gone, it prices nothing */
	struct json_object *overrides; /* of this assignment, or NULL */
	struct json_object *contract;  /* opaque, or NULL */
};

struct assigned_plans {
	size_t count;
	struct assigned_plan *plans; /* in the order of assignment */
};

struct merged_plan {
	struct bookkeeper bookkeeper;
	size_t plan_count;
	const char **plan_ids; /* in the order of assignment */
	struct json_object *document; /* public fields, "id": "single" */
	/*
	 * The same shape with every leaf replaced by a text that says where it
	 * is from; NULL unless asked for.
	 */
	struct json_object *origins;
	struct json_object *plan; /* {category: {item: ...}} of document; NULL:
	                             it has none */
	struct plan_items items;  /* as it is read */
};

struct merged_plans {
	size_t count;
	struct merged_plan *plans; /* by bookkeeper */
};

/*
 * Merges plans. overrides: the account-wide ones, or NULL; bookkeeper: the
 * account's default, of which a plan's own fields win. Trees live as long as
 * the arena; what is lent must too.
 */
void merged_plans_of(struct arena *a, const struct assigned_plans *assigned,
    struct json_object *overrides, const struct bookkeeper *bookkeeper,
    bool origins, struct merged_plans *out);

#endif
