/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes on the FastCGI socket: the check of records, and libfcgi behind it. The
 * first byte of an input sets the size of the pieces in which the check gets
 * the others.
 */
#include "config.h"

#include "http/records.h"

#include <signal.h>
#include <sys/socket.h>

#include "fuzz.h"
#include "http/fastcgi.h"

#define MOST 60000 /* a socket takes it at once */

/* The check's verdict. */
struct verdict {
	enum records_state state;
	bool head_complete;
	size_t head_length, body_length;
	unsigned char body[MOST];
};

/* Checks a copy of a piece, so that ASan sees a step beyond it. */
static void
check_piece(struct records *r, struct verdict *v, const uint8_t *bytes,
    size_t length)
{
	uint8_t *piece = malloc(length);
	size_t used = 0, kept;

	memcpy(piece, bytes, length);
	if (r->state == RECORDS_HEAD) {
		used = records_take_head(r, piece, length);
		demand(used <= length && memcmp(piece, bytes, length) == 0);
		v->head_length += used;
		v->head_complete = r->state == RECORDS_BODY;
	}
	kept = records_take_body(r, piece + used, length - used);
	demand(kept <= length - used);
	memcpy(v->body + v->body_length, piece + used, kept);
	v->body_length += kept;
	free(piece);
}

static void
check_pieces(struct verdict *v, const uint8_t *bytes, size_t length,
    size_t size)
{
	struct records r;
	size_t n;

	records_begin(&r);
	v->head_complete = false;
	v->head_length = v->body_length = 0;
	for (; length > 0; bytes += n, length -= n) {
		n = length < size ? length : size;
		check_piece(&r, v, bytes, n);
	}
	v->state = r.state;
	demand((r.state == RECORDS_REFUSED) == (r.refusal != NULL));
	if (v->head_complete)
		demand(r.head_length == v->head_length);
}

/* The body as the gateway reads it is the one that the check saw. */
static void
serve(struct gateway *g, const struct verdict *v)
{
	const char *role = g->param(g, "FCGI_ROLE");
	unsigned char block[512];
	size_t total = 0;
	ssize_t n;

	demand(role != NULL && strcmp(role, "RESPONDER") == 0);
	g->param(g, "A");
	while ((n = g->read(g, block, sizeof(block))) > 0) {
		demand(total + (size_t)n <= v->body_length);
		demand(memcmp(block, v->body + total, (size_t)n) == 0);
		total += (size_t)n;
	}
	demand((n == 0) == (v->state == RECORDS_ENDED));
	if (n == 0)
		demand(total == v->body_length);
	demand(g->write(g, "Status: 200\r\n\r\n", 15));
}

static void
send_all(struct fastcgi *f, const uint8_t *bytes, size_t length,
    const struct verdict *v)
{
	struct gateway *g;
	int ends[2];

	demand(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
	demand(write(ends[1], bytes, length) == (ssize_t)length);
	shutdown(ends[1], SHUT_WR);
	g = fastcgi_begin(f, ends[0], 1);
	demand((g != NULL) == v->head_complete);
	if (g != NULL) {
		serve(g, v);
		fastcgi_end(f);
	}
	close(ends[1]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct verdict whole, pieces;
	static struct fastcgi *f;

	if (f == NULL) {
		signal(SIGPIPE, SIG_IGN);
		f = fastcgi_new();
	}
	if (length < 2 || length > MOST)
		return 0;
	check_pieces(&whole, bytes + 1, length - 1, MOST);
	check_pieces(&pieces, bytes + 1, length - 1, 1 + bytes[0] % 64);
	demand(whole.state == pieces.state &&
	    whole.head_complete == pieces.head_complete &&
	    (!whole.head_complete ||
	    whole.head_length == pieces.head_length) &&
	    whole.body_length == pieces.body_length &&
	    memcmp(whole.body, pieces.body, whole.body_length) == 0);
	send_all(f, bytes + 1, length - 1, &whole);
	return 0;
}
