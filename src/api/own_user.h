/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Users who write their own document, without the role to write others. */
#ifndef REEVE_API_OWN_USER_H
#define REEVE_API_OWN_USER_H

#include "api/call.h"

/*
 * Refuses a body that changes the rights of the caller's own user. What it does
 * not say of them stays in the new document as it is shown now. Admins may
 * change all of it. Problems: FORBIDDEN.
 */
struct problem *own_user_check(const struct call *c, struct json_object *shown,
    struct json_object *document) MUSTCHECK;

#endif
