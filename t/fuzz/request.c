/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requests: lines with a CGI variable and its value, an empty line, then the
 * body.
 */
#include "config.h"

#include "http/request.h"

#include "../unit/fake_gateway.h"
#include "base/gregorian.h"
#include "fuzz.h"
#include "http/filter.h"
#include "http/paging.h"
#include "http/percent.h"

#define NOW INT64_C(63961000000)
#define DAY INT64_C(86400)
#define VARIABLES_MAX 30
#define PAGE_MAX 1000

/* ---- the parts of an input ---- */

static struct gateway
read_input(struct arena *a, struct fuzz_part rest, struct fake *fake)
{
	const char *variables[2 * VARIABLES_MAX + 1];
	struct fuzz_part line;
	struct gateway g;
	size_t n = 0;

	while (n < 2 * VARIABLES_MAX) {
		line = fuzz_take(&rest, "\n");
		if (line.length == 0)
			break;
		variables[n] = fuzz_text(a, fuzz_take(&line, " "));
		variables[n + 1] = fuzz_text(a, line);
		n += 2;
	}
	variables[n] = NULL;
	g = fake_gateway(fake, variables, "");
	fake->body = rest.text;
	fake->length = rest.length;
	return g;
}

/* ---- head and body ---- */

static void
check_head(const struct request *rq, const struct problem *p)
{
	size_t i;

	demand(rq->request_id[0] != '\0' &&
	    strlen(rq->request_id) < sizeof(rq->request_id));
	demand(rq->path != NULL && rq->token != NULL);
	demand(rq->segment_count <= SEGMENTS_MAX &&
	    rq->query_count <= QUERY_MAX);
	for (i = 0; i < rq->query_count; i++)
		demand(fuzz_is_utf8(rq->query[i].name) &&
		    fuzz_is_utf8(rq->query[i].value));
	if (p != NULL) {
		demand(p->status == 400 || p->status == 404 ||
		    p->status == 406 || p->status == 501);
		return;
	}
	demand(rq->method < METHOD_UNKNOWN);
	for (i = 0; i < rq->segment_count; i++)
		demand(fuzz_is_utf8(rq->segments[i]));
}

static struct problem *
read_request(struct request *rq, struct arena *a, struct gateway *g,
    bool divide)
{
	const struct body_limits limits = { 65536, 65536, divide, false };
	struct problem *p;

	((struct fake *)g->state)->read = 0;
	p = request_read_head(rq, a, g);
	check_head(rq, p);
	if (p != NULL)
		return p;
	p = request_read_body(rq, &limits);
	demand(json_object_is_type(rq->data, json_type_object) ||
	    json_object_is_type(rq->data, json_type_array));
	if (p != NULL)
		demand(p->status == 400 || p->status == 406 ||
		    p->status == 413 || p->status == 415);
	return p;
}

/* ---- a divided body ---- */

static const char *
text_of(struct arena *a, struct json_object *tree)
{
	return json_canonical_text(a, tree);
}

/* Both ways to read a body see the same elements. */
static void
compare_divided(struct arena *a, const struct request *whole,
    const struct request *divided)
{
	size_t n = json_object_array_length(divided->data), i;
	struct json_object *element;

	demand(json_object_is_type(whole->data, json_type_array) &&
	    json_object_array_length(whole->data) == n);
	for (i = 0; i < n; i++) {
		demand(request_element(divided, a, i, &element) == NULL);
		demand(fuzz_same(text_of(a, element), text_of(a,
		    json_object_array_get_idx(whole->data, i))));
	}
	demand(whole->method == divided->method &&
	    whole->format == divided->format &&
	    fuzz_same(whole->token, divided->token));
}

/* True if each element can be read. */
static bool
has_good_elements(struct arena *a, const struct request *divided)
{
	size_t n = json_object_array_length(divided->data), i;
	struct json_object *element;
	struct problem *p;
	bool good = true;

	for (i = 0; i < n; i++) {
		p = request_element(divided, a, i, &element);
		if (p != NULL)
			fuzz_demand_invalid(p);
		good = good && p == NULL;
	}
	return good;
}

/* True if an element may fit the limit of nesting alone, and not where it is. */
static bool
may_be_deep(const struct fake *fake)
{
	size_t i, brackets = 0;

	for (i = 0; i < fake->length; i++)
		brackets += fake->body[i] == '[' || fake->body[i] == '{';
	return brackets > JSON_DEPTH - 2;
}

static void
read_divided(struct arena *a, struct gateway *g, const struct request *whole,
    const struct problem *p)
{
	struct request *divided = arena_alloc(a, sizeof(*divided));
	struct problem *other = read_request(divided, a, g, true);

	demand(divided->cut_off == whole->cut_off);
	if (p == NULL)
		demand(other == NULL);
	if (other != NULL || whole->cut_off || !divided->divided)
		return;
	if (p == NULL)
		compare_divided(a, whole, divided);
	else if (!may_be_deep(g->state))
		demand(!has_good_elements(a, divided));
}

/* ---- pages, times and filters ---- */

static void
check_place(struct request *rq, const struct page *page)
{
	struct page again;

	rq->query_count = 1;
	rq->query[0] = (struct query_pair){ "start_key", page_key(rq->arena,
	    page->query.start.created, page->query.start.sequence) };
	demand(page_read_placed(rq, 50, PAGE_MAX, &again) == NULL);
	demand(again.query.start.created == page->query.start.created &&
	    again.query.start.sequence == page->query.start.sequence);
}

static void
read_list(struct request *rq)
{
	struct time_filter filter;
	struct time_range range;
	struct problem *p;
	struct page page;

	(void)filter_wants(rq->arena, rq, rq->data);
	if ((p = filter_read_times(rq, &filter)) != NULL)
		fuzz_demand_invalid(p);
	else if (filter_wants_times(&filter, NOW, NOW))
		demand(!filter.created_from_given || filter.created_from <= NOW);
	if ((p = time_range_read(rq, NOW, 31 * DAY, 40 * DAY, &range)) != NULL)
		fuzz_demand_invalid(p);
	else
		demand(range.from >= 1 && range.from <= range.to &&
		    range.to - range.from <= 40 * DAY);
	if ((p = page_read_placed(rq, 50, PAGE_MAX, &page)) != NULL) {
		fuzz_demand_invalid(p);
		return;
	}
	demand(page.size >= 1 && page.size <= PAGE_MAX);
	check_place(rq, &page);
}

/* Every text without NUL is what its escapes decode to. */
static void
check_percent(struct arena *a, struct fuzz_part body)
{
	const char *text = fuzz_text(a, body);
	char *escaped;
	size_t i, n = strlen(text);

	escaped = arena_alloc(a, 3 * n + 1);
	for (i = 0; i < n; i++)
		snprintf(escaped + 3 * i, 4, "%%%02x", (unsigned char)text[i]);
	demand(percent_decode(escaped, true) && fuzz_same(escaped, text));
	demand(utf8_is_valid(text) == fuzz_is_utf8(text));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct fake fake;
	struct fuzz_part rest = { (const char *)bytes, length };
	struct arena *a = arena_new(16384);
	struct request *rq = arena_alloc(a, sizeof(*rq));
	struct gateway g = read_input(a, rest, &fake);
	struct problem *p;

	p = read_request(rq, a, &g, false);
	if (p == NULL || rq->envelope != NULL || p->status == 400)
		read_divided(a, &g, rq, p);
	if (p == NULL)
		read_list(rq);
	check_percent(a, (struct fuzz_part){ fake.body, fake.length });
	arena_free(&a);
	return 0;
}
