/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The JSON schemas (schemas/NAME.json, compiled in) that writes are held
 * against and clients are shown. A reading end. Pure.
 */
#ifndef REEVE_BILLING_SCHEMAS_H
#define REEVE_BILLING_SCHEMAS_H

#include <stddef.h>

struct json_object;

/* A schema; lent, for ever. NULL: there is none of the name. */
struct json_object *schema_named(const char *name);

/* Their names, by index; NULL after the last. */
const char *schema_name(size_t index);

#endif
