/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The JSON schemas (schemas/NAME.json, built in), which check writes and are
 * shown to clients: SCHEMA_NAME each. All of them are compiled when a program
 * starts, which ends with status 70 if one cannot be used. A reading end. Pure.
 */
#ifndef REEVE_BILLING_SCHEMAS_H
#define REEVE_BILLING_SCHEMAS_H

#include "billing/schema_names.h"

struct json_object;
struct kind;
struct schema;

/*
 * Compiles all of them, and checks that every kind has one. The pool calls it
 * when it starts. In a process for one command or one request each is compiled
 * at its first use instead: all of them take longer than such a process. Ends
 * the program: unusable schemas, a kind without one.
 */
void schemas_compile(void);

/* One of them; lent, for ever. */
const struct schema *schemas_of(enum schema_name name);

/* That of a kind, which is called as its noun; lent, for ever. */
const struct schema *schemas_of_kind(const struct kind *kind);

/* One by name, as clients ask for it; NULL: there is none. */
const struct schema *schemas_named(const char *name);

/* Its name; NULL past the last, which is SCHEMA__MAX - 1. */
const char *schemas_name(enum schema_name schema);

/*
 * Compiles the schema of a text, in lines that end with NULL, for ever. Ends
 * the program, saying where and what, if it cannot be used.
 */
const struct schema *schemas_load(const char *name, const char *const *lines);

#endif
