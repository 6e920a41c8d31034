/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "http/paging.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/gregorian.h"
#include "base/ids.h"
#include "base/secret.h"

/* Unix seconds of the years 1973 to 2286. Nothing has such a moment: they would
 * be of the years 3 to 316. */
#define UNIX_LEAST 100000000
#define UNIX_END 10000000000

/* Reads a whole number of up to 15 digits: far more than any time has. */
static bool
read_whole(const char *text, int64_t *out)
{
	size_t n = strlen(text);

	if (n == 0 || n > 15 || text[strspn(text, "0123456789")] != '\0')
		return false;
	*out = strtoll(text, NULL, 10);
	return true;
}

struct problem *
moment_read(const struct request *rq, const char *name, bool *given,
    int64_t *out)
{
	const char *text = request_control(rq, name);
	struct problem *p;

	*given = text != NULL;
	if (text == NULL)
		return NULL;
	if (!read_whole(text, out)) {
		p = problem_invalid(rq->arena, name, "type",
		    "Value did not match type(s): integer");
		problem_set_string(p, name, "type", "cause", text);
		return p;
	}
	if (*out < 1)
		return problem_invalid(rq->arena, name, "minimum",
		    "Value must be at least 1");
	if (*out >= UNIX_LEAST && *out < UNIX_END)
		return problem_invalid(rq->arena, name, "invalid",
		    "it looks like a Unix time; moments are Gregorian seconds, "
		    "which are Unix seconds and %lld",
		    (long long)GREGORIAN_UNIX_EPOCH);
	if (*out > GREGORIAN_MAX)
		return problem_invalid(rq->arena, name, "maximum",
		    "Value must be at most %lld", (long long)GREGORIAN_MAX);
	return NULL;
}

static struct problem *
bad_range(const struct request *rq, int64_t cause, const char *text)
{
	struct problem *p = problem_invalid(rq->arena, "created_from",
	    "date_range", "%s", text);

	problem_set_int(p, "created_from", "date_range", "cause", cause);
	return p;
}

struct problem *
time_range_read(const struct request *rq, int64_t now, int64_t max_s,
    int64_t max_open_s, struct time_range *out)
{
	bool from_given;
	struct problem *p;

	if ((p = moment_read(rq, "created_to", &out->to_given, &out->to)) != NULL ||
	    (p = moment_read(rq, "created_from", &from_given, &out->from)) != NULL)
		return p;
	if (!out->to_given) {
		out->to = now;
		max_s = max_open_s;
	}
	if (!from_given)
		out->from = out->to > max_s ? out->to - max_s : 1;
	if (out->to < out->from)
		return bad_range(rq, out->from, arena_printf(rq->arena,
		    "created_to %" PRId64 " is prior to created_from %" PRId64,
		    out->to, out->from));
	if (out->to - out->from > max_s)
		return bad_range(rq, out->to, arena_printf(rq->arena,
		    "created_to %" PRId64 " is more than %" PRId64
		    " seconds from created_from %" PRId64, out->to, max_s,
		    out->from));
	return NULL;
}

static struct problem *
read_size(const struct request *rq, int64_t default_size, int64_t max_size,
    struct page *out)
{
	const char *text = request_control(rq, "page_size");

	out->size = default_size;
	if (text == NULL)
		return NULL;
	if (!read_whole(text, &out->size))
		return problem_invalid(rq->arena, "page_size", "type",
		    "Value did not match type(s): integer");
	if (out->size < 1)
		return problem_invalid(rq->arena, "page_size", "minimum",
		    "Value must be at least 1");
	if (out->size > max_size)
		out->size = max_size;
	return NULL;
}

struct problem *
page_key_unknown(struct arena *a)
{
	return problem_invalid(a, "start_key", "invalid",
	    "not a start_key of this list: hand back next_start_key as it came");
}

/* Reads the text that make_key() made an opaque key of. */
static bool
open_key(const char *opaque, char *key, size_t size)
{
	size_t length;

	if (!secret_unbase64url(opaque, key, size - 1, &length))
		return false;
	key[length] = '\0';
	return strlen(key) == length;
}

static const char *
make_key(struct arena *a, const char *key)
{
	size_t length = strlen(key), size = 2 * length + 4;
	char *opaque = arena_alloc(a, size);

	secret_base64url(key, length, opaque, size);
	return opaque;
}

static struct problem *
read_place(const struct request *rq, const char *text, struct page_place *out)
{
	char key[48];
	int used = 0;

	if (text[0] == '\0')
		return NULL;
	if (!open_key(text, key, sizeof(key)) || sscanf(key,
	    "%15" SCNd64 ":%15" SCNd64 "%n", &out->created, &out->sequence,
	    &used) != 2 || key[used] != '\0')
		return page_key_unknown(rq->arena);
	return NULL;
}

static struct problem *
read_entry_place(const struct request *rq, const char *text,
    struct page_place *out)
{
	char key[80], account[ID_SIZE];
	int used = 0;

	if (text[0] == '\0')
		return NULL;
	if (!open_key(text, key, sizeof(key)) || sscanf(key,
	    "%15" SCNd64 ":%15" SCNd64 ":%32[0-9a-f]%n", &out->created,
	    &out->sequence, account, &used) != 3 || key[used] != '\0' ||
	    !id_valid(account))
		return page_key_unknown(rq->arena);
	out->id = arena_strdup(rq->arena, account);
	return NULL;
}

struct problem *
page_read(const struct request *rq, int64_t default_size, int64_t max_size,
    struct page *out)
{
	const char *start = request_control(rq, "start_key");

	*out = (struct page){
		.whole = request_control_is(rq, "paginate", "false"),
		.query.start.id = start == NULL ? "" : start,
	};
	out->query.ascending = (request_control_is(rq, "ascending", "true") ||
	    request_control_is(rq, "descending", "false")) &&
	    !request_control_is(rq, "descending", "true");
	return read_size(rq, default_size, max_size, out);
}

struct problem *
page_read_placed(const struct request *rq, int64_t default_size,
    int64_t max_size, struct page *out)
{
	struct problem *p = page_read(rq, default_size, max_size, out);

	return p != NULL ? p : read_place(rq, out->query.start.id,
	    &out->query.start);
}

struct problem *
page_read_entries(const struct request *rq, int64_t default_size,
    int64_t max_size, struct page *out)
{
	struct problem *p = page_read(rq, default_size, max_size, out);

	return p != NULL ? p : read_entry_place(rq, out->query.start.id,
	    &out->query.start);
}

const char *
page_key(struct arena *a, int64_t created, int64_t sequence)
{
	return make_key(a, arena_printf(a, "%" PRId64 ":%" PRId64, created,
	    sequence));
}

const char *
page_entry_key(struct arena *a, const struct page_place *place)
{
	return make_key(a, arena_printf(a, "%" PRId64 ":%" PRId64 ":%s",
	    place->created, place->sequence, place->id));
}
