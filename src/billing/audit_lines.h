/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lines of an audit entry: what it adds to the daily summary, read from its
 * document. A reading end, and a writing one for the database. Pure.
 */
#ifndef REEVE_BILLING_AUDIT_LINES_H
#define REEVE_BILLING_AUDIT_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buffer.h"

#define SERVICE_NAME_MAX 128 /* characters of a service or category */

struct audit_line {
	const char *service;  /* the item's name on the invoice */
	const char *category; /* "" if unknown */
	int64_t difference;   /* signed change */
	int64_t quantity;     /* after the change */
};

struct audit_lines {
	size_t count;
	struct audit_line *lines;
};

enum audit_form {
	AUDIT_INVOICE,   /* invoice.items with changes.difference.billable */
	AUDIT_QUANTITIES /* an array "audit" of source, quantity, billable */
};

/* "invoice" or "quantities". */
const char *audit_form_name(enum audit_form form);

/*
 * The lines of a document. An invoice item whose billable did not change has no
 * line; a quantity entry always has one. If one element cannot be counted (a
 * change without a difference, a fraction, no name), the document has no lines,
 * as in Kazoo: false, and *why names the element. Strings are the arena's.
 * document: JSON text as it is stored.
 */
bool audit_lines_of(struct arena *a, const char *document,
    enum audit_form form, struct audit_lines *out, const char **why) MUSTCHECK;

/* The lines as audit_entry_write takes them: [[service, category, d, q], ...] */
void audit_lines_json(const struct audit_lines *lines, struct buffer *out);

#endif
