/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/listing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/fields.h"
#include "base/ids.h"
#include "http/filter.h"

#define KEY_MAX 96 /* bytes: of a moment and an id */
#define ID_MAX 64
#define ID_BYTES (4 * ID_MAX + 1) /* in UTF-8 */
#define AT_ONCE 100 /* items in one read */
#define READ_BYTES (256 * 1024) /* of memory, for most reads */

/* A whole list that is larger is sent while it is read. */
#define KEPT_BYTES (1024 * 1024)

/* A large CSV is read twice, for the columns of its header and for its rows. */
enum list_round { ROUND_JSON, ROUND_COLUMNS, ROUND_ROWS };

/* A list being written. */
struct list_writer {
	struct call *call;
	struct call reading; /* the same, with the memory of one read */
	const struct listing *listing;
	struct page page;
	struct time_filter times;
	bool filtered; /* filters look at documents */
	int64_t shown;
	char last_id[ID_BYTES];
	enum list_round round;
	bool streams; /* it may be sent before its end is read */
	bool large;   /* its JSON, from which CSV is made, is not kept */
	struct csv *csv;
};

/* ---- start_key ---- */

static const char *
key_of(const struct list_writer *w, const struct page_place *place)
{
	switch (w->listing->order) {
	case LISTING_BY_MOMENT:
		return arena_printf(w->call->arena, "%" PRId64 "-%s",
		    place->created, place->id);
	case LISTING_BY_SEQUENCE:
		return arena_printf(w->call->arena, "%" PRId64,
		    place->sequence);
	case LISTING_BY_PLACE:
		return page_key(w->call->arena, place->created,
		    place->sequence);
	case LISTING_BY_ENTRY:
		return page_entry_key(w->call->arena, place);
	case LISTING_BY_ID:
		break;
	}
	return arena_strdup(w->call->arena, place->id);
}

/* Reads a key made by key_of. False: it is none. */
static bool
read_key(const struct list_writer *w, const char *key, struct page_place *out)
{
	char *end;

	if (key[0] == '\0')
		return true;
	switch (w->listing->order) {
	case LISTING_BY_ID:
		return strlen(key) <= ID_MAX;
	case LISTING_BY_PLACE: /* page_read_placed() has read it */
	case LISTING_BY_ENTRY: /* or page_read_entries() */
		return true;
	case LISTING_BY_MOMENT:
		out->created = strtoll(key, &end, 10);
		out->id = end + 1;
		return strlen(key) <= KEY_MAX && end != key && *end == '-' &&
		    id_month_valid(out->id);
	case LISTING_BY_SEQUENCE:
		out->sequence = strtoll(key, NULL, 10);
		return key[strspn(key, "0123456789")] == '\0' &&
		    strlen(key) <= 18;
	}
	return false;
}

static bool
same_place(const struct page_place *x, const struct page_place *y)
{
	return x->sequence == y->sequence &&
	    (x->id == y->id || (x->id != NULL && y->id != NULL &&
	    strcmp(x->id, y->id) == 0));
}

/* ---- items ---- */

/* Writes an item as JSON; shown: NULL for one that has a text. */
static void
write_item(struct list_writer *w, const struct list_item *item,
    struct json_object *shown)
{
	struct json_writer *json = &w->call->response->json;

	if (w->listing->keyed)
		json_key(json, item->place.id);
	if (shown == NULL)
		json_raw(json, item->text, strlen(item->text));
	else
		json_tree(json, shown);
}

static struct problem *
parse_item(struct arena *a, const struct list_item *item,
    struct json_object **out)
{
	const char *error;

	*out = json_parse(a, item->text, strlen(item->text), &error);
	return *out != NULL ? NULL :
	    problem_fault(a, "item %s of a list: %s", item->place.id, error);
}

/* The columns of CSV are made of trees. */
static struct problem *
put_columns(struct list_writer *w, const struct list_item *item,
    struct json_object *shown)
{
	struct problem *p;

	if (shown == NULL &&
	    (p = parse_item(w->reading.arena, item, &shown)) != NULL)
		return p;
	if (w->round == ROUND_ROWS)
		csv_write_row(w->csv, &w->call->response->data, shown);
	else if (!csv_note(w->csv, w->listing->keyed ? item->place.id : "",
	    shown))
		return response_too_many_columns(w->call->arena);
	return NULL;
}

static struct problem *
put_item(struct list_writer *w, const struct list_item *item,
    struct json_object *shown)
{
	struct problem *p = w->round == ROUND_JSON ? NULL :
	    put_columns(w, item, shown);

