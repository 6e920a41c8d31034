/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One assigned plan, laid together from its layers: the account's bookkeeper,
 * the plan, its overrides. Documents are laid over documents: a reading and
 * writing end. Pure.
 */
#ifndef REEVE_BILLING_PLAN_LAYERS_H
#define REEVE_BILLING_PLAN_LAYERS_H

#include "billing/merged_plan.h"

/* Weakest first: of two that set a field, the later wins. */
enum merge_strategy {
	MERGE_SIMPLE,
	MERGE_RECURSIVE,
	MERGE_CUMULATIVE,
	MERGE_STRATEGY__MAX
};

/* A plan with its overrides laid over it. */
struct layered_plan {
	const char *id;
	struct bookkeeper bookkeeper;
	enum merge_strategy strategy;
	bool prioritized; /* without a priority it goes before all others */
	int64_t priority;
	size_t place; /* of equal priority the first assigned wins */
	struct json_object *document;
	struct json_object *origins;
};

/* Which of a plan's two trees is merged. */
enum plan_view { PLAN_DOCUMENTS, PLAN_ORIGINS };

struct json_object *layered_plan_tree(const struct layered_plan *p,
    enum plan_view view);

/*
 * Lays a plan's layers together; its place is left to the caller. overrides:
 * the account-wide ones, or NULL; bookkeeper: the account's default. Trees live
 * as long as the arena; what is lent must too.
 */
void plan_layer(struct arena *a, const struct assigned_plan *plan,
    struct json_object *overrides, const struct bookkeeper *bookkeeper,
    bool origins, struct layered_plan *p);

#endif
