/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A user's objects go along with the user where object_types names their kinds. */
#ifndef REEVE_API_OWNED_H
#define REEVE_API_OWNED_H

#include "api/resource.h"

/*
 * Adds the deletion of what a user owns to that of the user, of the kinds that
 * object_types of the request names, if it does. Problems: VALIDATION
 * (object_types: another kind of object is deleted, no list, an unknown kind, more
 * than a request deletes); those of object_batch_add.
 */
struct problem *owned_add(struct resource_request *r,
    const struct object *object) MUSTCHECK;

#endif