	if (p == NULL && (w->round == ROUND_JSON ||
	    (w->round == ROUND_COLUMNS && !w->large)))
		write_item(w, item, shown);
	return p;
}

/* Shows an item, or notes that the next page begins with it. */
static struct problem *
show_one(struct list_writer *w, const struct list_item *item, bool *more)
{
	struct response *rs = w->call->response;
	struct json_object *shown = item->whole;
	struct call *c = &w->reading;
	struct problem *p = NULL;

	if (!w->listing->unfiltered && !filter_wants_times(&w->times,
	    item->place.created, item->modified))
		return NULL;
	if (w->filtered && shown == NULL)
		p = parse_item(c->arena, item, &shown);
	if (p != NULL || (w->filtered &&
	    !filter_wants(c->arena, c->request, shown)))
		return p;
	if (!w->page.whole && w->shown == w->page.size) {
		rs->next_start_key = key_of(w, &item->place);
		*more = false;
		return NULL;
	}
	if (w->shown++ == 0)
		rs->start_key = key_of(w, &item->place);
	if (w->listing->shown != NULL && item->text == NULL)
		shown = w->listing->shown(c, w->listing->state, shown);
	if (c->fields == NULL)
		return put_item(w, item, shown);
	if (shown == NULL && (p = parse_item(c->arena, item, &shown)) != NULL)
		return p;
	return put_item(w, item, fields_pick(c->arena, c->fields, shown));
}

/* ---- reads ---- */

/* The place of the last item read, which the memory of the page held. */
static void
keep_place(struct list_writer *w, struct page_query *query,
    const struct page_place *last)
{
	query->start = *last;
	if (last->id == NULL)
		return;
	snprintf(w->last_id, sizeof(w->last_id), "%s", last->id);
	query->start.id = w->last_id;
}

/* After each read. False: nothing further is wanted. */
static bool
send_some(struct list_writer *w)
{
	const struct request *rq = w->call->request;
	struct response *rs = w->call->response;

	if (rq->gateway->progress != NULL)
		rq->gateway->progress(rq->gateway->watcher);
	if (!w->streams || (!rs->begun && rs->data.length <= KEPT_BYTES))
		return true;
	if (w->round != ROUND_COLUMNS || rq->method == METHOD_HEAD)
		return response_flush(rs, rq);
	w->large = true;
	buffer_clear(&rs->data);
	return true;
}

/* Shows the items of a read. *more: whether further ones are wanted. */
static struct problem *
show_read(struct list_writer *w, const struct page_query *query,
    const struct list_page *items, bool first, bool *more)
{
	struct problem *p = NULL;
	size_t i;

	for (i = 0; i < items->count && *more && p == NULL; i++)
		if (first || !same_place(&items->items[i].place,
		    &query->start))
			p = show_one(w, &items->items[i], more);
	return p;
}

/* The next read begins with the last item, or with the rest of an early end:
 * then nothing of it was shown. */
static void
go_on(struct list_writer *w, struct page_query *query,
    const struct list_page *items, bool *first, bool *more)
{
	*first = items->rest != NULL;
	if (items->rest == NULL) {
		*more = *more && (int64_t)items->count == query->limit;
		if (items->count > 0)
			keep_place(w, query,
			    &items->items[items->count - 1].place);
		return;
	}
	if (*more && items->enough && !w->page.whole) {
		w->call->response->next_start_key = key_of(w, items->rest);
		*more = false;
	}
	keep_place(w, query, items->rest);
}

/*
 * Each read begins where the read before ended, and its memory is freed before
 * the next.
 */
static struct problem *
show_all(struct list_writer *w)
{
	struct call *c = &w->reading;
	struct page_query query = w->page.query;
	struct list_page items;
	struct problem *p = NULL;
	bool first = true, more = true;

	for (; more && p == NULL; query.limit = AT_ONCE) {
		items = (struct list_page){ 0 };
		p = w->listing->read(c, w->listing->state, &query, &items);
		if (p == NULL)
			p = show_read(w, &query, &items, first, &more);
		if (p != NULL)
			p = problem_copy(w->call->arena, p);
		if (p == NULL)
			go_on(w, &query, &items, &first, &more);
		if (p == NULL)
			more = send_some(w) && more;
		arena_reset(c->arena);
	}
	return p;
}

/* ---- the list ---- */

