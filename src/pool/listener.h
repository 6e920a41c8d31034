/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The socket for requests: passed by the process that started us, or opened as
 * configured.
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
	const char *name; /* for the log */
	const char *path; /* of a unix socket that we made, or NULL */
	const char *public_path; /* of the running pool; NULL: path is it */
	pid_t predecessor; /* the pool that is replaced; 0: none */
	dev_t device;     /* identifies the file of that socket */
	ino_t inode;
};

/*
 * Takes the first socket of systemd (LISTEN_FDS), else the one on descriptor 0
 * (spawn-fcgi, mod_fcgid), else opens the configured one. If another pool
 * listens there, at a unix socket, and predecessor is its process (0: none),
 * opens one beside it for listener_take_over. False: *error (on a) has the
 * reason.
 */
bool listener_open(struct listener *l, struct arena *a,
    const struct config *config, pid_t predecessor, const char **error)
    MUSTCHECK;

/*
 * Puts the socket in the place of the predecessor's, if there is one: no
 * connection is refused in between. Those that wait at the old one are still
 * the predecessor's. False: errno has the reason.
 */
bool listener_take_over(struct listener *l) MUSTCHECK;

/* Opens this address in place of the configured one, with the same access and
 * backlog; it is lent. */
bool listener_open_at(struct listener *l, struct arena *a,
    const struct config *config, const char *address, pid_t predecessor,
    const char **error) MUSTCHECK;

/*
 * Removes our unix socket, unless another file has replaced it, so that no new
 * connections arrive. Waiting ones can still be accepted.
 */
void listener_retire(struct listener *l);

#endif
