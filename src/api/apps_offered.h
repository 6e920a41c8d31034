/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The applications that are offered to an account: by the master account, by
 * its reseller and by itself. And its document of the kind apps_store, which
 * says what it has of them.
 */
#ifndef REEVE_API_APPS_OFFERED_H
#define REEVE_API_APPS_OFFERED_H

#include "api/call.h"
#include "store/objects.h"

/* The store document of the account, {} when it has none yet. */
struct problem *apps_store_load(struct call *c, struct json_object **out,
    bool *there) MUSTCHECK;

/* Calls fn with each application that is offered to the account. */
struct problem *apps_offered_each(struct call *c,
    struct problem *(*fn)(struct call *c, const char *offerer,
    const struct object *app, void *state), void *state) MUSTCHECK;

/* False for a withdrawn application; accounts that have it keep it. */
bool app_is_offered(struct json_object *app,
    struct json_object *store_document, const char *id);

/* An application as it is offered, and as the account has it; the arena's. */
struct json_object *app_offered_json(struct call *c, const char *offerer,
    const struct object *app, struct json_object *store_document);

struct offered_app {
	const char *id;
	struct json_object *store; /* the document of the account */
	struct json_object *found; /* as app_offered_json shows it */
	const char *name;
	const char *offerer; /* the account whose application it is */
};

/* The offered application of an id. Problems: BAD_IDENTIFIER (none has it). */
struct problem *apps_offered_find(struct call *c, const char *id,
    struct json_object *document, struct offered_app *l) MUSTCHECK;

#endif
