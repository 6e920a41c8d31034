/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The socket that requests come from: handed over by whoever started us, or
 * made as the configuration says.
 */
#ifndef REEVE_POOL_LISTENER_H
#define REEVE_POOL_LISTENER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/config.h"

struct listener {
	int fd;           /* listening, non-blocking, closed on exec */
	const char *name; /* for people */
	const char *path; /* of a unix socket of our own, else NULL */
	dev_t device;     /* which file that was */
	ino_t inode;
};

/*
 * Looks, in this order, for sockets handed over by systemd (LISTEN_FDS), for
 * one on descriptor 0 (spawn-fcgi, mod_fcgid), and else makes its own. False:
 * it cannot be had, *error (on a) says why.
 */
bool listener_open(struct listener *l, struct arena *a,
    const struct config *config, const char **error) MUSTCHECK;

/*
 * No new connections from now on; those waiting can still be accepted. Removes
 * the unix socket we made, unless somebody put another in its place.
 */
void listener_retire(struct listener *l);

#endif
