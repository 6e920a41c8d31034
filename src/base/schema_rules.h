/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The compiled form of a schema. Only base/schema_compile.c writes it, and only
 * base/schema.c reads it. */
#ifndef REEVE_BASE_SCHEMA_RULES_H
#define REEVE_BASE_SCHEMA_RULES_H

#include <regex.h>
#include <stddef.h>
#include <stdint.h>

#include "base/schema.h"

#define SCHEMA_UNBOUNDED (-1) /* no limit of a length or count */

enum schema_type {
	SCHEMA_ARRAY = 1,
	SCHEMA_BOOLEAN = 2,
	SCHEMA_INTEGER = 4,
	SCHEMA_NUMBER = 8,
	SCHEMA_OBJECT = 16,
	SCHEMA_STRING = 32
};

struct schema_pattern {
	const char *text;
	regex_t expression;
};

/* A member of objects: one by its name, or all whose names fit a pattern. */
struct schema_member {
	const char *name;
	const struct schema_pattern *pattern; /* NULL: use the name */
	const struct schema *schema;
	struct json_object *initially; /* its default; NULL: none */
};

struct schema_members {
	struct schema_member *members;
	size_t count;
};

/* A minimum or maximum of numbers. */
struct schema_bound {
	const char *text; /* as written in the schema; NULL: none */
	int64_t value;    /* in millionths; is_int64: whole */
};

struct schema {
	struct json_object *document;
	unsigned types;         /* of enum schema_type; 0: any */
	const char *type_names; /* for people */
	bool is_int64;          /* integers of 64 bits; 3.0 is none */
	bool is_exact;          /* numbers: whole millionths */
	struct schema_bound minimum, maximum;
	int64_t min_length, max_length; /* of strings, in characters */
	const struct schema_pattern *pattern;
	struct json_object *values; /* the allowed values; NULL: any */
	const char *value_names;    /* for people */
	int64_t min_items, max_items;
	const struct schema *items; /* of arrays; NULL: anything */
	const char **required;
	size_t required_count;
	struct schema_members named, patterned;
	bool is_closed;              /* no other members */
	const struct schema *others; /* of other members; NULL: anything */
};

#endif
