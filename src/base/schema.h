/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON schemas, compiled once, and the check of documents by them. The words of
 * the schema language: type (one name or a list), properties,
 * patternProperties, additionalProperties, required, items, enum, minimum,
 * maximum, minLength, maxLength, minItems, maxItems, multipleOf (0.000001
 * only), pattern, format (int64 only: a whole number without a decimal point,
 * as large as 64 bits hold), definitions (at the top), and $ref to
 * "#/definitions/NAME" or to the name of another schema. $schema, id, title and
 * description are for readers; default is for schema_defaults. A schema with
 * any other word is refused. A member with the value null counts as missing.
 */
#ifndef REEVE_BASE_SCHEMA_H
#define REEVE_BASE_SCHEMA_H

#include <json-c/json.h>
#include <stdbool.h>

#include "base/problem.h"

struct schema;

/* The compiled schema of a name in $ref; NULL: there is none. */
typedef const struct schema *schema_finder(const char *name);

/*
 * Compiles a schema. The schema is the arena's and borrows the document, which
 * must live as long. find NULL: $ref leads to its own definitions only. Returns
 * NULL for a schema that cannot be used; *wrong says where, which word, and
 * why: "properties.name: pattern: Unmatched [".
 */
const struct schema *schema_compile(struct arena *a,
    struct json_object *document, schema_finder *find, const char **wrong)
    MUSTCHECK;

/* The document of a compiled schema; lent. */
struct json_object *schema_document(const struct schema *schema);

/*
 * The greatest number of members of an object and of elements of a list,
 * wherever they are in a value and whatever its schema says of them: as many as
 * a batch of usage has entries, the longest list that a route takes.
 */
#define SCHEMA_LENGTH_MAX 10000

/*
 * Checks a value by a schema. partial: required members may be missing, as in a
 * fragment that is merged into a document. Returns NULL if the value fits, else
 * a VALIDATION problem with every failure, each under the dotted path of the
 * value, which starts with prefix ("": none). A value that is too long has no
 * other failures.
 */
struct problem *schema_check(struct arena *a, const struct schema *schema,
    struct json_object *value, const char *prefix, bool partial) MUSTCHECK;

/* Adds missing members for which the schema has a default. */
void schema_defaults(const struct schema *schema, struct json_object *document);

#endif
