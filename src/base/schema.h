/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Documents against JSON schemas. The words of the schema language that are
 * understood: type (one name or a list), properties, patternProperties,
 * additionalProperties, required, items, enum, minimum, maximum, minLength,
 * maxLength, multipleOf (0.000001 only), pattern, and $ref to
 * "#/definitions/NAME". A member that is null counts as not there. A schema is
 * trusted: it comes with the program, and its texts stay for ever.
 */
#ifndef REEVE_BASE_SCHEMA_H
#define REEVE_BASE_SCHEMA_H

#include <json-c/json.h>
#include <stdbool.h>

#include "base/problem.h"

/*
 * Holds a value against a schema; root is the whole schema, in which $ref
 * looks. partial: members that are required may be missing, as in a fragment
 * that is laid over a whole. NULL: it fits. Else a VALIDATION problem with
 * every failure, under the dotted path of the value, which starts with prefix
 * ("": none).
 */
struct problem *schema_check(struct arena *a, struct json_object *root,
    struct json_object *schema, struct json_object *value, const char *prefix,
    bool partial) MUSTCHECK;

/* Adds the members that a document lacks and its schema has a default for. */
void schema_defaults(struct json_object *schema, struct json_object *document);

#endif
