/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/audit_search.h"

#include "api/audit_item.h"
#include "api/listing.h"
#include "base/gregorian.h"
#include "base/utf8.h"

#define RANGE_S 31708800 /* 367 days */

/* The account after all others of one moment: ids are hex digits. */
#define LAST_ACCOUNT "g"

/*
 * Places of an index that are read for one page. Filters may refuse most of
 * them; the page is short then, and the next one goes on where it ended. Each
 * read goes farther than the one before, as most pages are full after the first.
 */
#define FIRST_PLACES 1000
#define FARTHER 7
#define MAX_PLACES 50000

#define SERVICE_CHARACTERS 128
#define WHO_CHARACTERS 64
#define REQUEST_CHARACTERS 128

struct search {
	struct audit_search wanted;
	int64_t places; /* to be read next */
	int64_t read;   /* places that were read */
};

bool
search_is_asked(const struct call *c)
{
	const struct request *rq = c->request;

	return request_control(rq, "source_service") != NULL ||
	    request_control(rq, "who") != NULL ||
	    request_control(rq, "request_id") != NULL ||
	    request_control(rq, "day") != NULL ||
	    request_control_is(rq, "descendants", "true") ||
	    request_control_is(rq, "details", "true");
}

/* ---- the query ---- */

static struct problem *
check_text(const struct call *c, const char *name, const char *text,
    size_t characters)
{
	if (text == NULL)
		return NULL;
	if (text[0] == '\0')
		return problem_invalid(c->arena, name, "minLength",
		    "Value must be at least 1 character");
	return utf8_characters(text) <= characters ? NULL :
	    problem_invalid(c->arena, name, "maxLength",
	    "Value must be at most %zu characters", characters);
}

static struct problem *
read_filters(const struct call *c, struct audit_search *out)
{
	const struct request *rq = c->request;
	const char *service = request_control(rq, "source_service");
	struct problem *p;

	*out = (struct audit_search){
		.top = c->account_id,
		.below = request_control_is(rq, "descendants", "true"),
		.service = service == NULL ? "" : service,
		.who = request_control(rq, "who"),
		.request_id = request_control(rq, "request_id"),
	};
	p = check_text(c, "source_service", service, SERVICE_CHARACTERS);
	if (p == NULL)
		p = check_text(c, "who", out->who, WHO_CHARACTERS);
	if (p == NULL)
		p = check_text(c, "request_id", out->request_id,
		    REQUEST_CHARACTERS);
	if (p == NULL && (request_control_is(rq, "ascending", "true") ||
	    request_control_is(rq, "descending", "false")))
		p = problem_invalid(c->arena, "ascending", "invalid",
		    "a list with these filters is newest first");
	return p;
}

static struct problem *
read_range(const struct call *c, struct time_range *out)
{
	const char *day = request_control(c->request, "day");
	int64_t longest = c->config->max_range_s;

	if (longest < RANGE_S)
		longest = RANGE_S;
	if (day == NULL)
		return time_range_read(c->request, c->now, longest, longest,
		    out);
	if (!gregorian_parse_day(day, &out->from))
		return problem_invalid(c->arena, "day", "invalid",
		    "not a day: write it as 2026-11-29");
	out->to = out->from + GREGORIAN_DAY - 1;
	return NULL;
}

/* ---- reads ---- */

static struct audit_place
place_of(const struct page_place *place)
{
	return (struct audit_place){ place->created, place->id,
		place->sequence };
}

static void
show_found(struct arena *a, const struct audit_founds *found,
    struct list_page *out)
{
	const struct audit_found *one;
	size_t i;

	out->count = found->count;
	out->items = arena_alloc(a, found->count * sizeof(*out->items));
	for (i = 0; i < found->count; i++) {
		one = &found->rows[i];
		out->items[i] = (struct list_item){
			.place = { one->entry.account_id, one->entry.created,
			    one->entry.sequence },
			.text = search_item_text(a, &one->entry, one),
		};
	}
}

/* Begins with the place where the read before ended. */
static void
bound_search(struct search *search, const struct page_query *query)
{
	struct audit_search *wanted = &search->wanted;

	wanted->low = (struct audit_place){ query->from, "", 0 };
	wanted->high = query->start.created > 0 ? place_of(&query->start) :
	    (struct audit_place){ query->to, LAST_ACCOUNT, INT64_MAX };
	if (wanted->high.created > query->to)
		wanted->high = (struct audit_place){ query->to, LAST_ACCOUNT,
			INT64_MAX };
}

/* False: the index has only what is looked for. */
static bool
refuses_some(const struct audit_search *wanted)
{
	return wanted->below || wanted->who != NULL ||
	    wanted->request_id != NULL;
}

/* One read: a number of places, and the entries among them. */
static struct problem *
read_found(struct call *c, void *state, const struct page_query *query,
    struct list_page *out)
{
	struct search *search = state;
	struct audit_search wanted;
	struct audit_founds found;
	struct audit_place *end = NULL;
	struct problem *p;

	bound_search(search, query);
	wanted = search->wanted;
	wanted.limit = search->places;
	p = refuses_some(&wanted) ? store_audit_search_end(c->db, c->arena,
	    &wanted, &end) : NULL;
	if (p != NULL)
		return p;
	if (end != NULL) /* which is not read now */
		wanted.low = (struct audit_place){ end->created,
			end->account_id, end->sequence + 1 };
	wanted.limit = query->limit;
	p = store_audit_search_list(c->db, c->arena, &wanted, &found);
	if (p != NULL)
		return p;
	show_found(c->arena, &found, out);
	if (end == NULL || (int64_t)found.count == query->limit)
		return NULL;
	search->read += search->places;
	search->places *= FARTHER;
	if (search->places > MAX_PLACES - search->read)
		search->places = MAX_PLACES - search->read;
	out->enough = search->places <= 0;
	if (out->enough) {
		search->read = 0;
		search->places = FIRST_PLACES;
	}
	out->rest = arena_alloc(c->arena, sizeof(*out->rest));
	*out->rest = (struct page_place){ end->account_id, end->created,
		end->sequence };
	return NULL;
}

struct problem *
search_answer(struct call *c)
{
	struct search search = { .places = FIRST_PLACES };
	struct time_range range;
	struct listing listing = {
		.file_name = "audit",
		.order = LISTING_BY_ENTRY,
		.unfiltered = true,
		.read = read_found,
		.state = &search,
		.range = &range,
	};
	struct problem *p = read_filters(c, &search.wanted);

	if (p == NULL)
		p = read_range(c, &range);
	return p != NULL ? p : listing_answer(c, &listing);
}
