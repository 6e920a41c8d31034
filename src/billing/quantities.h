/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many of an item an account has, from its three tables (domain.md 4.1).
 * Pure.
 */
#ifndef REEVE_BILLING_QUANTITIES_H
#define REEVE_BILLING_QUANTITIES_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buffer.h"
#include "billing/item_plan.h"

/* {category: {item: n}} each; NULL: empty. */
struct quantities {
	struct json_object *account; /* its own */
	struct json_object *cascade; /* of all below it */
	struct json_object *manual;  /* typed in: replace its own */
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

#endif
