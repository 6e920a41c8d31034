/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terms an account is served on: what decides its price, and the documents
 * that show its plans and quantities. */
#ifndef REEVE_SERVICE_TERMS_H
#define REEVE_SERVICE_TERMS_H

#include "store/services.h"

/* What decides about its price. Lends everything. */
void service_state(const struct service *service, struct billed_state *out);

/* VALIDATION (overflow): an account has more than can be counted. */
struct problem *quantities_overflow(struct arena *a,
    const struct service *service);

/* {plan_id:{"vendor_id","overrides",...}}, in their order;
 * the arena's. */
struct json_object *assignments_json(struct arena *a,
    const struct assigned_plans *plans);

/* {"account":{category:{item:n}},"cascade":{...},"manual":{...}}; the arena's. */
struct json_object *quantities_json(struct arena *a,
    const struct service *service);

#endif
