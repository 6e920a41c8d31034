/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The document of an object, built from a request. */
#ifndef REEVE_SERVICE_OBJECT_DOCUMENT_H
#define REEVE_SERVICE_OBJECT_DOCUMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/problem.h"
#include "billing/kind.h"

/* A request to change an object. */
struct object_edit {
	struct json_object *body;
	bool stays; /* members missing in the body are kept */
	bool sells; /* the caller sells to the account */
	int64_t now; /* Gregorian seconds */
	/* The maker of the change, for the history of a port request: {account,
	 * user}; the arena's. NULL: none. */
	struct json_object *authorization;
};

/*
 * Builds the new document of an object; before: the current one, NULL for a new
 * object. The arena's. Members that nobody, or only the seller, may change are
 * kept.
 */
struct json_object *object_document(struct arena *a, const struct kind *kind,
    struct json_object *before, const struct object_edit *edit);

/* The entry of a port request into a state. */
struct port_entry {
	const char *state;
	int64_t now;                /* Gregorian seconds */
	struct json_object *reason; /* a text, or {code, message}; NULL: none */
	struct json_object *authorization; /* as in object_edit */
};

/* Moves a port request to a state: sets it in the document, and adds a
 * transition from the previous one. */
void port_request_enter(struct arena *a, struct json_object *document,
    const struct port_entry *entry);

/*
 * Checks a document against the schema of its kind, and adds the defaults.
 * before: the current document, to accept members that it lacks, because an
 * older schema required less; else NULL. place: prefix of fields in problems.
 * Problems: VALIDATION.
 */
struct problem *object_document_check(struct arena *a, const struct kind *kind,
    struct json_object *document, struct json_object *before,
    const char *place) MUSTCHECK;

#endif
