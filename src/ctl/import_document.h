/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes a CouchDB document to the store. One table of kinds says how; it takes
 * documents in the shapes that Kazoo gives them.
 */
#ifndef REEVE_CTL_IMPORT_DOCUMENT_H
#define REEVE_CTL_IMPORT_DOCUMENT_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

#include "service/change.h"

enum import_result {
	IMPORT_WRITTEN,
	IMPORT_KNOWN, /* a document of this id is already stored */
	IMPORT_REPLACED, /* it was, and is now what it has become there */
	IMPORT_CONFLICT, /* it is, and says something else */
	IMPORT_SKIPPED,
	IMPORT_UNCERTAIN /* the connection was lost during COMMIT */
};

/* The outcome of one document's import. */
struct import_outcome {
	enum import_result result;
	const char *note; /* IMPORT_SKIPPED: why; IMPORT_CONFLICT: what
	                     differs; IMPORT_KNOWN: what was changed here since,
	                     or NULL; IMPORT_WRITTEN: the part that could not be
	                     counted, or NULL */
	bool is_account;
	const char *parent_id; /* IMPORT_SKIPPED, because an account is not
	                          here: the parent of an account, the account
	                          of another document; NULL: another reason */
};

struct import_kind;

struct importer {
	struct actor actor;
	const char *account; /* owner of documents that name none; or NULL */
	/* Gregorian seconds: documents that were modified since then, which
	 * replace what was imported; 0: all, which replace nothing. */
	int64_t since;
};

/* The kind of a document. NULL: the document is not imported, *reason says
 * why. */
const struct import_kind *import_kind_of(struct arena *a,
    struct json_object *document, const char **reason);

/* A kind's name in reports: "account", "audit_log"... */
const char *import_kind_name(const struct import_kind *kind);

/* The phase in which a kind is imported, from 0: documents come before those
 * that refer to them, and totals before the entries that explain them. */
int import_kind_phase(const struct import_kind *kind);
#define IMPORT_PHASES 3

/* The sort key of a document: within a phase, documents are written in this
 * order. */
int64_t import_order(const struct import_kind *kind,
    struct json_object *document);
const char *import_document_id(struct json_object *document);

/* Its pvt_type, or its id where that names a kind; NULL: neither. */
const char *import_type(struct json_object *document);

/* True if the document was not modified since the moment of the import. */
bool import_is_older(const struct importer *importer,
    struct json_object *document);

/* The place of a document, which may have been deleted. Lent by it. */
struct import_identity {
	const char *account_id;
	const char *kind; /* as store/imported.h has it */
	const char *id;
	bool deleted;
};

/* False: the document is not one that an account may lose. */
bool import_identity(const struct importer *importer,
    struct json_object *document, struct import_identity *out) MUSTCHECK;

/*
 * Writes one document inside the caller's transaction. A problem of the
 * document alone becomes IMPORT_SKIPPED; any other is returned.
 */
struct problem *import_document(const struct importer *importer,
    struct db *db, struct arena *a, const struct import_kind *kind,
    struct json_object *document, struct import_outcome *out) MUSTCHECK;

#endif
