/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "http/fastcgi.h"

#include <errno.h>
#include <fastcgi.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/records.h"

/* At most half of libfcgi's buffer, so that a piece flushes it at most once. */
#define PIECE_BYTES 4096

/* Limits for discarding the unread rest of a body. */
#define REST_TIME_MS 2000
#define REST_BYTES (64 * 1024 * 1024)

/* The time that the reset of a connection needs to come back. */
#define PROBE_MS 20

/* The file of a head: the largest, and bytes of a body that come with it. */
#define RECEIVE_BYTES (16 * 1024)
#define FILE_BYTES (RECORDS_HEAD_MAX + RECEIVE_BYTES)

/* A head of more bytes does not keep its memory. */
#define HEAD_KEPT_BYTES (64 * 1024)

struct fastcgi {
	struct gateway gateway;
	FCGX_Request request;
	struct records records;
	int connection;
	int file;             /* in memory; libfcgi reads the head from it */
	unsigned char *bytes; /* the same, mapped */
	size_t rest_at, rest_end; /* bytes of the body in it, not yet read */
	int stall_timeout_ms;
	int64_t until_ms; /* the web server's time to send it ends here */
	bool is_unix;     /* connections need no TCP_NODELAY */
	bool broken;      /* the web server has stopped reading */
	bool probed;      /* see probe */
};

/* FCGX_Init replaces the handlers of these signals; we restore ours. */
static const int taken_signals[] = { SIGPIPE, SIGTERM, SIGUSR1 };

/* ---- input ---- */

/* False: nothing has come in time. */
static bool
wait_for_bytes(const struct fastcgi *f)
{
	struct pollfd socket = { .fd = f->connection, .events = POLLIN };
	int64_t left = f->until_ms - clock_monotonic_ms();

	if (left > f->stall_timeout_ms)
		left = f->stall_timeout_ms;
	return left > 0 && poll(&socket, 1, (int)left) != 0;
}

/* 0: the connection has ended; -1: it is broken, or nothing came in time. */
static ssize_t
receive(const struct fastcgi *f, void *bytes, size_t size)
{
	ssize_t n;

	for (;;) {
		n = recv(f->connection, bytes, size, MSG_DONTWAIT);
		if (n >= 0)
			return n;
		if ((errno != EAGAIN && errno != EINTR) || !wait_for_bytes(f))
			return -1;
	}
}

/* ---- the gateway ---- */

static const char *
get_param(struct gateway *g, const char *name)
{
	struct fastcgi *f = g->state;

	return FCGX_GetParam(name, f->request.envp);
}

/* The file has the bytes that came together with the head. */
static ssize_t
receive_body(struct fastcgi *f, void *bytes, size_t size)
{
	size_t n = f->rest_end - f->rest_at;

	if (n == 0)
		return receive(f, bytes, size);
	if (n > size)
		n = size;
	memcpy(bytes, f->bytes + f->rest_at, n);
	f->rest_at += n;
	return (ssize_t)n;
}

static ssize_t
read_body(struct gateway *g, void *bytes, size_t size)
{
	struct fastcgi *f = g->state;
	struct records *r = &f->records;
	ssize_t n;

	while (r->state == RECORDS_BODY) {
		n = receive_body(f, bytes, size);
		if (n <= 0)
			return -1;
		n = (ssize_t)records_take_body(r, bytes, (size_t)n);
		if (r->state == RECORDS_REFUSED)
			log_debug("a body is cut off at %s", r->refusal);
		else if (n > 0)
			return n;
	}
	return r->state == RECORDS_ENDED ? 0 : -1;
}

/*
 * libfcgi continues a write that the send timeout cut short. So the duration
 * counts, too: a web server that reads now and then must not hold the worker.
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

/* The connection is closed without the record that ends a request. */
static void
break_off(struct gateway *g)
{
	struct fastcgi *f = g->state;

	f->broken = true;
}

/*
 * Over TCP a connection that the web server closed looks like one that it has
 * only finished writing to. An empty record of the error stream means nothing
 * to a web server that still reads, and resets a connection that is closed.
 */
static void
probe(struct fastcgi *f)
{
	const unsigned char record[RECORD_HEADER_BYTES] = { FCGI_VERSION_1,
		FCGI_STDERR, (unsigned char)(f->records.id >> 8),
		(unsigned char)f->records.id };
	struct pollfd reset = { .fd = f->connection };

	f->probed = true;
	if (send(f->connection, record, sizeof(record),
	    MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)sizeof(record))
		poll(&reset, 1, PROBE_MS);
}

/*
 * A web server that only stops writing still wants its answer. Errors and
 * hang-ups are reported without being asked for.
 */
