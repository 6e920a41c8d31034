/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/schema.h"

#include <inttypes.h>
#include <regex.h>
#include <string.h>

#include "base/json.h"
#include "base/money.h"
#include "base/utf8.h"

#define FAILURES_MAX 50 /* told at once */
#define PATTERNS_MAX 64 /* of all schemas */

struct check {
	struct arena *arena;
	struct json_object *root;
	bool partial;
	unsigned failures;
	struct problem *problem;
};

/* Where a value stands. It becomes a path when there is something to say of it. */
struct place {
	const struct place *above; /* NULL: the name is the prefix */
	const char *name;          /* NULL: the index */
	size_t index;
};

static void check_value(struct check *c, struct json_object *schema,
    struct json_object *value, const struct place *place);

static const char *
path_to(struct check *c, const struct place *place)
{
	if (place->above == NULL)
		return place->name;
	return problem_path(c->arena, path_to(c, place->above),
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

static struct json_object *
resolved(struct check *c, struct json_object *schema)
{
	static const char prefix[] = "#/definitions/";
	const char *reference = json_string_at(schema, "$ref");
	struct json_object *found = NULL;

	if (reference == NULL)
		return schema;
	if (strncmp(reference, prefix, sizeof(prefix) - 1) == 0 &&
	    json_object_object_get_ex(json_object_at(c->root, "definitions"),
	    reference + sizeof(prefix) - 1, &found))
		return resolved(c, found);
	return NULL;
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
	/* 3.0 is whole: nothing but zeroes after the point. */
	text = strchr(json_object_get_string(value), '.');
	return text != NULL && text[1 + strspn(text + 1, "0")] == '\0';
}

static bool
is_named(struct json_object *value, const char *type)
{
	static const struct {
		const char *name;
		enum json_type type;
	} names[] = {
		{ "array", json_type_array },
		{ "boolean", json_type_boolean },
		{ "object", json_type_object },
		{ "string", json_type_string },
	};
	size_t i;

	if (strcmp(type, "integer") == 0)
		return is_whole(value);
	if (strcmp(type, "number") == 0)
		return json_object_is_type(value, json_type_int) ||
		    json_object_is_type(value, json_type_double);
	for (i = 0; i < NELEM(names); i++)
		if (strcmp(type, names[i].name) == 0)
			return json_object_is_type(value, names[i].type);
	return false;
}

static bool
check_type(struct check *c, struct json_object *schema,
    struct json_object *value, const struct place *place)
{
	struct json_object *types = json_at(schema, "type");
	struct buffer list;
	const char *name;
	size_t i, n;

	if (types == NULL)
		return true;
	buffer_init(&list, c->arena, 0);
	n = json_object_is_type(types, json_type_array) ?
	    json_object_array_length(types) : 1;
	for (i = 0; i < n; i++) {
		name = json_object_get_string(
		    json_object_is_type(types, json_type_array) ?
		    json_object_array_get_idx(types, i) : types);
		if (is_named(value, name))
			return true;
		buffer_printf(&list, "%s%s", i == 0 ? "" : ", ", name);
	}
	fail(c, place, "type", "Value did not match type(s): %s", list.text);
	return false;
}

/* ---- numbers and texts ---- */

static void
check_number(struct check *c, struct json_object *schema,
    struct json_object *value, const struct place *place)
{
	struct json_object *bound;
	money_t amount, limit;

	if (!json_object_is_type(value, json_type_int) &&
	    !json_object_is_type(value, json_type_double))
		return;
	if (!money_parse(json_object_get_string(value), &amount)) {
		fail(c, place, "overflow", "the number is too large");
		return;
	}
	if (json_at(schema, "multipleOf") != NULL &&
	    !money_exact(json_object_get_string(value)))
		fail(c, place, "multipleOf",
		    "Value must have at most 6 decimals");
	bound = json_at(schema, "minimum");
	if (bound != NULL && money_parse(json_object_get_string(bound), &limit) &&
	    amount < limit)
		fail(c, place, "minimum", "Value must be at least %s",
		    json_object_get_string(bound));
	bound = json_at(schema, "maximum");
	if (bound != NULL && money_parse(json_object_get_string(bound), &limit) &&
	    amount > limit)
		fail(c, place, "maximum", "Value must be at most %s",
		    json_object_get_string(bound));
}

/*
 * The patterns of the schemas, compiled once: there are few, and they are asked
 * for every key of every plan. NULL: it is no pattern, or there are too many.
 */
static const regex_t *
compiled(const char *pattern)
{
	static struct {
		const char *pattern; /* the schema's, which stays */
		regex_t expression;
	} known[PATTERNS_MAX];
	static size_t count;
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(known[i].pattern, pattern) == 0)
			return &known[i].expression;
	if (count == NELEM(known))
		return NULL;
	if (regcomp(&known[count].expression, pattern,
	    REG_EXTENDED | REG_NOSUB) != 0)
		return NULL;
	known[count].pattern = pattern;
	return &known[count++].expression;
}

static bool
fits_pattern(const char *pattern, const char *text)
{
	const regex_t *expression = compiled(pattern);

	return expression != NULL &&
	    regexec(expression, text, 0, NULL, 0) == 0;
}

static void
check_string(struct check *c, struct json_object *schema,
    struct json_object *value, const struct place *place)
{
	const char *text, *pattern;
	int64_t limit, length;

	if (!json_object_is_type(value, json_type_string))
		return;
	text = json_object_get_string(value);
	length = (int64_t)utf8_characters(text);
	if (json_int_at(schema, "minLength", &limit) && length < limit)
		fail(c, place, "minLength",
		    "String must be at least %" PRId64 " characters", limit);
	if (json_int_at(schema, "maxLength", &limit) && length > limit)
		fail(c, place, "maxLength",
		    "String must not be more than %" PRId64 " characters", limit);
	pattern = json_string_at(schema, "pattern");
	if (pattern != NULL && !fits_pattern(pattern, text))
		fail(c, place, "pattern", "Failed to match pattern '%s'", pattern);
}

static void
check_enum(struct check *c, struct json_object *schema,
    struct json_object *value, const struct place *place)
{
	struct json_object *allowed = json_array_at(schema, "enum"), *one;
	struct buffer list;
	size_t i, n;

	if (allowed == NULL)
		return;
	buffer_init(&list, c->arena, 0);
	n = json_object_array_length(allowed);
	for (i = 0; i < n; i++) {
		one = json_object_array_get_idx(allowed, i);
		if (json_object_equal(one, value))
			return;
		buffer_printf(&list, "%s%s", i == 0 ? "" : ", ",
		    json_object_get_string(one));
	}
	fail(c, place, "enum", "Value not found in enumerated list of values: %s",
	    list.text);
}

/* ---- objects and arrays ---- */

static void
check_required(struct check *c, struct json_object *schema,
    struct json_object *value, const struct place *place)
{
	struct json_object *names = json_array_at(schema, "required"), *found;
	const char *name;
	size_t i, n;

	if (names == NULL || c->partial)
		return;
	n = json_object_array_length(names);
	for (i = 0; i < n; i++) {
		name = json_object_get_string(
		    json_object_array_get_idx(names, i));
		if (!json_object_object_get_ex(value, name, &found) ||
		    found == NULL)
			fail(c, &(struct place){ .above = place, .name = name },
			    "required", "Field is required but missing");
	}
}

/* By the name, else by a pattern, else by what is said of all others. */
static void
check_member(struct check *c, struct json_object *schema, const char *key,
    struct json_object *value, const struct place *place)
{
	struct json_object *table = json_object_at(schema, "properties"), *of;

	if (table != NULL && json_object_object_get_ex(table, key, &of)) {
		check_value(c, of, value, place);
		return;
	}
	table = json_object_at(schema, "patternProperties");
	if (table != NULL) {
		json_object_object_foreach(table, pattern, of_pattern) {
			if (fits_pattern(pattern, key)) {
				check_value(c, of_pattern, value, place);
				return;
			}
		}
	}
	of = json_at(schema, "additionalProperties");
	if (json_object_is_type(of, json_type_object))
		check_value(c, of, value, place);
	else if (json_object_is_type(of, json_type_boolean) &&
	    !json_object_get_boolean(of))
		fail(c, place, "additionalProperties",
		    "this key is not allowed here");
}

static void
check_object(struct check *c, struct json_object *schema,
    struct json_object *value, const struct place *place)
{
	if (!json_object_is_type(value, json_type_object))
		return;
	check_required(c, schema, value, place);
	json_object_object_foreach(value, key, member)
		if (member != NULL)
			check_member(c, schema, key, member,
			    &(struct place){ .above = place, .name = key });
}

static void
check_array(struct check *c, struct json_object *schema,
    struct json_object *value, const struct place *place)
{
	struct json_object *items = json_object_at(schema, "items");
	size_t i, n;

	if (items == NULL || !json_object_is_type(value, json_type_array))
		return;
	n = json_object_array_length(value);
	for (i = 0; i < n; i++)
		check_value(c, items, json_object_array_get_idx(value, i),
		    &(struct place){ .above = place, .index = i });
}

static void
check_value(struct check *c, struct json_object *schema,
    struct json_object *value, const struct place *place)
{
	schema = resolved(c, schema);
	if (schema == NULL || !check_type(c, schema, value, place))
		return;
	check_number(c, schema, value, place);
	check_string(c, schema, value, place);
	check_enum(c, schema, value, place);
	check_object(c, schema, value, place);
	check_array(c, schema, value, place);
}

struct problem *
schema_check(struct arena *a, struct json_object *root,
    struct json_object *schema, struct json_object *value, const char *prefix,
    bool partial)
{
	struct check c = { .arena = a, .root = root, .partial = partial };

	check_value(&c, schema, value, &(struct place){ .name = prefix });
	return c.problem;
}

void
schema_defaults(struct json_object *schema, struct json_object *document)
{
	struct json_object *properties = json_object_at(schema, "properties");
	struct json_object *value, *unused;

	if (properties == NULL)
		return;
	json_object_object_foreach(properties, name, of)
		if ((value = json_at(of, "default")) != NULL &&
		    !json_object_object_get_ex(document, name, &unused))
			json_object_object_add(document, name,
			    json_object_get(value));
}
