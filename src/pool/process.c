/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "pool/process.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"

/* The foreground process waits for a byte on this pipe; -1: none waits. */
static int ready_fd = -1;

/* ---- the background ---- */

static void NORETURN
wait_in_foreground(pid_t child, int fd)
{
	int status = 0;
	char byte;
	ssize_t n;

	do
		n = read(fd, &byte, 1);
	while (n < 0 && errno == EINTR);
	if (n == 1)
		_exit(0);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 70);
}

void
process_daemonize(void)
{
	int ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) != 0)
		log_fatal(71, "pipe: %s", strerror(errno));
	child = fork();
	if (child < 0)
		log_fatal(71, "fork: %s", strerror(errno));
	if (child > 0) {
		close(ends[1]);
		wait_in_foreground(child, ends[0]);
	}
	close(ends[0]);
	ready_fd = ends[1];
	setsid();
	if (chdir("/") != 0)
		log_fatal(71, "/: %s", strerror(errno));
}

/* Closes the terminal, which showed errors until now. */
static void
leave_terminal(void)
{
	int fd, null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		return;
	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	close(null);
}

void
process_ready(void)
{
	ssize_t written;

	process_notify("READY=1");
	if (ready_fd < 0)
		return;
	leave_terminal();
	do
		written = write(ready_fd, "", 1);
	while (written < 0 && errno == EINTR);
	close(ready_fd);
	ready_fd = -1;
}

/* ---- systemd ---- */

void
process_notify(const char *state)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	const char *path = getenv("NOTIFY_SOCKET");
	size_t n = path == NULL ? 0 : strlen(path);
	int fd;

	if (n < 2 || n >= sizeof(to.sun_path) ||
	    (path[0] != '/' && path[0] != '@'))
		return;
	memcpy(to.sun_path, path, n);
	/* '@' stands for the zero byte of an abstract socket name. */
	if (path[0] == '@')
		to.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || sendto(fd, state, strlen(state), MSG_NOSIGNAL,
	    (const struct sockaddr *)&to, (socklen_t)(offsetof(
	    struct sockaddr_un, sun_path) + n)) < 0)
		log_warn("%s: cannot send %s: %s", path, state,
		    strerror(errno));
	if (fd >= 0)
		close(fd);
}

/* ---- the pid file ---- */

bool
process_write_pid(const char *path)
{
	char text[24];
	ssize_t n;
	int fd, saved;

	if (path[0] == '\0')
		return true;
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
	    0644);
	if (fd < 0)
		return false;
	n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());
	errno = ENOSPC; /* in case of a short write */
	if (write(fd, text, (size_t)n) != n) {
		saved = errno;
		close(fd);
		errno = saved;
		return false;
	}
	return close(fd) == 0;
}

/* 0: there is no such file, or no number in it. */
static long
read_number(const char *path)
{
	FILE *file = path[0] == '\0' ? NULL : fopen(path, "re");
	long pid = 0;

	if (file == NULL)
		return 0;
	if (fscanf(file, "%ld", &pid) != 1)
		pid = 0;
	fclose(file);
	return pid;
}

/* The name of a process, as the kernel cuts it; "": there is none. */
static void
read_name(const char *process, char *name, size_t size)
{
	char path[64];
	FILE *file;

	name[0] = '\0';
	snprintf(path, sizeof(path), "/proc/%s/comm", process);
	file = fopen(path, "re");
	if (file == NULL)
		return;
	if (fgets(name, (int)size, file) == NULL)
		name[0] = '\0';
	fclose(file);
}

pid_t
process_read_pid(const char *path)
{
	char number[24], own[32], other[32];
	long pid = read_number(path);

	if (pid <= 1 || pid == (long)getpid())
		return 0;
	snprintf(number, sizeof(number), "%ld", pid);
	read_name("self", own, sizeof(own));
	read_name(number, other, sizeof(other));
	return own[0] != '\0' && strcmp(own, other) == 0 ? (pid_t)pid : 0;
}

void
process_remove_pid(const char *path)
{
	if (read_number(path) == (long)getpid())
		unlink(path);
}
