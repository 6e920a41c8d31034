/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/plan_schema.h"

#include <string.h>

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

#define QUANTITY_DIGITS 18 /* at most, as the schema says */

/* ---- quantities that stand twice ---- */

static bool
is_tiers(const char *name)
{
	return name != NULL && (strcmp(name, "rates") == 0 ||
	    strcmp(name, "flat_rates") == 0);
}

/* Another name of the same quantity, which differs by zeros in front; NULL: there
 * is none. */
static const char *
same_quantity(struct arena *a, struct json_object *tiers, const char *name)
{
	const char *digits = name + strspn(name, "0");
	size_t zeros, length = strlen(digits);
	const char *other;

	for (zeros = 0; zeros + length <= QUANTITY_DIGITS; zeros++) {
		other = arena_printf(a, "%.*s%s", (int)zeros,
		    "000000000000000000", digits);
		if (strcmp(other, name) != 0 &&
		    json_object_object_get_ex(tiers, other, NULL))
			return other;
	}
	return NULL;
}

static struct problem *
check_quantities(struct arena *a, struct json_object *tiers, const char *path)
{
	const char *other;

	json_object_object_foreach(tiers, name, value) {
		(void)value;
		if (name[0] == '0' && (other = same_quantity(a, tiers,
		    name)) != NULL)
			return problem_invalid(a, problem_path(a, path, name),
			    "uniqueItems", "\"%s\" and \"%s\" are the same "
			    "quantity", name, other);
	}
	return NULL;
}

/* Nobody knows which of the prices of "05" and "5" is meant. */
static struct problem *
check_tiers(struct arena *a, struct json_object *tree, const char *name,
    const char *path)
{
	struct problem *p;

	if (!json_object_is_type(tree, json_type_object))
		return NULL;
	if (is_tiers(name))
		return check_quantities(a, tree, path);
	json_object_object_foreach(tree, key, value)
		if ((p = check_tiers(a, value, key, problem_path(a, path,
		    key))) != NULL)
			return p;
	return NULL;
}

static struct problem *
check(struct arena *a, struct json_object *document, const char *prefix,
    bool partial)
{
	struct problem *p = schema_check(a, schemas_of(SCHEMA_SERVICE_PLANS),
	    document, prefix, partial);

	return p != NULL ? p : check_tiers(a, document, NULL, prefix);
}

/* ---- the whole ---- */

struct problem *
plan_check(struct arena *a, struct json_object *document, const char *prefix)
{
	return check(a, document, prefix, false);
}

struct problem *
plan_check_overrides(struct arena *a, struct json_object *overrides,
    const char *prefix)
{
	return check(a, overrides, prefix, true);
}

bool
plan_id_valid(const char *id)
{
	size_t length = strlen(id);

	return length > 0 && length <= PLAN_ID_MAX &&
	    strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789_.-") == length && strspn(id, ".") < length;
}
