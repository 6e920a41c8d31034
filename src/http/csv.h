/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists as comma-separated values (rules/requests 10, RFC 4180). */
#ifndef REEVE_HTTP_CSV_H
#define REEVE_HTTP_CSV_H

#include <json-c/json.h>
#include <stddef.h>

#include "base/buffer.h"

/*
 * Writes one row per element of an array (or one for an object), after a header
 * row. Nested keys are joined by '_'; columns are in the order of their first
 * appearance. Returns the number of rows below the header; 0 writes nothing.
 */
size_t csv_write(struct buffer *out, struct json_object *data);

#endif