static void
begin_list(struct list_writer *w)
{
	struct json_writer *json = &w->call->response->json;

	w->shown = 0;
	if (w->listing->keyed)
		json_begin_object(json);
	else
		json_begin_array(json);
}

/* Writes the rows of CSV that is too large to be made of its JSON. */
static struct problem *
send_rows(struct list_writer *w)
{
	struct response *rs = w->call->response;

	w->round = ROUND_ROWS;
	csv_write_header(w->csv, &rs->data);
	return response_flush(rs, w->call->request) ? show_all(w) : NULL;
}

/* All reads of a whole list see the database as it is now. */
static struct problem *
show_whole(struct db *db, struct arena *a, void *state)
{
	struct list_writer *w = state;
	struct response *rs = w->call->response;
	struct problem *p;

	(void)db;
	if (response_is_csv(w->call->request)) {
		w->round = ROUND_COLUMNS;
		w->csv = csv_new(a, response_csv_style(w->call->request));
	}
	begin_list(w);
	if ((p = show_all(w)) != NULL || (w->csv != NULL && rs->begun))
		return p;
	if (w->large)
		return send_rows(w);
	json_end(&rs->json);
	return NULL;
}

static struct problem *
show_page(struct db *db, struct arena *a, void *state)
{
	struct list_writer *w = state;
	struct problem *p;

	(void)db;
	(void)a;
	begin_list(w);
	if ((p = show_all(w)) != NULL)
		return p;
	json_end(&w->call->response->json);
	return NULL;
}

typedef struct problem *page_reader_fn(const struct request *rq,
    int64_t default_size, int64_t max_size, struct page *out);

static page_reader_fn *
page_reader(enum listing_order order)
{
	return order == LISTING_BY_PLACE ? page_read_placed :
	    order == LISTING_BY_ENTRY ? page_read_entries : page_read;
}

/* Reads what the query says of order, place and times. */
static struct problem *
read_query(struct list_writer *w)
{
	const struct call *c = w->call;
	const struct config *config = c->config;
	struct page_query *query = &w->page.query;
	struct time_range range = { 0 };
	enum listing_order order = w->listing->order;
	bool timed = w->listing->range == NULL &&
	    (order == LISTING_BY_MOMENT || order == LISTING_BY_PLACE);
	struct problem *p;

	if (w->listing->range != NULL)
		range = *w->listing->range;
	if (timed && (p = time_range_read(c->request, c->now,
	    config->max_range_s, config->max_range_s, &range)) != NULL)
		return p;
	if ((p = page_reader(order)(c->request, config->page_size,
	    config->max_page_size, &w->page)) != NULL ||
	    (!w->listing->unfiltered &&
	    (p = filter_read_times(c->request, &w->times)) != NULL))
		return p;
	query->from = range.from;
	query->to = range.to;
	if (!read_key(w, query->start.id, &query->start))
		return page_key_unknown(c->arena);
	/* An additional item tells where the next page begins. */
	query->limit = w->page.whole || w->page.size + 2 > AT_ONCE ? AT_ONCE :
	    w->page.size + 2;
	return NULL;
}

struct problem *
listing_answer(struct call *c, const struct listing *listing)
{
	struct list_writer w = { .call = c, .reading = *c,
		.listing = listing };
	struct response *rs = c->response;
	struct problem *p;

	if ((p = read_query(&w)) != NULL)
		return p;
	rs->file_name = listing->file_name;
	rs->paged = !w.page.whole;
	rs->picked = true;
	w.filtered = !listing->unfiltered &&
	    filter_looks_at_documents(c->request);
	w.reading.arena = arena_new_within(c->arena, READ_BYTES);
	w.streams = w.page.whole && c->request->gateway->break_off != NULL &&
	    !(listing->keyed && response_is_csv(c->request));
	if (w.page.whole)
		p = db_snapshot(c->db, c->arena, show_whole, &w);
	else if (listing->at_once)
		p = db_snapshot(c->db, c->arena, show_page, &w);
	else
		p = show_page(c->db, c->arena, &w);
	rs->page_size = w.shown;
	return p;
}

struct json_object *
members_named(struct arena *a, struct json_object *whole, const char *names)
{
	struct json_object *json = json_own(a, json_object_new_object());
	struct json_object *value;
	char *rest = arena_strdup(a, names), *name;

	while ((name = strsep(&rest, " ")) != NULL)
		if ((value = json_at(whole, name)) != NULL)
			json_object_object_add(json, name,
			    json_object_get(value));
	return json;
}
