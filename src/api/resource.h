/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A request that changes objects, all of them or none. */
#ifndef REEVE_API_RESOURCE_H
#define REEVE_API_RESOURCE_H

#include "api/call.h"
#include "api/listing.h"
#include "service/object.h"

/* The changes of a request; prepared again when its transaction is repeated. */
struct resource_request {
	struct call *call;
	struct object_batch batch; /* its changes are read by answer */
	/* Adds the changes, under the lock. */
	struct problem *(*prepare)(struct resource_request *r);
	/* Writes the answer. */
	struct problem *(*answer)(struct resource_request *r);
	void *state;
};

struct problem *resource_commit(struct resource_request *r) MUSTCHECK;

/*
 * Adds a change of an object: what it is (NULL: it goes), before which it was
 * before (NULL: it is new). place: in a list, in front of the fields named in
 * problems. Problems: those of object_batch_add.
 */
struct problem *resource_add(struct resource_request *r,
    const struct kind *kind, const char *id, struct json_object *before,
    struct json_object *document, const char *place) MUSTCHECK;

/* An object of the account in the path; BAD_IDENTIFIER: there is none. */
struct problem *resource_find(struct call *c, const struct kind *kind,
    const char *id, struct object **out) MUSTCHECK;

/* The document in a body, an object: without members that clients may not set;
 * the arena's. */
struct json_object *resource_body(struct call *c, struct json_object *given);

/* The document of a PATCH or POST of body to an object; the arena's. */
struct json_object *resource_changed(struct call *c, const struct kind *kind,
    struct json_object *before, struct json_object *body);

/* The same; stays: what body does not say stays as it was before. */
struct json_object *resource_merged(struct call *c, const struct kind *kind,
    struct json_object *before, struct json_object *body, bool stays);

/* A page of the account's objects of a kind, as clients see them. */
struct problem *resource_read(struct call *c, const struct kind *kind,
    const struct page_query *query, struct list_page *out) MUSTCHECK;

/* A document of the account in the path as clients see it; the arena's. */
struct json_object *resource_shown(struct call *c, const struct kind *kind,
    const char *id, struct json_object *document);

/* An object that was read or saved as clients see it: with the moments when it
 * was made and changed, if its kind shows them. The arena's. */
struct json_object *resource_object_shown(struct call *c,
    const struct object *object);

/* An object of any account likewise; the arena's. */
struct json_object *resource_object_json(struct arena *a,
    const char *account_id, const struct object *object);

/* A document of any account ("": of none) as clients see it; the arena's. */
struct json_object *resource_json(struct arena *a, const struct kind *kind,
    const char *account_id, const char *id, struct json_object *document);

/* The object of a change as clients see it; a deleted one as it was, marked.
 * The arena's. */
struct json_object *resource_change_json(struct resource_request *r,
    const struct object_change *change);

/* Answers a request that changes one object with that object. */
struct problem *resource_answer(struct resource_request *r) MUSTCHECK;

/* The same for a new object: 201, with its URL. */
struct problem *resource_answer_created(struct resource_request *r) MUSTCHECK;

#endif
