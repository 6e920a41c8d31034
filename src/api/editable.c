/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * services/editable: what a plan may say of each item, by category: those that
 * kinds of objects count as (billing/kind.c), as far as their items are known.
 */
#include "config.h"

#include <string.h>

#include "api/entity.h"
#include "api/handlers.h"
#include "billing/kind.h"
#include "billing/plan_schema.h"
#include "billing/quantities.h"

/* True for fields that apply to a whole category only. */
static bool
only_of_all(const char *field)
{
	return strcmp(field, "as") == 0 || strcmp(field, "exceptions") == 0;
}

/*
 * The fields of an item with references resolved: a client has nowhere to
 * look them up.
 */
static struct json_object *
resolved(struct json_object *value)
{
	struct json_object *copy, *definition;
	const char *reference;

	if (!json_object_is_type(value, json_type_object))
		return json_object_get(value);
	reference = json_string_at(value, "$ref");
	if (reference != NULL && json_object_object_get_ex(
	    json_object_at(plan_schema(), "definitions"),
	    strrchr(reference, '/') + 1, &definition))
		return resolved(definition);
	copy = json_object_new_object();
	json_object_object_foreach(value, key, member)
		json_object_object_add(copy, key, resolved(member));
	return copy;
}

static void
add_item(struct json_object *category, const char *item,
    struct json_object *fields)
{
	struct json_object *json = json_object_new_object();

	json_object_object_foreach(fields, field, schema)
		if (strcmp(item, QUANTITY_ALL) == 0 || !only_of_all(field))
			json_object_object_add(json, field,
			    json_object_get(schema));
	json_object_object_add(category, item, json);
}

/* The items of a rule, and _all, into the category of the rule. */
static void
add_rule(struct arena *a, struct json_object *categories,
    const struct count_rule *rule, struct json_object *fields)
{
	char *rest = arena_strdup(a, count_rule_items(rule)), *item;
	struct json_object *category;

	if (rest == NULL)
		return;
	category = json_object_at(categories, rule->category);
	if (category == NULL) {
		category = json_object_new_object();
		json_object_object_add(categories, rule->category, category);
		add_item(category, QUANTITY_ALL, fields);
	}
	while ((item = strsep(&rest, " ")) != NULL)
		add_item(category, item, fields);
}

struct problem *
services_editable(struct call *c)
{
	struct json_object *json = json_own(c->arena, json_object_new_object());
	struct json_object *fields;
	const struct count_rule *rule;
	const struct kind *kind;
	size_t i;

	fields = json_own(c->arena, resolved(plan_schema_item()));
	for (i = 0; (kind = kind_at(i)) != NULL; i++)
		for (rule = kind->rules; rule != NULL && rule->category != NULL;
		    rule++)
			add_rule(c->arena, json, rule, fields);
	entity_answer(c, json);
	return NULL;
}
