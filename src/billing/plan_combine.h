/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Plans that add up: an item of the cumulative merge, from all plans that have
 * it. A reading and writing end. Pure.
 */
#ifndef REEVE_BILLING_PLAN_COMBINE_H
#define REEVE_BILLING_PLAN_COMBINE_H

#include "billing/plan_layers.h"

/*
 * {category: {item: ...}} with every category and item of any of n plans, which
 * are sorted with the lowest priority first. The caller's.
 */
struct json_object *plan_combine(struct arena *a,
    const struct layered_plan *const *plans, size_t n, enum plan_view view);

#endif
