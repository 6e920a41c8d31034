/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/schema.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "base/money.h"
#include "base/schema_rules.h"
#include "base/utf8.h"

#define FAILURES_MAX 50 /* in one problem */

struct check {
	struct arena *arena;
	bool partial;
	unsigned failures;
	struct problem *problem;
};

/* The place of a value. It becomes a path only when the value fails. */
struct place {
	const struct place *parent; /* NULL: the name is the prefix */
	const char *name;          /* NULL: the index */
	size_t index;
};

static void check_value(struct check *c, const struct schema *schema,
    struct json_object *value, const struct place *place);

static const char *
path_to(struct check *c, const struct place *place)
{
	if (place->parent == NULL)
		return place->name;
	return problem_path(c->arena, path_to(c, place->parent),
	    place->name != NULL ? place->name :
	    arena_printf(c->arena, "%zu", place->index));
}

static void PRINTF(4, 5)
fail(struct check *c, const struct place *place, const char *code,
    const char *format, ...)
{
	struct buffer text;
	const char *path;
	va_list args;

	if (c->failures++ >= FAILURES_MAX)
		return;
	path = path_to(c, place);
	buffer_init(&text, c->arena, 0);
	va_start(args, format);
	buffer_vprintf(&text, format, args);
	va_end(args);
	c->problem = problem_also_invalid(c->arena, c->problem,
	    path[0] == '\0' ? "data" : path, code, "%s", text.text);
}

/* Also adds the limit as a number, for clients that word the error themselves. */
static void
fail_length(struct check *c, const struct place *place, const char *code,
    const char *rule, int64_t target)
{
	fail(c, place, code, "String must %s %" PRId64 " characters", rule,
	    target);
	problem_set_int(c->problem, path_to(c, place), code, "target", target);
}

/* ---- types ---- */

static bool
is_whole(struct json_object *value)
{
	const char *text;

	if (json_object_is_type(value, json_type_int))
		return true;
	if (!json_object_is_type(value, json_type_double))
		return false;
	/* 3.0 is whole: only zeros after the point. */
	text = strchr(json_object_get_string(value), '.');
	return text != NULL && text[1 + strspn(text + 1, "0")] == '\0';
}

/* The types of a value; a missing value has none. */
static unsigned
types_of(const struct schema *schema, struct json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_array:
		return SCHEMA_ARRAY;
	case json_type_boolean:
		return SCHEMA_BOOLEAN;
	case json_type_double:
		return SCHEMA_NUMBER | (!schema->is_int64 && is_whole(value) ?
		    SCHEMA_INTEGER : 0);
	case json_type_int:
		return SCHEMA_NUMBER | SCHEMA_INTEGER;
	case json_type_object:
		return SCHEMA_OBJECT;
	case json_type_string:
		return SCHEMA_STRING;
	case json_type_null:
		break;
	}
	return 0;
}

static bool
check_type(struct check *c, const struct schema *schema,
    struct json_object *value, const struct place *place)
{
	if (schema->types == 0 || (types_of(schema, value) & schema->types))
		return true;
	fail(c, place, "type", "Value did not match type(s): %s",
	    schema->type_names);
	return false;
}

/* ---- numbers and texts ---- */

static void
check_bounds(struct check *c, const struct schema *schema, int64_t number,
    const struct place *place)
{
	if (schema->minimum.text != NULL && number < schema->minimum.value)
		fail(c, place, "minimum", "Value must be at least %s",
		    schema->minimum.text);
	if (schema->maximum.text != NULL && number > schema->maximum.value)
		fail(c, place, "maximum", "Value must be at most %s",
		    schema->maximum.text);
}

static void
check_number(struct check *c, const struct schema *schema,
    struct json_object *value, const struct place *place)
{
	const char *text;
	money_t amount;

	if (!(types_of(schema, value) & SCHEMA_NUMBER))
		return;
	if (schema->is_int64) {
		check_bounds(c, schema, json_object_get_int64(value), place);
		return;
	}
	text = json_object_get_string(value);
	if (!money_parse(text, &amount)) {
		fail(c, place, "overflow", "the number is too large");
		return;
	}
	if (schema->is_exact && !money_exact(text))
		fail(c, place, "multipleOf",
		    "Value must have at most 6 decimals");
	check_bounds(c, schema, amount, place);
}

static bool
fits_pattern(const struct schema_pattern *pattern, const char *text)
{
	return regexec(&pattern->expression, text, 0, NULL, 0) == 0;
}

static void
check_string(struct check *c, const struct schema *schema,
    struct json_object *value, const struct place *place)
{
	const char *text;
	int64_t length;

	if (!json_object_is_type(value, json_type_string))
		return;
	text = json_object_get_string(value);
	length = (int64_t)utf8_characters(text);
	if (length < schema->min_length)
		fail_length(c, place, "minLength", "be at least",
		    schema->min_length);
	if (schema->max_length != SCHEMA_UNBOUNDED &&
	    length > schema->max_length)
		fail_length(c, place, "maxLength", "not be more than",
		    schema->max_length);
	if (schema->pattern != NULL && !fits_pattern(schema->pattern, text))
		fail(c, place, "pattern", "Failed to match pattern '%s'",
		    schema->pattern->text);
}

