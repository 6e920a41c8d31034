/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/plan_schema.h"

#include "base/json.h"
#include "base/log.h"
#include "base/schema.h"
#include "billing/service_plans_schema.h"

struct json_object *
plan_schema(void)
{
	static struct json_object *schema;
	const char *error;
	struct buffer text;
	struct arena *a;
	size_t i;

	if (schema != NULL)
		return schema;
	a = arena_new(32 * 1024);
	buffer_init(&text, a, 0);
	for (i = 0; i < NELEM(service_plans_schema); i++)
		buffer_puts(&text, service_plans_schema[i]);
	schema = json_object_get(json_parse(a, text.text, text.length, &error));
	if (schema == NULL)
		log_fatal(70, "the schema of service plans: %s", error);
	arena_free(&a);
	return schema;
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
