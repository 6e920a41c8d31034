/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a schema is compiled to: base/schema_compile.c makes it, base/schema.c
 * reads it, and nobody else. */
#ifndef REEVE_BASE_SCHEMA_RULES_H
#define REEVE_BASE_SCHEMA_RULES_H

#include <regex.h>
#include <stddef.h>
#include <stdint.h>

#include "base/schema.h"

#define SCHEMA_UNBOUNDED (-1) /* of lengths and counts */

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

/* A member of objects: by name, or every one whose name fits a pattern. */
struct schema_member {
	const char *name;
	const struct schema_pattern *pattern; /* NULL: the name is meant */
	const struct schema *schema;
	struct json_object *initially; /* its default; NULL: none */
};

struct schema_members {
	struct schema_member *members;
	size_t count;
};

/* A bound of numbers. */
struct schema_bound {
	const char *text; /* as it is written; NULL: there is none */
	int64_t value;    /* in millionths; is_int64: whole */
};

struct schema {
	struct json_object *document;
	unsigned types;         /* of enum schema_type; 0: any */
	const char *type_names; /* for people */
	bool is_int64;          /* integers: 3.0 is none, and 64 bits all count */
	bool is_exact;          /* numbers: whole millionths */
	struct schema_bound least, most;
	int64_t min_length, max_length; /* of strings, in characters */
	const struct schema_pattern *pattern;
	struct json_object *values; /* all that are allowed; NULL: any */
	const char *value_names;    /* for people */
	int64_t min_items, max_items;
	const struct schema *items; /* of arrays; NULL: anything */
	const char **required;
	size_t required_count;
	struct schema_members named, patterned;
	bool is_closed;              /* no members but those */
	const struct schema *others; /* what other members are; NULL: anything */
};

#endif
