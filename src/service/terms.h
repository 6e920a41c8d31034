/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terms of an account: the state that determines its price, and the
 * documents of its plans and quantities. */
#ifndef REEVE_SERVICE_TERMS_H
#define REEVE_SERVICE_TERMS_H

#include "store/services.h"

/* Sets the state that determines the price. Everything is lent. */
void terms_state(const struct service *service, struct billed_state *out);

/* VALIDATION (overflow): a quantity is too large. */
struct problem *terms_overflow(struct arena *a,
    const struct service *service);

/* {plan_id:{"vendor_id","overrides",...}}, in order; the arena's. */
struct json_object *terms_assignments_json(struct arena *a,
    const struct assigned_plans *plans);

/* {"account":{category:{item:n}},"cascade":{...},"manual":{...}}; the arena's. */
struct json_object *terms_quantities_json(struct arena *a,
    const struct service *service);

#endif
