/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The document of an object, made of what is said of it. */
#ifndef REEVE_SERVICE_OBJECT_DOCUMENT_H
#define REEVE_SERVICE_OBJECT_DOCUMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/problem.h"
#include "billing/kind.h"

/* What is said of an object. */
struct object_edit {
	struct json_object *body;
	bool stays; /* what the body does not say stays as it was */
	bool sells; /* whoever says it sells to the account */
	int64_t now; /* Gregorian seconds */
};

/*
 * The document from now on of one that was before (NULL: it is new); the
 * arena's. Members that nobody, or only who sells, may change stay as they
 * were.
 */
struct json_object *object_document(struct arena *a, const struct kind *kind,
    struct json_object *before, const struct object_edit *edit);

/* A port request comes into a state: its document gets it, and a transition
 * from the one before. */
void port_request_enter(struct arena *a, struct json_object *document,
    const char *state, int64_t now);

/*
 * Holds a document against the schema of its kind, whose defaults it gets.
 * before: as it was, when it is not held to account for members that were
 * missing then, in what was made when less was asked for; else NULL. place: in
 * front of the fields named. Problems: VALIDATION.
 */
struct problem *object_document_check(struct arena *a, const struct kind *kind,
    struct json_object *document, struct json_object *before,
    const char *place) MUSTCHECK;

#endif
