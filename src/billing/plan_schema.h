/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The JSON schema of service plans (schemas/service_plans.json), which checks
 * writes and is shown to clients. A reading end. Pure.
 */
#ifndef REEVE_BILLING_PLAN_SCHEMA_H
#define REEVE_BILLING_PLAN_SCHEMA_H

#include "base/problem.h"

/* The schema; lent, for ever. */
struct json_object *plan_schema(void);

/* The schemas of an item's fields: {field: schema}; lent, for ever. */
struct json_object *plan_schema_item(void);

/* A whole plan. Problems: VALIDATION naming every path that is wrong. */
struct problem *plan_check(struct arena *a, struct json_object *document)
    MUSTCHECK;

/* Overrides: any part of a plan. prefix: in front of the paths named. */
struct problem *plan_check_overrides(struct arena *a,
    struct json_object *overrides, const char *prefix) MUSTCHECK;

#endif