static void
check_enum(struct check *c, const struct schema *schema,
    struct json_object *value, const struct place *place)
{
	size_t i, n = schema->values == NULL ? 0 :
	    json_object_array_length(schema->values);

	for (i = 0; i < n; i++)
		if (json_object_equal(json_object_array_get_idx(schema->values,
		    i), value))
			return;
	if (schema->values != NULL)
		fail(c, place, "enum",
		    "Value not found in enumerated list of values: %s",
		    schema->value_names);
}

/* ---- objects and arrays ---- */

static void
check_required(struct check *c, const struct schema *schema,
    struct json_object *value, const struct place *place)
{
	size_t i;

	if (c->partial)
		return;
	for (i = 0; i < schema->required_count; i++)
		if (json_object_object_get(value, schema->required[i]) == NULL)
			fail(c, &(struct place){ .parent = place,
			    .name = schema->required[i] }, "required",
			    "Field is required but missing");
}

/* The rule of a member: by its name, else by a pattern. NULL: there is none. */
static const struct schema_member *
member_of(const struct schema *schema, const char *key)
{
	const struct schema_members *named = &schema->named;
	const struct schema_members *patterned = &schema->patterned;
	size_t i;

	for (i = 0; i < named->count; i++)
		if (strcmp(named->members[i].name, key) == 0)
			return &named->members[i];
	for (i = 0; i < patterned->count; i++)
		if (fits_pattern(patterned->members[i].pattern, key))
			return &patterned->members[i];
	return NULL;
}

static void
check_object(struct check *c, const struct schema *schema,
    struct json_object *value, const struct place *parent)
{
	const struct schema_member *member;

	if (!json_object_is_type(value, json_type_object))
		return;
	check_required(c, schema, value, parent);
	json_object_object_foreach(value, key, inner) {
		const struct place place = { .parent = parent, .name = key };

		if (inner == NULL)
			continue;
		member = member_of(schema, key);
		if (member != NULL)
			check_value(c, member->schema, inner, &place);
		else if (schema->is_closed)
			fail(c, &place, "additionalProperties",
			    "this key is not allowed here");
		else if (schema->others != NULL)
			check_value(c, schema->others, inner, &place);
	}
}

static void
check_array(struct check *c, const struct schema *schema,
    struct json_object *value, const struct place *place)
{
	int64_t i, n;

	if (!json_object_is_type(value, json_type_array))
		return;
	n = (int64_t)json_object_array_length(value);
	if (n < schema->min_items)
		fail(c, place, "minItems",
		    "Array must have at least %" PRId64 " elements",
		    schema->min_items);
	if (schema->max_items != SCHEMA_UNBOUNDED && n > schema->max_items)
		fail(c, place, "maxItems",
		    "Array must not have more than %" PRId64 " elements",
		    schema->max_items);
	for (i = 0; schema->items != NULL && i < n; i++)
		check_value(c, schema->items, json_object_array_get_idx(value,
		    (size_t)i), &(struct place){ .parent = place,
		    .index = (size_t)i });
}

static void
check_value(struct check *c, const struct schema *schema,
    struct json_object *value, const struct place *place)
{
	if (!check_type(c, schema, value, place))
		return;
	check_number(c, schema, value, place);
	check_string(c, schema, value, place);
	check_enum(c, schema, value, place);
	check_object(c, schema, value, place);
	check_array(c, schema, value, place);
}

/* ---- lengths ---- */

static void
check_lengths(struct check *c, struct json_object *value,
    const struct place *place)
{
	size_t i, n;

	if (json_object_is_type(value, json_type_object)) {
		if (json_object_object_length(value) > SCHEMA_LENGTH_MAX)
			fail(c, place, "maxProperties",
			    "Object must not have more than %d members",
			    SCHEMA_LENGTH_MAX);
		json_object_object_foreach(value, key, inner)
			check_lengths(c, inner, &(struct place){
			    .parent = place, .name = key });
	} else if (json_object_is_type(value, json_type_array)) {
		n = json_object_array_length(value);
		if (n > SCHEMA_LENGTH_MAX)
			fail(c, place, "maxItems",
			    "Array must not have more than %d elements",
			    SCHEMA_LENGTH_MAX);
		for (i = 0; i < n; i++)
			check_lengths(c, json_object_array_get_idx(value, i),
			    &(struct place){ .parent = place, .index = i });
	}
}

struct json_object *
schema_document(const struct schema *schema)
{
	return schema->document;
}

struct problem *
schema_check(struct arena *a, const struct schema *schema,
    struct json_object *value, const char *prefix, bool partial)
{
	struct check c = { .arena = a, .partial = partial };
	const struct place place = { .name = prefix };

	check_lengths(&c, value, &place);
	if (c.problem == NULL)
		check_value(&c, schema, value, &place);
	return c.problem;
}

void
schema_defaults(const struct schema *schema, struct json_object *document)
{
	const struct schema_member *m;
	size_t i;

	for (i = 0; i < schema->named.count; i++) {
		m = &schema->named.members[i];
		if (m->initially != NULL &&
		    !json_object_object_get_ex(document, m->name, NULL))
			json_object_object_add(document, m->name,
			    json_object_get(m->initially));
	}
}
