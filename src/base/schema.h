/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON schemas, compiled when the program starts, and documents held against
 * them. The words of the schema language: type (one name or a list),
 * properties, patternProperties, additionalProperties, required, items, enum,
 * minimum, maximum, minLength, maxLength, minItems, maxItems, multipleOf
 * (0.000001 only), pattern, format (int64 only: a whole number without a
 * decimal point, as large as 64 bits hold), definitions (at the top), and $ref
 * to "#/definitions/NAME" or to the name of another schema. $schema, id, title,
 * description and default document; there are no other words. A member that is
 * null counts as not there.
 */
#ifndef REEVE_BASE_SCHEMA_H
#define REEVE_BASE_SCHEMA_H

#include <json-c/json.h>
#include <stdbool.h>

#include "base/problem.h"

struct schema;

/* The schema that a $ref names, compiled; NULL: there is none. */
typedef const struct schema *schema_finder(const char *name);

/*
 * Compiles a schema, which lives as long as the arena and borrows the document
 * (the arena's, too). find NULL: $ref leads to its own definitions only. NULL:
 * it cannot be used, and *wrong says where, which word, and why: "properties.
 * name: pattern: Unmatched [".
 */
const struct schema *schema_compile(struct arena *a,
    struct json_object *document, schema_finder *find, const char **wrong)
    MUSTCHECK;

/* What it was compiled from; lent. */
struct json_object *schema_document(const struct schema *schema);

/*
 * Holds a value against a schema. partial: members that are required may be
 * missing, as in a fragment that is laid over a whole. NULL: it fits. Else a
 * VALIDATION problem with every failure, under the dotted path of the value,
 * which starts with prefix ("": none).
 */
struct problem *schema_check(struct arena *a, const struct schema *schema,
    struct json_object *value, const char *prefix, bool partial) MUSTCHECK;

/* Adds the members that a document lacks and its schema has a default for. */
void schema_defaults(const struct schema *schema, struct json_object *document);

#endif
