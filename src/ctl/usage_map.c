/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/usage_map.h"

#include <string.h>

#include "base/formula.h"
#include "base/gregorian.h"
#include "base/json.h"

#define METADATA "metadata."

enum field_type { FIELD_TEXT, FIELD_NUMBER, FIELD_MOMENT };

/* The fields of a row, and their names in the API's own CSV. */
static const struct field {
	const char *path;
	const char *heading;
	enum field_type type;
} fields[] = {
	{ "account.id", "Account ID", FIELD_TEXT },
	{ "account.name", "Account Name", FIELD_TEXT },
	{ "amount", "Amount", FIELD_NUMBER },
	{ "description", "Description", FIELD_TEXT },
	{ "period.end", "End Time", FIELD_MOMENT },
	{ "period.start", "Start Time", FIELD_MOMENT },
	{ "source.id", "Source ID", FIELD_TEXT },
	{ "source.service", "Source Service", FIELD_TEXT },
	{ "usage.quantity", "Usage Quantity", FIELD_NUMBER },
	{ "usage.type", "Usage Type", FIELD_TEXT },
	{ "usage.unit", "Usage Unit", FIELD_TEXT },
};

/* ---- fields ---- */

static const struct field *
find_field(const char *path)
{
	size_t i;

	for (i = 0; i < NELEM(fields); i++)
		if (strcmp(fields[i].path, path) == 0)
			return &fields[i];
	return NULL;
}

static bool
is_field(const char *path)
{
	return find_field(path) != NULL || (strncmp(path, METADATA,
	    sizeof(METADATA) - 1) == 0 && path[sizeof(METADATA) - 1] != '\0');
}

bool
usage_map_next(char **rest, const char **left, const char **right)
{
	char *pair = strsep(rest, ","), *sign;

	if (pair == NULL)
		return false;
	*left = pair;
	*right = "";
	if ((sign = strchr(pair, '=')) != NULL) {
		*sign = '\0';
		*right = sign + 1;
	}
	return true;
}

/* True if a list names the same thing twice: one of the two would be lost. */
static bool
names_twice(struct arena *a, const char *pairs, const char *name)
{
	char *rest = arena_strdup(a, pairs);
	const char *left, *right;
	int count = 0;

	while (usage_map_next(&rest, &left, &right))
		count += strcmp(left, name) == 0;
	return count > 1;
}

const char *
usage_map_fault(struct arena *a, const char *pairs, bool field_first)
{
	char *rest = arena_strdup(a, pairs);
	const char *left, *right, *field;

	while (usage_map_next(&rest, &left, &right)) {
		field = field_first ? left : right;
		if (!is_field(field))
			return arena_printf(a, "\"%s\" is no field of usage",
			    field);
		if (names_twice(a, pairs, left))
			return arena_printf(a, "\"%s\" is there twice", left);
	}
	return NULL;
}

const char *
usage_map_field(struct arena *a, const struct usage_map *map,
    const char *column)
{
	char *rest = arena_strdup(a, map->columns);
	const char *left, *right;
	size_t i;

	while (usage_map_next(&rest, &left, &right))
		if (strcmp(left, column) == 0)
			return right;
	if (is_field(column))
		return column;
	for (i = 0; i < NELEM(fields); i++)
		if (strcmp(fields[i].heading, column) == 0)
			return fields[i].path;
	return NULL;
}

bool
usage_map_is_constant(struct arena *a, const struct usage_map *map,
    const char *field)
{
	char *rest = arena_strdup(a, map->constants);
	const char *left, *right;

	while (usage_map_next(&rest, &left, &right))
		if (strcmp(left, field) == 0)
			return true;
	return false;
}

/* ---- values ---- */

/* A text that is not a number stays a text, which the schema refuses. */
static struct json_object *
number_json(struct arena *a, const char *text)
{
	struct json_object *json;
	const char *error;

	json = json_parse(a, text, strlen(text), &error);
	return json_object_is_type(json, json_type_int) ||
	    json_object_is_type(json, json_type_double) ?
	    json_object_get(json) : json_object_new_string(text);
}

/* Gregorian seconds may have a fraction, as other moments may. */
static struct json_object *
moment_json(struct arena *a, const char *text)
{
	size_t whole = strspn(text, "0123456789");
	int64_t moment;

	if (gregorian_parse_moment(text, &moment))
		return json_object_new_int64(moment);
	if (whole > 0 && (text[whole] == '.' || text[whole] == ',') &&
	    text[whole + 1] != '\0' &&
	    text[whole + 1 + strspn(text + whole + 1, "0123456789")] == '\0')
		text = arena_strndup(a, text, whole);
	return number_json(a, text);
}

static struct json_object *
value_json(struct arena *a, enum field_type type, const char *text)
{
	if (type == FIELD_NUMBER)
		return number_json(a, text);
	if (type == FIELD_MOMENT)
		return moment_json(a, text);
	/* The apostrophe of the API's own CSV. */
	return json_object_new_string(text[0] == '\'' && is_formula(text + 1) ?
	    text + 1 : text);
}

void
usage_map_put(struct arena *a, struct json_object *row, const char *path,
    const char *text)
{
	const struct field *field = find_field(path);
	struct json_object *value = value_json(a,
	    field == NULL ? FIELD_TEXT : field->type, text), *inner;
	const char *dot = strchr(path, '.');
	const char *outer;

	if (dot == NULL) {
		json_object_object_add(row, path, value);
		return;
	}
	outer = arena_printf(a, "%.*s", (int)(dot - path), path);
	if (!json_object_object_get_ex(row, outer, &inner)) {
		inner = json_object_new_object();
		json_object_object_add(row, outer, inner);
	}
	json_object_object_add(inner, dot + 1, value);
}

void
usage_map_put_constants(struct arena *a, const struct usage_map *map,
    struct json_object *entry)
{
	char *rest = arena_strdup(a, map->constants);
	const char *field, *text;

	while (usage_map_next(&rest, &field, &text))
		usage_map_put(a, entry, field, text);
}
