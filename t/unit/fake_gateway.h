/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A web server for tests: CGI variables from a list, a body from memory. */
#ifndef REEVE_T_FAKE_GATEWAY_H
#define REEVE_T_FAKE_GATEWAY_H

#include <string.h>

#include "http/request.h"

struct fake {
	const char *variables[64]; /* name, value, ..., NULL */
	const char *body;
	size_t length;
	size_t read;
	bool cut; /* the body ends improperly */
	char sent[65536];
	size_t sent_length;
};

static const char *
fake_param(struct gateway *g, const char *name)
{
	const struct fake *f = g->state;
	const char *const *v;

	for (v = f->variables; *v != NULL; v += 2)
		if (strcmp(v[0], name) == 0)
			return v[1];
	return NULL;
}

static ssize_t
fake_read(struct gateway *g, void *bytes, size_t size)
{
	struct fake *f = g->state;
	size_t n = f->length - f->read;

	if (n > size)
		n = size;
	memcpy(bytes, f->body + f->read, n);
	f->read += n;
	return n == 0 && f->cut ? -1 : (ssize_t)n;
}

static bool
fake_write(struct gateway *g, const void *bytes, size_t length)
{
	struct fake *f = g->state;

	if (f->sent_length + length >= sizeof(f->sent))
		return false;
	memcpy(f->sent + f->sent_length, bytes, length);
	f->sent_length += length;
	f->sent[f->sent_length] = '\0';
	return true;
}

static struct gateway
fake_gateway(struct fake *f, const char *const *variables, const char *body)
{
	size_t i;

	memset(f, 0, sizeof(*f));
	for (i = 0; variables[i] != NULL; i++)
		f->variables[i] = variables[i];
	f->body = body;
	f->length = strlen(body);
	return (struct gateway){ .param = fake_param, .read = fake_read,
		.write = fake_write, .state = f };
}

/* Reads head and body of a request of at most this many bytes. */
static inline struct problem *
fake_request(struct request *rq, struct arena *a, struct gateway *g, int64_t max)
{
	const struct body_limits limits = { max, 1000, false, false };
	struct problem *p = request_read_head(rq, a, g);

	return p != NULL ? p : request_read_body(rq, &limits);
}

#endif
