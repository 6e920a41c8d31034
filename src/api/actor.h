/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who makes a request, as use cases and their audit entries take it. */
#ifndef REEVE_API_ACTOR_H
#define REEVE_API_ACTOR_H

#include "api/call.h"
#include "service/change.h"

/* Who asks, as use cases take it; the arena's. */
struct actor commit_actor(const struct call *c);

/* A change of the account in the path by whoever asks. */
struct change commit_change(const struct call *c, enum change_rule rule);

#endif
