/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a document as CouchDB holds it to what the store writes: one table of
 * kinds, in the shapes that a Kazoo gives them.
 */
#ifndef REEVE_CTL_IMPORT_DOCUMENT_H
#define REEVE_CTL_IMPORT_DOCUMENT_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

#include "service/change.h"

enum import_result {
	IMPORT_WRITTEN,
	IMPORT_KNOWN, /* a document of this id is here already */
	IMPORT_SKIPPED
};

/* What became of a document. */
struct import_outcome {
	enum import_result result;
	const char *note; /* IMPORT_SKIPPED: why; IMPORT_WRITTEN: what of it could
	                     not be counted, or NULL */
};

struct import_kind;

struct importer {
	struct actor actor;
	const char *account; /* whose documents are that do not say; or NULL */
};

/* The kind of a document, NULL: none that is imported, *reason says why. */
const struct import_kind *import_kind_of(struct arena *a,
    struct json_object *document, const char **reason);

/* "account", "audit_log"...; for reports. */
const char *import_kind_name(const struct import_kind *kind);

/* Kinds go in by phases: what others refer to comes first, and what explains
 * totals after the totals. */
int import_kind_phase(const struct import_kind *kind);
#define IMPORT_PHASES 3

/* Sort keys: within a phase documents are written in this order. */
int64_t import_order(const struct import_kind *kind,
    struct json_object *document);
const char *import_document_id(struct json_object *document);

/*
 * Writes one document, inside the caller's transaction. Problems that only
 * concern the document are made IMPORT_SKIPPED; others are returned.
 */
struct problem *import_document(const struct importer *importer,
    struct db *db, struct arena *a, const struct import_kind *kind,
    struct json_object *document, struct import_outcome *out) MUSTCHECK;

#endif
