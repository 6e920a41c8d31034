/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "pool/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "pool/identity.h"

#define SYSTEMD_FIRST_FD 3
#define BESIDE ".new" /* the socket that takes the place of another */
#define IN_USE "%s is already in use by another process"

/* ---- passed sockets ---- */

static bool
is_listening(int fd)
{
	socklen_t size = sizeof(int);
	int listening = 0;

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening,
	    &size) == 0 && listening != 0;
}

static long
read_number(const char *name)
{
	const char *text = getenv(name);
	char *end;
	long n;

	if (text == NULL || text[0] < '0' || text[0] > '9')
		return -1;
	n = strtol(text, &end, 10);
	return *end == '\0' ? n : -1;
}

/* Returns the descriptor passed by systemd, or -1. */
static int
take_from_systemd(void)
{
	long count = read_number("LISTEN_FDS");
	long pid = read_number("LISTEN_PID");

	/* Children would take the socket for theirs. */
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDNAMES");
	if (pid != (long)getpid() || count < 1 ||
	    !is_listening(SYSTEMD_FIRST_FD))
		return -1;
	if (count > 1)
		log_warn("systemd passed %ld sockets; only the first is used",
		    count);
	return SYSTEMD_FIRST_FD;
}

/* Moves the socket away from descriptor 0, the standard input. */
static int
take_from_stdin(void)
{
	int fd, null;

	if (!is_listening(STDIN_FILENO))
		return -1;
	fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (fd >= 0 && null >= 0)
		dup2(null, STDIN_FILENO);
	if (null >= 0)
		close(null);
	return fd;
}

static bool
find_passed(struct listener *l)
{
	l->fd = take_from_systemd();
	l->name = "the socket of LISTEN_FDS";
	if (l->fd >= 0)
		return true;
	l->fd = take_from_stdin();
	l->name = "the socket on descriptor 0";
	return l->fd >= 0;
}

/* ---- a unix socket ---- */

static bool
fail(struct arena *a, const char **error, const char *name, const char *what)
{
	*error = arena_printf(a, "%s: cannot %s: %s", name, what,
	    strerror(errno));
	return false;
}

/* Removes a socket file on which no process listens, and nothing else. *used: a
 * process listens. */
static bool
clear_path(struct arena *a, const struct sockaddr_un *address, bool *used,
    const char **error)
{
	const char *path = address->sun_path;
	struct stat status;
	int fd, refused;

	if (lstat(path, &status) != 0)
		return errno == ENOENT || fail(a, error, path, "be examined");
	if (!S_ISSOCK(status.st_mode)) {
		*error = arena_printf(a, "%s exists and is not a socket; "
		    "remove it, or change listen", path);
		return false;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fail(a, error, path, "create a socket");
	refused = connect(fd, (const struct sockaddr *)address,
	    sizeof(*address)) != 0 ? errno : 0;
	close(fd);
	if (refused == ECONNREFUSED)
		return unlink(path) == 0 || errno == ENOENT ||
		    fail(a, error, path, "be removed");
	if (refused == 0 || refused == EAGAIN) {
		*error = arena_printf(a, IN_USE, path);
		*used = true;
		return false;
	}
	errno = refused;
	return fail(a, error, path, "be tested for use");
}

/* Binds without access for anybody until the mode is set. */
static bool
bind_closed(int fd, const struct sockaddr_un *address)
{
	mode_t saved = umask(0777);
	int result;

	result = bind(fd, (const struct sockaddr *)address, sizeof(*address));
	umask(saved);
	return result == 0;
}

static bool
set_access(const struct listener *l, struct arena *a,
    const struct config *config, const char **error)
{
	const char *path = l->path;
	uid_t uid;
	gid_t gid;

	if (!identity_user(config->listen_owner, &uid)) {
		*error = arena_printf(a, "listen_owner: there is no user '%s'",
		    config->listen_owner);
		return false;
	}
	if (!identity_group(config->listen_group, &gid)) {
		*error = arena_printf(a, "listen_group: there is no group "
		    "'%s'", config->listen_group);
		return false;
	}
	if ((uid != (uid_t)-1 || gid != (gid_t)-1) &&
	    lchown(path, uid, gid) != 0)
		return fail(a, error, path, "set owner and group");
	if (chmod(path, (mode_t)config->listen_mode) != 0)
		return fail(a, error, path, "set its mode");
	return true;
}

/* The address of a socket that replaces that of the running pool. */
static bool
choose_place_beside(struct listener *l, struct arena *a,
    struct sockaddr_un *address, const char **error)
{
	char *path = address->sun_path;
	size_t length = strlen(path);
	bool used = false;

	if (l->predecessor == 0 ||
	    length + sizeof(BESIDE) > sizeof(address->sun_path))
		return false;
	l->public_path = arena_strdup(a, path);
	memcpy(path + length, BESIDE, sizeof(BESIDE));
	return clear_path(a, address, &used, error);
}

static bool
open_unix(struct listener *l, struct arena *a, const struct config *config,
    const char **error)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct stat status;
	bool used = false;

	if (strlen(l->name) >= sizeof(address.sun_path)) {
		*error = arena_printf(a, "%s: a unix socket may have at most "
		    "%zu characters", l->name,
		    sizeof(address.sun_path) - 1);
		return false;
	}
	strcpy(address.sun_path, l->name);
	if (!clear_path(a, &address, &used, error) &&
	    (!used || !choose_place_beside(l, a, &address, error)))
		return false;
	l->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (l->fd < 0 || !bind_closed(l->fd, &address))
		return fail(a, error, l->name, "be bound");
	l->path = arena_strdup(a, address.sun_path);
	if (stat(l->path, &status) != 0)
		return fail(a, error, l->path, "be examined");
	l->device = status.st_dev;
	l->inode = status.st_ino;
	return set_access(l, a, config, error);
}

