/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The documents of the audit trail: built from a part of a change, and read
 * again with the outcome, which is stored beside them.
 */
#ifndef REEVE_SERVICE_TRAIL_DOCUMENT_H
#define REEVE_SERVICE_TRAIL_DOCUMENT_H

#include "base/json.h"
#include "service/part.h"
#include "store/audit.h"

/* {id_key: ..., name_key: ...} of an account; the caller owns it. */
struct json_object *trail_document_account(const char *id_key,
    const char *name_key, const struct service *account);

/* The changed quantities and terms; the caller owns it. */
struct json_object *trail_document_changes(const struct part *part);

/* The document of one invoice; the caller owns it. moves: its bookkeeper moves
 * money. */
struct json_object *trail_document_invoice(const struct part *part,
    const struct invoice *invoice, bool moves);

/* The document of changed quantities; *out is NULL if none changed. The caller
 * owns it. Problems: VALIDATION (overflow). */
struct problem *trail_document_quantities(const struct part *part,
    struct json_object **out) MUSTCHECK;

/* ---- stored entries ---- */

/*
 * Splits a document (public fields) into the members of an entry: its outcome,
 * and the canonical rest. Borrows the document's strings.
 */
void trail_document_split(struct arena *a, struct json_object *document,
    struct audit_entry *out);

/* The document of an entry, including its outcome; the arena's. Problems: FAULT
 * (the stored text is not JSON). */
struct problem *trail_document_read(struct arena *a,
    const struct audit_entry *entry, struct json_object **out) MUSTCHECK;

#endif
