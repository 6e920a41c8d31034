/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "http/fastcgi.h"

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

#define RECORD_HEADER_BYTES 8
#define RECORD_VERSION 1
#define RECORD_BEGIN_REQUEST 1
#define ROLE_RESPONDER 1

/* At most half of libfcgi's buffer, so that a piece flushes it at most once. */
#define PIECE_BYTES 4096

/* Limits for discarding the unread rest of a body. */
#define REST_TIME_MS 2000
#define REST_BYTES (64 * 1024 * 1024)

struct fastcgi {
	struct gateway gateway;
	FCGX_Request request;
	int stall_timeout_ms;
	bool body_ended; /* the body was read completely */
	bool broken;     /* the web server has stopped reading */
};

/* FCGX_Init replaces the handlers of these signals; we restore ours. */
static const int taken_signals[] = { SIGPIPE, SIGTERM, SIGUSR1 };

/* ---- the gateway ---- */

static const char *
get_param(struct gateway *g, const char *name)
{
	struct fastcgi *f = g->state;

	return FCGX_GetParam(name, f->request.envp);
}

static ssize_t
read_body(struct gateway *g, void *bytes, size_t size)
{
	struct fastcgi *f = g->state;
	int n;

	n = FCGX_GetStr(bytes, size > INT32_MAX ? INT32_MAX : (int)size,
	    f->request.in);
	if (n > 0)
		return n;
	/* Only a record of length 0 ends a body; otherwise it was cut off. */
	f->body_ended = FCGX_GetError(f->request.in) == 0;
	return f->body_ended ? 0 : -1;
}

/*
 * libfcgi treats a write that the send timeout cut short as complete, and would
 * continue in the middle of a record. Its duration shows such a write.
 */
static bool
write_piece(struct fastcgi *f, const char *bytes, size_t length)
{
	int64_t start = clock_monotonic_ms();

	if (FCGX_PutStr(bytes, (int)length, f->request.out) != (int)length ||
	    clock_monotonic_ms() - start >= f->stall_timeout_ms)
		f->broken = true;
	return !f->broken;
}

static bool
write_body(struct gateway *g, const void *bytes, size_t length)
{
	struct fastcgi *f = g->state;
	const char *at = bytes;
	size_t n;

	for (; length > 0 && !f->broken; at += n, length -= n) {
		n = length < PIECE_BYTES ? length : PIECE_BYTES;
		if (!write_piece(f, at, n))
			break;
	}
	return !f->broken;
}

/* ---- one per process ---- */

/*
 * After our connection has failed, libfcgi would accept one itself. We give it
 * a descriptor that is not a socket, so that it fails.
 */
static int
open_no_socket(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		log_fatal(71, "/dev/null: %s", strerror(errno));
	return fd;
}

static void
init_library(void)
{
	struct sigaction saved[NELEM(taken_signals)];
	size_t i;

	for (i = 0; i < NELEM(taken_signals); i++)
		sigaction(taken_signals[i], NULL, &saved[i]);
	if (FCGX_Init() != 0)
		log_fatal(71, "libfcgi cannot be initialised");
	for (i = 0; i < NELEM(taken_signals); i++)
		sigaction(taken_signals[i], &saved[i], NULL);
}

struct fastcgi *
fastcgi_new(void)
{
	struct fastcgi *f = calloc(1, sizeof(*f));

	if (f == NULL)
		log_fatal(71, "out of memory");
	init_library();
	if (FCGX_InitRequest(&f->request, open_no_socket(), 0) != 0)
		log_fatal(71, "libfcgi cannot make a request");
	f->request.ipcFd = -1;
	f->gateway.param = get_param;
	f->gateway.read = read_body;
	f->gateway.write = write_body;
	f->gateway.state = f;
	return f;
}

void
fastcgi_free(struct fastcgi **f)
{
	if (*f == NULL)
		return;
	close((*f)->request.listen_sock);
	free(*f);
	*f = NULL;
}

/* ---- one connection ---- */

static void
limit_stalls(int fd, int receive_ms, int send_ms)
{
	struct timeval receive = { receive_ms / 1000,
		receive_ms % 1000 * 1000 };
	struct timeval send = { send_ms / 1000, send_ms % 1000 * 1000 };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &receive, sizeof(receive));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &send, sizeof(send));
}

/* Waits for a complete record header without consuming it. */
static bool
peek_header(int fd, unsigned char *header, int timeout_ms)
{
	const struct timespec pause = { 0, 5 * 1000 * 1000 };
	int64_t end = clock_monotonic_ms() + timeout_ms;
	ssize_t n;

	for (;;) {
		n = recv(fd, header, RECORD_HEADER_BYTES, MSG_PEEK);
		if (n == RECORD_HEADER_BYTES)
			return true;
		if (n == 0 || (n < 0 && errno != EINTR) ||
		    clock_monotonic_ms() >= end)
			return false;
		/* poll() would return at once for the part that has arrived. */
		nanosleep(&pause, NULL);
	}
}

/*
 * A connection must begin with a request. libfcgi would answer other records
 * itself, and management records can overflow one of its buffers.
 */
static bool
begins_request(int fd, int timeout_ms)
{
	unsigned char header[RECORD_HEADER_BYTES];

	return peek_header(fd, header, timeout_ms) &&
	    header[0] == RECORD_VERSION && header[1] == RECORD_BEGIN_REQUEST;
}

struct gateway *
fastcgi_begin(struct fastcgi *f, int own_connection, int stall_timeout_s)
{
	FCGX_Request *rq = &f->request;
	int on = 1;

	f->stall_timeout_ms = stall_timeout_s * 1000;
	f->body_ended = false;
	f->broken = false;
	limit_stalls(own_connection, f->stall_timeout_ms, f->stall_timeout_ms);
	/* Fails on a unix socket, which needs no such option. */
	setsockopt(own_connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (!begins_request(own_connection, f->stall_timeout_ms)) {
		close(own_connection);
		return NULL;
	}
	/* For a "kept" connection libfcgi does not accept one. */
	rq->ipcFd = own_connection;
	rq->keepConnection = 1;
	/* Otherwise closing would wait until the web server closes. */
	rq->detached = 1;
	if (FCGX_Accept_r(rq) != 0)
		return NULL;
	/* libfcgi treats the end of the connection as the end of parameters. */
	if (FCGX_GetError(rq->in) != 0 || rq->role != ROLE_RESPONDER) {
		f->broken = true;
		fastcgi_end(f);
		return NULL;
	}
	return &f->gateway;
}

/*
 * If a connection is closed with unread bytes, the answer may get lost. So the
 * rest of the body is read, within limits.
 */
static void
read_rest(struct fastcgi *f)
{
	int64_t end = clock_monotonic_ms() + REST_TIME_MS;
	char bytes[8192];
	size_t total = 0;
	int n;

	limit_stalls(f->request.ipcFd, REST_TIME_MS, f->stall_timeout_ms);
	while (clock_monotonic_ms() < end && total < REST_BYTES) {
		n = FCGX_GetStr(bytes, sizeof(bytes), f->request.in);
		if (n < (int)sizeof(bytes))
			break;
		total += (size_t)n;
	}
}

void
fastcgi_end(struct fastcgi *f)
{
	FCGX_Request *rq = &f->request;

	if (f->broken) {
		shutdown(rq->ipcFd, SHUT_RDWR);
	} else if (!f->body_ended) {
		FCGX_FFlush(rq->out);
		read_rest(f);
	}
	rq->keepConnection = 0;
	FCGX_Finish_r(rq);
}