/* ---- a TCP socket ---- */

/* Splits "host:port" or "[host]:port". */
static bool
split_address(struct arena *a, const char *text, const char **host,
    const char **port)
{
	const char *colon = strrchr(text, ':');
	size_t n;

	if (colon == NULL)
		return false;
	*port = colon + 1;
	n = (size_t)(colon - text);
	if (n >= 2 && text[0] == '[' && text[n - 1] == ']')
		*host = arena_strndup(a, text + 1, n - 2);
	else
		*host = arena_strndup(a, text, n);
	return true;
}

/* -1: errno has the reason. */
static int
bind_to(const struct addrinfo *to)
{
	int fd, on = 1, saved;

	fd = socket(to->ai_family, to->ai_socktype | SOCK_CLOEXEC,
	    to->ai_protocol);
	if (fd < 0)
		return -1;
	/* Otherwise old connections would block the port for a minute. */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, to->ai_addr, to->ai_addrlen) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

static bool
open_tcp(struct listener *l, struct arena *a, const char **error)
{
	struct addrinfo hints = { .ai_flags = AI_PASSIVE,
		.ai_socktype = SOCK_STREAM }, *list, *to;
	const char *host, *port;
	int failed;

	if (!split_address(a, l->name, &host, &port)) {
		*error = arena_printf(a, "%s is neither a path nor host:port",
		    l->name);
		return false;
	}
	failed = getaddrinfo(host, port, &hints, &list);
	if (failed != 0) {
		*error = arena_printf(a, "%s: %s", l->name,
		    gai_strerror(failed));
		return false;
	}
	for (to = list; to != NULL && l->fd < 0; to = to->ai_next)
		l->fd = bind_to(to);
	freeaddrinfo(list);
	return l->fd >= 0 || fail(a, error, l->name, "be bound");
}

static bool
open_own(struct listener *l, struct arena *a, const struct config *config,
    const char **error)
{
	if (l->name[0] == '/' ? !open_unix(l, a, config, error) :
	    !open_tcp(l, a, error))
		return false;
	if (listen(l->fd, (int)config->listen_backlog) == 0)
		return true;
	/* With SO_REUSEADDR two may bind a TCP port, but only one listens. */
	if (errno == EADDRINUSE)
		*error = arena_printf(a, IN_USE, l->name);
	else
		fail(a, error, l->name, "listen");
	return false;
}

/* ---- both ---- */

/* Sets what both kinds need; False: as listener_open. */
static bool
finish(struct listener *l, bool opened)
{
	if (!opened) {
		listener_retire(l);
		if (l->fd >= 0)
			close(l->fd);
		l->fd = -1;
		return false;
	}
	fcntl(l->fd, F_SETFD, FD_CLOEXEC);
	/* All workers wake up and one gets the connection: none may block. */
	fcntl(l->fd, F_SETFL, fcntl(l->fd, F_GETFL) | O_NONBLOCK);
	return true;
}

bool
listener_open(struct listener *l, struct arena *a,
    const struct config *config, pid_t predecessor, const char **error)
{
	memset(l, 0, sizeof(*l));
	l->fd = -1;
	if (find_passed(l))
		return finish(l, true);
	return listener_open_at(l, a, config, config->listen, predecessor,
	    error);
}

bool
listener_open_at(struct listener *l, struct arena *a,
    const struct config *config, const char *address, pid_t predecessor,
    const char **error)
{
	*l = (struct listener){ .fd = -1, .name = address,
		.predecessor = predecessor };
	return finish(l, open_own(l, a, config, error));
}

bool
listener_take_over(struct listener *l)
{
	if (l->public_path == NULL)
		return true;
	if (rename(l->path, l->public_path) != 0)
		return false;
	l->path = l->public_path;
	return true;
}

void
listener_retire(struct listener *l)
{
	struct stat status;

	if (l->path == NULL)
		return;
	if (lstat(l->path, &status) == 0 && status.st_dev == l->device &&
	    status.st_ino == l->inode)
		unlink(l->path);
	l->path = NULL;
}
