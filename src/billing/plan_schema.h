/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The JSON schema of service plans (schemas/service_plans.json), which checks
 * writes and is shown to clients. A reading end. Pure.
 */
#ifndef REEVE_BILLING_PLAN_SCHEMA_H
#define REEVE_BILLING_PLAN_SCHEMA_H

#include <stdbool.h>

#include "base/problem.h"

/* The schema; lent, for ever. */
struct json_object *plan_schema(void);

/* The schemas of an item's fields: {field: schema}; lent, for ever. */
struct json_object *plan_schema_item(void);

#define PLAN_ID_MAX 64
#define PLAN_ID_EXPECTED "a plan's id has 1 to 64 of the characters A-Z a-z 0-9 " \
	"_ . -"

/* Can a plan have this id? */
bool plan_id_valid(const char *id);

/* A whole plan. prefix: in front of the paths that problems name. Problems:
 * VALIDATION naming every path that is wrong. */
struct problem *plan_check(struct arena *a, struct json_object *document,
    const char *prefix) MUSTCHECK;

/* Overrides: any part of a plan. prefix: as in plan_check. */
struct problem *plan_check_overrides(struct arena *a,
    struct json_object *overrides, const char *prefix) MUSTCHECK;

#endif
