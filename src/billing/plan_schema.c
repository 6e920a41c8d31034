/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/plan_schema.h"

#include "base/json.h"
#include "base/schema.h"
#include "billing/schemas.h"

struct json_object *
plan_schema(void)
{
	return schema_document(schemas_of(SCHEMA_SERVICE_PLANS));
}

struct json_object *
plan_schema_item(void)
{
	return json_object_at(plan_schema(), "definitions.item.properties");
}

struct problem *
plan_check(struct arena *a, struct json_object *document)
{
	return schema_check(a, schemas_of(SCHEMA_SERVICE_PLANS), document, "",
	    false);
}

struct problem *
plan_check_overrides(struct arena *a, struct json_object *overrides,
    const char *prefix)
{
	return schema_check(a, schemas_of(SCHEMA_SERVICE_PLANS), overrides,
	    prefix, true);
}
