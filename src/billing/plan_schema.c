/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/plan_schema.h"

#include "base/json.h"
#include "base/schema.h"
#include "billing/schemas.h"

struct json_object *
plan_schema(void)
{
	return schema_named("service_plans");
}

struct json_object *
plan_schema_item(void)
{
	return json_object_at(plan_schema(), "definitions.item.properties");
}

struct problem *
plan_check(struct arena *a, struct json_object *document)
{
	return schema_check(a, plan_schema(), plan_schema(), document, "", false);
}

struct problem *
plan_check_overrides(struct arena *a, struct json_object *overrides,
    const char *prefix)
{
	return schema_check(a, plan_schema(), plan_schema(), overrides, prefix,
	    true);
}