static bool
is_gone(struct gateway *g)
{
	struct fastcgi *f = g->state;
	struct pollfd socket = { .fd = f->connection, .events = POLLRDHUP };

	if (poll(&socket, 1, 0) <= 0)
		return false;
	if ((socket.revents & (POLLHUP | POLLERR)) == 0 && !f->is_unix &&
	    !f->probed) {
		probe(f);
		poll(&socket, 1, 0);
	}
	return (socket.revents & (POLLHUP | POLLERR)) != 0;
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
open_file(struct fastcgi *f)
{
	f->file = memfd_create("request-head", MFD_CLOEXEC);
	if (f->file < 0 || ftruncate(f->file, FILE_BYTES) != 0)
		log_fatal(71, "no file in memory: %s", strerror(errno));
	f->bytes = mmap(NULL, FILE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
	    f->file, 0);
	if (f->bytes == MAP_FAILED)
		log_fatal(71, "no file in memory: %s", strerror(errno));
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
	open_file(f);
	f->gateway.param = get_param;
	f->gateway.read = read_body;
	f->gateway.write = write_body;
	f->gateway.break_off = break_off;
	f->gateway.is_gone = is_gone;
	f->gateway.state = f;
	return f;
}

void
fastcgi_free(struct fastcgi **f)
{
	if (*f == NULL)
		return;
	close((*f)->request.listen_sock);
	munmap((*f)->bytes, FILE_BYTES);
	close((*f)->file);
	free(*f);
	*f = NULL;
}

/* ---- one connection ---- */

/* Sets what a connection needs for the answer. */
static void
prepare_answer(struct fastcgi *f)
{
	struct timeval stall = { f->stall_timeout_ms / 1000,
		f->stall_timeout_ms % 1000 * 1000 };
	int on = 1;

	setsockopt(f->connection, SOL_SOCKET, SO_SNDTIMEO, &stall,
	    sizeof(stall));
	/* All connections of a process come from one socket. */
	if (!f->is_unix)
		f->is_unix = setsockopt(f->connection, IPPROTO_TCP,
		    TCP_NODELAY, &on, sizeof(on)) != 0;
}

/* Reads the head into the file; bytes of the body may follow it there. */
static bool
read_head(struct fastcgi *f)
{
	struct records *r = &f->records;
	ssize_t n;

	f->rest_at = 0;
	while (r->state == RECORDS_HEAD) {
		n = receive(f, f->bytes + f->rest_at, RECEIVE_BYTES);
		if (n <= 0) {
			log_debug("a connection %s before its request",
			    n == 0 ? "ends" : "fails or stalls");
			return false;
		}
		f->rest_end = f->rest_at + (size_t)n;
		f->rest_at += records_take_head(r, f->bytes + f->rest_at,
		    (size_t)n);
	}
	if (r->state == RECORDS_REFUSED)
		log_debug("a connection is refused at %s", r->refusal);
	return r->state != RECORDS_REFUSED;
}

/*
 * Lets libfcgi read the head. It stops at the last byte of the head, although
 * the file does not end there.
 */
static bool
parse_head(struct fastcgi *f)
{
	FCGX_Request *rq = &f->request;

	lseek(f->file, 0, SEEK_SET);
	rq->ipcFd = f->file;
	/* For a "kept" connection libfcgi does not accept one. */
	rq->keepConnection = 1;
	if (FCGX_Accept_r(rq) != 0) {
		/* It has closed the file. */
		munmap(f->bytes, FILE_BYTES);
		open_file(f);
		log_error("libfcgi does not take the head of a request");
		return false;
	}
	/* The answer goes there. */
	rq->ipcFd = f->connection;
	/* Otherwise closing would wait until the web server closes. */
	rq->detached = 1;
	return true;
}

/* Gives the memory of a large head back, except for the bytes of the body. */
static void
release(struct fastcgi *f)
{
	size_t rest = f->rest_end - f->rest_at;

	memmove(f->bytes, f->bytes + f->rest_at, rest);
	f->rest_at = 0;
	f->rest_end = rest;
	if (madvise(f->bytes + RECEIVE_BYTES, FILE_BYTES - RECEIVE_BYTES,
	    MADV_REMOVE) != 0)
		log_event(LOG_LEVEL_WARN, "a file in memory keeps its size",
		    "a file in memory keeps its size: %s", strerror(errno));
}

struct gateway *
fastcgi_begin(struct fastcgi *f, int own_connection, int stall_timeout_s)
{
	int64_t start_ms = clock_monotonic_ms();
	bool begun;

	f->connection = own_connection;
	f->stall_timeout_ms = stall_timeout_s * 1000;
	f->until_ms = start_ms + f->stall_timeout_ms;
	f->broken = false;
	f->probed = false;
	records_begin(&f->records);
	prepare_answer(f);
	begun = read_head(f) && parse_head(f);
	if (f->records.head_length > HEAD_KEPT_BYTES)
		release(f);
	if (!begun) {
		close(own_connection);
		return NULL;
	}
	f->until_ms = start_ms + 2 * f->stall_timeout_ms;
	return &f->gateway;
}

/*
 * If a connection is closed with unread bytes, the answer may get lost. So the
 * rest of the body is read, within limits.
 */
static void
read_rest(struct fastcgi *f)
{
	char bytes[8192];
	size_t total = 0;
	ssize_t n = 1;

	f->until_ms = clock_monotonic_ms() + REST_TIME_MS;
	while (n > 0 && total < REST_BYTES &&
	    clock_monotonic_ms() < f->until_ms) {
		n = read_body(&f->gateway, bytes, sizeof(bytes));
		if (n > 0)
			total += (size_t)n;
	}
}

void
fastcgi_end(struct fastcgi *f)
{
	FCGX_Request *rq = &f->request;

	if (f->broken) {
		shutdown(rq->ipcFd, SHUT_RDWR);
	} else if (f->records.state == RECORDS_BODY) {
		FCGX_FFlush(rq->out);
		read_rest(f);
	}
	rq->keepConnection = 0;
	FCGX_Finish_r(rq);
}
