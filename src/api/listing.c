/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/listing.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/ids.h"
#include "http/filter.h"

#define KEY_MAX 96 /* bytes: of a moment and an id */
#define ID_MAX 64
#define AT_ONCE 1000 /* items in one read of a whole list */

/* A list being written; the database is read page by page. */
struct list_writer {
	struct call *call;
	const struct listing *listing;
	struct page page;
	struct time_filter times;
	int64_t shown;
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
	case LISTING_BY_ID:
		break;
	}
	return place->id;
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

/* ---- writing ---- */

/* Writes an item, or notes that the next page begins with it. */
static bool
show_one(struct list_writer *w, const struct list_item *item)
{
	struct response *rs = w->call->response;
	struct json_object *shown = item->whole;

	if (!filter_wants(w->call->request, item->whole) ||
	    !filter_wants_times(&w->times, item->place.created,
	    item->modified))
		return true;
	if (!w->page.whole && w->shown == w->page.size) {
		rs->next_start_key = key_of(w, &item->place);
		return false;
	}
	if (w->shown++ == 0)
		rs->start_key = key_of(w, &item->place);
	if (w->listing->keyed)
		json_key(&rs->json, item->place.id);
	if (w->listing->shown != NULL)
		shown = w->listing->shown(w->call, w->listing->state, shown);
	json_tree(&rs->json, shown);
	return true;
}

/* Each read begins with the last item of the read before. */
static struct problem *
show_all(struct list_writer *w)
{
	struct page_query *query = &w->page.query;
	struct list_page items;
	struct problem *p;
	bool first = true, more = true;
	size_t i;

	for (; more; first = false, query->limit = AT_ONCE) {
		p = w->listing->read(w->call, w->listing->state, query, &items);
		if (p != NULL)
			return p;
		for (i = 0; i < items.count && more; i++)
			if (first || !same_place(&items.items[i].place,
			    &query->start))
				more = show_one(w, &items.items[i]);
		more = more && (int64_t)items.count == query->limit;
		if (items.count > 0)
			query->start = items.items[items.count - 1].place;
	}
	return NULL;
}

struct problem *
listing_answer(struct call *c, const struct listing *listing)
{
	struct list_writer w = { .call = c, .listing = listing };
	struct page_query *query = &w.page.query;
	struct time_range range = { 0 };
	struct problem *p;

	if (listing->order == LISTING_BY_MOMENT && (p = time_range_read(
	    c->request, c->now, c->config->max_range_s, c->config->max_range_s,
	    &range)) != NULL)
		return p;
	if ((p = page_read(c->request, c->config->page_size,
	    c->config->max_page_size, &w.page)) != NULL ||
	    (p = filter_read_times(c->request, &w.times)) != NULL)
		return p;
	query->from = range.from;
	query->to = range.to;
	if (!read_key(&w, query->start.id, &query->start))
		return page_key_unknown(c->arena);
	/* An additional item tells where the next page begins. */
	query->limit = w.page.whole ? AT_ONCE : w.page.size + 2;
	if (listing->keyed)
		json_begin_object(&c->response->json);
	else
		json_begin_array(&c->response->json);
	if ((p = show_all(&w)) != NULL)
		return p;
	json_end(&c->response->json);
	c->response->file_name = listing->file_name;
	c->response->paged = !w.page.whole;
	c->response->page_size = w.shown;
	return NULL;
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
