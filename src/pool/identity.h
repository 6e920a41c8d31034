/* SPDX-License-Identifier: GPL-3.0-or-later */
/* User and group of the workers. The master of a root pool stays root. */
#ifndef REEVE_POOL_IDENTITY_H
#define REEVE_POOL_IDENTITY_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/config.h"

struct identity {
	bool change; /* false: keep the current user; the rest is unused */
	const char *user;
	uid_t uid;
	gid_t gid;
};

/*
 * Finds the configured identity. False: *error (on a) names the unknown user or
 * group. Warns about workers that run as root.
 */
bool identity_find(struct identity *out, struct arena *a,
    const struct config *config, const char **error) MUSTCHECK;

/* As identity_find, without its warnings. */
bool identity_read(struct identity *out, struct arena *a,
    const struct config *config, const char **error) MUSTCHECK;

/* Finds the id of a name; "" gives -1, which chown() ignores. */
bool identity_user(const char *name, uid_t *out) MUSTCHECK;
bool identity_group(const char *name, gid_t *out) MUSTCHECK;

/* Changes to the identity permanently. False: refused, and logged. */
bool identity_assume(const struct identity *id) MUSTCHECK;

/*
 * Makes the workers' user the owner of the log file, so that they can reopen
 * it. Ignores anything but a regular file with a single link.
 */
void identity_give_log(const struct identity *id, const char *path);

#endif
