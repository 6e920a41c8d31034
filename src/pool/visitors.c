/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "pool/visitors.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/clock.h"

#define HEAD_TIME_MS 5000
#define REST_MS 1000  /* without events */
#define WAIT_MS 20    /* while somebody waits for a page */
#define SEND_S 2      /* a visitor's time to take the page */

#define POLLED (VISITORS_LISTENERS + 1 + VISITORS_MOST)

void
visitors_init(struct visitors *v)
{
	size_t i;

	memset(v, 0, sizeof(*v));
	for (i = 0; i < VISITORS_LISTENERS; i++)
		v->listeners[i] = -1;
	for (i = 0; i < VISITORS_MOST; i++)
		v->each[i].fd = -1;
	v->other_fd = -1;
}

static void
leave(struct visitor *one)
{
	/* Another process may have inherited it. */
	shutdown(one->fd, SHUT_RDWR);
	close(one->fd);
	one->fd = -1;
}

/* ---- arriving ---- */

static struct visitor *
find_place(struct visitors *v)
{
	size_t i;

	for (i = 0; i < VISITORS_MOST; i++)
		if (v->each[i].fd < 0)
			return &v->each[i];
	return NULL;
}

static void
let_in(struct visitors *v, int listener)
{
	struct timeval patience = { SEND_S, 0 };
	struct visitor *one;
	int fd;

	while ((one = find_place(v)) != NULL &&
	    (fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience,
		    sizeof(patience));
		one->fd = fd;
		one->length = 0;
		one->waits = false;
		one->until_ms = clock_monotonic_ms() + HEAD_TIME_MS;
	}
}

/* ---- the answer ---- */

static const char *
phrase(int status)
{
	switch (status) {
	case 200:
		return "OK";
	case 400:
		return "Bad Request";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	default:
		return "Service Unavailable";
	}
}

static bool
send_all(int fd, const char *bytes, size_t length)
{
	int64_t until_ms = clock_monotonic_ms() + SEND_S * 1000;
	ssize_t n;

	for (; length > 0; bytes += n, length -= (size_t)n) {
		n = send(fd, bytes, length, MSG_NOSIGNAL);
		if (n <= 0 || clock_monotonic_ms() >= until_ms)
			return false;
	}
	return true;
}

static void
send_reply(struct visitor *one, struct arena *a, const struct reply *r)
{
	struct buffer head;

	buffer_init(&head, a, 0);
	buffer_printf(&head, "HTTP/1.0 %d %s\r\nContent-Type: %s\r\n"
	    "Content-Length: %zu\r\nCache-Control: no-store\r\n"
	    "X-Content-Type-Options: nosniff\r\nConnection: close\r\n%s\r\n",
	    r->status, phrase(r->status), r->type, r->body.length,
	    r->status == 405 ? "Allow: GET, HEAD\r\n" : "");
	if (send_all(one->fd, head.text, head.length) && !one->heads_only)
		(void)!send_all(one->fd, r->body.text, r->body.length);
	leave(one);
}

/* Sends its page, if it is known. */
static void
serve(struct visitors *v, struct visitor *one)
{
	struct arena *a = arena_new(VISITORS_HEAD);
	struct reply r = { 200, "text/plain; charset=utf-8", { 0 } };

	buffer_init(&r.body, a, 0);
	one->waits = !v->answer(v->state, &one->visit, &r);
	if (!one->waits)
		send_reply(one, a, &r);
	arena_free(&a);
}

static void
refuse(struct visitor *one, int status)
{
	struct arena *a = arena_new(VISITORS_HEAD);
	struct reply r = { status, "text/plain; charset=utf-8", { 0 } };

	buffer_init(&r.body, a, 0);
	buffer_printf(&r.body, "%s\n", phrase(status));
	send_reply(one, a, &r);
	arena_free(&a);
}

/* ---- the request ---- */

/* Cuts the next word off; NULL: there is none. */
static char *
next_word(char **at)
{
	char *word = *at, *end = strchr(word, ' ');

	if (end == NULL || end == word)
		return NULL;
	*end = '\0';
	*at = end + 1;
	return word;
}

