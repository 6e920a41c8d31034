/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many of an item an account has, by its three tables. Pure. */
#ifndef REEVE_BILLING_QUANTITIES_H
#define REEVE_BILLING_QUANTITIES_H

#include "base/buffer.h"
#include "billing/item_plan.h"
#include "billing/quantity_table.h"

struct quantities {
	struct quantity_table tables[QUANTITY_SCOPE__MAX];
	bool gone; /* the account is deleted: everything counts 0 */
};

/*
 * The quantity that an item's plan asks for: of one item, or for "_all" the
 * sum of the category less plan.exceptions; with plan.cascade also what is
 * below. False: more than 64 bits count. How it was counted is added to
 * explain unless that is NULL.
 */
bool quantity_of(const struct quantities *q, const char *category,
    const char *key, const struct item_plan *plan, int64_t *out,
    struct buffer *explain) MUSTCHECK;

/* How many there are of an item in all, below the account too: what is typed in
 * replaces its own. False: more than 64 bits count. */
bool quantities_total(const struct quantity_table tables[QUANTITY_SCOPE__MAX],
    const char *category, const char *item, int64_t *out) MUSTCHECK;

/*
 * Adds the changes of a descendant's table to a cascade. Only quantities of 1
 * and more count for ancestors: a negative one counts as 0 there.
 * False: more than 64 bits count.
 */
bool quantities_cascade(struct arena *a, const struct quantity_table *before,
    const struct quantity_table *after, struct quantity_table *cascade)
    MUSTCHECK;

#endif
