/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The caller of a request, in the form for use cases and audit entries. */
#ifndef REEVE_API_ACTOR_H
#define REEVE_API_ACTOR_H

#include "api/call.h"
#include "service/change.h"

/* The caller as the actor of a use case; the arena's. */
struct actor actor_of_call(const struct call *c);

/* The caller as {account: {id, name}, user: {id, first_name, last_name}}; no
 * user: an API key. The arena's. */
struct json_object *actor_authorization(const struct call *c);

/* A change of the account in the path by the caller. */
struct change actor_change(const struct call *c, enum change_rule rule);

#endif