static void
read_request(struct visitors *v, struct visitor *one)
{
	char *at = one->head, *method, *target, *query;

	one->head[strcspn(one->head, "\r\n")] = '\0';
	method = next_word(&at);
	target = method == NULL ? NULL : next_word(&at);
	one->heads_only = false;
	if (target == NULL || strncmp(at, "HTTP/1.", 7) != 0) {
		refuse(one, 400);
		return;
	}
	one->heads_only = strcmp(method, "HEAD") == 0;
	if (!one->heads_only && strcmp(method, "GET") != 0) {
		refuse(one, 405);
		return;
	}
	query = strchr(target, '?');
	if (query != NULL)
		*query++ = '\0';
	one->visit = (struct visit){ target, query == NULL ? "" : query,
		clock_monotonic_ms() };
	serve(v, one);
}

static bool
is_complete(const struct visitor *one)
{
	return strstr(one->head, "\r\n\r\n") != NULL ||
	    strstr(one->head, "\n\n") != NULL;
}

static void
hear(struct visitors *v, struct visitor *one)
{
	ssize_t n = recv(one->fd, one->head + one->length,
	    VISITORS_HEAD - one->length, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		leave(one);
		return;
	}
	one->length += (size_t)n;
	one->head[one->length] = '\0';
	if (strlen(one->head) < one->length) /* a NUL */
		refuse(one, 400);
	else if (is_complete(one))
		read_request(v, one);
	else if (one->length == VISITORS_HEAD)
		refuse(one, 400);
}

/* ---- the loop ---- */

/* Returns how long may be waited for the first of these. */
static int
fill(const struct visitors *v, struct pollfd polled[POLLED])
{
	const struct visitor *one;
	bool full = true; /* until a place is found free */
	int wait_ms = v->closing ? WAIT_MS : REST_MS;
	size_t i;

	for (i = 0; i < VISITORS_MOST; i++) {
		one = &v->each[i];
		polled[i] = (struct pollfd){ one->waits ? -1 : one->fd, POLLIN,
			0 };
		full &= one->fd >= 0;
		if (one->fd >= 0 && one->waits)
			wait_ms = WAIT_MS;
	}
	for (i = 0; i < VISITORS_LISTENERS; i++)
		polled[VISITORS_MOST + i] = (struct pollfd){
			full || v->closing ? -1 : v->listeners[i], POLLIN, 0 };
	polled[POLLED - 1] = (struct pollfd){ v->other_fd, POLLIN, 0 };
	return wait_ms;
}

static void
attend(struct visitors *v, const struct pollfd polled[POLLED])
{
	struct visitor *one;
	size_t i;

	for (i = 0; i < VISITORS_MOST; i++) {
		one = &v->each[i];
		if (one->fd < 0)
			continue;
		if (one->waits)
			serve(v, one);
		else if (polled[i].revents != 0)
			hear(v, one);
		else if (clock_monotonic_ms() >= one->until_ms)
			leave(one);
	}
	for (i = 0; i < VISITORS_LISTENERS; i++)
		if (polled[VISITORS_MOST + i].revents != 0)
			let_in(v, v->listeners[i]);
}

bool
visitors_serve(struct visitors *v, const sigset_t *mask)
{
	struct pollfd polled[POLLED];
	struct timespec wait = { 0 };
	int wait_ms = fill(v, polled);

	wait.tv_sec = wait_ms / 1000;
	wait.tv_nsec = (long)(wait_ms % 1000) * 1000000;
	if (ppoll(polled, POLLED, &wait, mask) < 0)
		return false;
	attend(v, polled);
	return polled[POLLED - 1].revents != 0;
}

bool
visitors_close(struct visitors *v)
{
	size_t i;

	v->closing = true;
	for (i = 0; i < VISITORS_MOST; i++)
		if (v->each[i].fd >= 0)
			return true;
	return false;
}

void
visitors_end(struct visitors *v)
{
	size_t i;

	for (i = 0; i < VISITORS_MOST; i++)
		if (v->each[i].fd >= 0)
			leave(&v->each[i]);
	for (i = 0; i < VISITORS_LISTENERS; i++)
		if (v->listeners[i] >= 0)
			close(v->listeners[i]);
}
