/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Documents whose hidden members (billing/kind.h) are sealed in the database: as
 * {"sealed": text} where the document has a string. No schema lets a client send
 * that. A seal belongs to the member of one object.
 */
#ifndef REEVE_STORE_SEALED_H
#define REEVE_STORE_SEALED_H

#include "base/config.h"
#include "base/problem.h"
#include "billing/kind.h"

/* The object of a document. */
struct sealed_place {
	const char *account_id;
	const struct kind *kind;
	const char *id;
};

/*
 * Makes the document that is stored. *out is document itself if there is nothing
 * to seal, else a copy, the arena's. Problems: FAULT (no secret is configured).
 */
struct problem *sealed_document(struct arena *a, const struct config *config,
    const struct sealed_place *place, struct json_object *document,
    struct json_object **out) MUSTCHECK;

/* Opens what is sealed in a document; it stays as it is where neither secret
 * opens it. Returns how many stay. */
size_t sealed_open(struct arena *a, const struct config *config,
    const struct sealed_place *place, struct json_object *document);

#endif
