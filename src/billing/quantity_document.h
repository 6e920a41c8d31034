/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Quantities as documents have them, {category: {item: whole number}}: the one
 * place where they are read and checked, and written. An end: JSON on one
 * side, tables on the other.
 */
#ifndef REEVE_BILLING_QUANTITY_DOCUMENT_H
#define REEVE_BILLING_QUANTITY_DOCUMENT_H

#include "base/problem.h"
#include "billing/quantity_table.h"

/* The origin of a document, which decides about its numbers. */
enum quantity_origin {
	QUANTITY_ASKED, /* by a client: from 0 to LINE_COUNT_MAX, and names have
	                   no blank at either end */
	QUANTITY_KEPT   /* counted or stored elsewhere: of either sign */
};

/*
 * Reads a document over a table. A null means that there is none: it takes the
 * item, or the whole category, out of the table. Names have 1 to
 * QUANTITY_NAME_MAX characters. A document that is NULL says nothing.
 * Problems: VALIDATION naming the member, with prefix in front ("": none);
 * the table is as it was.
 */
struct problem *quantity_table_read(struct arena *a,
    struct json_object *document, const char *prefix,
    enum quantity_origin origin, struct quantity_table *table) MUSTCHECK;

/* The same for {"account": ..., "cascade": ..., "manual": ...}; other members
 * are not looked at. */
struct problem *quantity_tables_read(struct arena *a,
    struct json_object *document, const char *prefix,
    enum quantity_origin origin,
    struct quantity_table tables[QUANTITY_SCOPE__MAX]) MUSTCHECK;

/* Written as they are read; the caller owns it. */
struct json_object *quantity_table_json(const struct quantity_table *table);
struct json_object *quantity_tables_json(
    const struct quantity_table tables[QUANTITY_SCOPE__MAX]);

#endif
