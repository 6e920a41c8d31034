/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "pool/looker.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

/* So often at most is the database asked. */
#define FRESH_MS 2000

/* Shorter than those of requests: an answer that comes late helps nobody. */
#define CONNECT_S 2
#define READ_S 5

#define ARENA_CHUNK (64 * 1024)

void
looker_init(struct looker *l, const struct config *config)
{
	*l = (struct looker){ .config = config, .fd = -1 };
}

/* ---- the child ---- */

static void NORETURN
look(const struct config *config, int fd)
{
	struct config own = *config;
	struct arena *a = arena_new(ARENA_CHUNK);
	struct stored stored;
	struct db *db;
	char byte;

	prctl(PR_SET_NAME, "reeve-looker");
	if (own.db_connect_timeout_s > CONNECT_S)
		own.db_connect_timeout_s = CONNECT_S;
	if (own.db_read_timeout_s > READ_S)
		own.db_read_timeout_s = READ_S;
	db = db_new(&own);
	while (recv(fd, &byte, 1, 0) == 1) {
		stored_read(db, a, &stored);
		arena_reset(a);
		if (send(fd, &stored, sizeof(stored), 0) < 0)
			break;
	}
	_exit(0);
}

static bool
start(struct looker *l)
{
	pid_t parent = getpid(), pid;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return false;
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		/* It only reads, so nothing is lost. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(0);
		look(l->config, ends[1]);
	}
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return false;
	}
	l->fd = ends[0];
	return true;
}

/* ---- the parent ---- */

static bool
is_fresh(const struct looker *l, int64_t at_ms)
{
	return l->last.at_ms != 0 && l->last.at_ms + FRESH_MS > at_ms;
}

void
looker_ask(struct looker *l)
{
	int64_t now_ms = clock_monotonic_ms();

	if (l->asked_ms != 0 || is_fresh(l, now_ms))
		return;
	if (l->fd < 0 && !start(l)) {
		log_error("status: no process to ask the database: %s",
		    strerror(errno));
		return;
	}
	if (send(l->fd, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL) == 1)
		l->asked_ms = now_ms;
	else
		looker_end(l);
}

void
looker_take(struct looker *l)
{
	struct stored stored;

	if (recv(l->fd, &stored, sizeof(stored), MSG_DONTWAIT) ==
	    (ssize_t)sizeof(stored)) {
		stored_complete(&stored, &l->last);
		l->last = stored;
		l->asked_ms = 0;
	} else {
		looker_end(l);
	}
}

bool
looker_has_done(const struct looker *l, int64_t since_ms, int64_t patience_ms)
{
	if (is_fresh(l, since_ms))
		return true;
	return l->asked_ms == 0 ||
	    clock_monotonic_ms() - l->asked_ms >= patience_ms;
}

void
looker_end(struct looker *l)
{
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
	l->asked_ms = 0;
}
