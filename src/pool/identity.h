/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who the workers are: the master of a pool started by root stays root. */
#ifndef REEVE_POOL_IDENTITY_H
#define REEVE_POOL_IDENTITY_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/config.h"

struct identity {
	bool change; /* false: stay who we are; the rest means nothing */
	const char *user;
	uid_t uid;
	gid_t gid;
};

/*
 * The identity that the configuration asks for. False: there is no such user
 * or group, *error (on a) says which. Warns of what is allowed but unwise.
 */
bool identity_find(struct identity *out, struct arena *a,
    const struct config *config, const char **error) MUSTCHECK;

/* The ids of a name; "" gives -1, which chown() takes for "leave it". */
bool identity_user(const char *name, uid_t *out) MUSTCHECK;
bool identity_group(const char *name, gid_t *out) MUSTCHECK;

/* Becomes it, for good. False: refused, which is logged. */
bool identity_assume(const struct identity *id) MUSTCHECK;

/*
 * Hands a log file over to the workers, who must be able to reopen it. Anything
 * that is not a plain file of its own is left alone.
 */
void identity_give_log(const struct identity *id, const char *path);

#endif
