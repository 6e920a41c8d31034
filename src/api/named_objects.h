/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Objects whose ids clients choose: phone numbers, IP addresses. */
#ifndef REEVE_API_NAMED_OBJECTS_H
#define REEVE_API_NAMED_OBJECTS_H

#include "api/resource.h"

struct named_change;

/* A kind of such objects. */
struct named_kind {
	const struct kind *kind;
	/* Reads an id into the form in which it is stored, the arena's.
	 * Problems: VALIDATION at field. */
	struct problem *(*read_id)(struct call *c, const char *text,
	    const char *field, const char **out);
	const char *ids;       /* the member of a body that lists ids */
	/* Settles what the document after a change says of the object's state;
	 * before: the document now, NULL for a new object. NULL: they have no
	 * states. */
	struct problem *(*settle)(struct call *c,
	    const struct named_change *change, const char *id,
	    struct json_object *before, struct json_object *after);
	const char *id_member; /* of documents, a copy of the id; NULL: none */
	bool keyed;            /* lists are objects of members by id */
};

/* A request to change one of them, or several alike. */
struct named_change {
	const struct named_kind *named;
	enum {
		NAMED_CREATE,
		NAMED_CREATE_OR_CHANGE,
		NAMED_CHANGE,
		NAMED_DELETE
	} action;
	const char *state; /* the new state; NULL: as the body says */
	bool stays;        /* members that the body leaves out stay */
	bool created;      /* the answer is 201 */
	struct json_object *body; /* without ids */
	struct json_object *ids;  /* a list; NULL: the path names one */
};

/* Answers with a page of the account's objects. */
struct problem *named_objects_list(struct call *c,
    const struct named_kind *named) MUSTCHECK;

/* Answers with the object that the path names. */
struct problem *named_object_show(struct call *c,
    const struct named_kind *named) MUSTCHECK;

/* Changes the object that the path names, and answers with it. Sets body and
 * created. */
struct problem *named_object_change(struct call *c,
    struct named_change *change) MUSTCHECK;

/* Changes the objects in change->ids, all or none. The state of the request
 * that answer gets is the change. */
struct problem *named_objects_change(struct call *c,
    struct named_change *change,
    struct problem *(*answer)(struct resource_request *r)) MUSTCHECK;

#endif
