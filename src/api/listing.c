/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/listing.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/ids.h"
#include "http/filter.h"
#include "http/paging.h"

#define ID_LENGTH_MAX 64
#define AT_ONCE 1000 /* of a list that is asked for whole */

/* A list being written, page by page of what the database gives. */
struct writing {
	struct call *call;
	const struct listing *listing;
	struct page page;
	struct time_filter times;
	const char *at; /* where to read on */
	int64_t shown;
};

/* Shows one, or notes that the next page begins with it. */
static bool
show_one(struct writing *w, const struct listed *item)
{
	struct response *rs = w->call->response;
	struct json_object *shown = item->whole;

	if (!filter_wants(w->call->request, item->whole) ||
	    !filter_wants_times(&w->times, item->created, item->modified))
		return true;
	if (!w->page.whole && w->shown == w->page.size) {
		rs->next_start_key = item->id;
		return false;
	}
	if (w->shown++ == 0)
		rs->start_key = item->id;
	if (w->listing->keyed)
		json_key(&rs->json, item->id);
	if (w->listing->shown != NULL)
		shown = w->listing->shown(w->call, w->listing->state, shown);
	json_tree(&rs->json, shown);
	return true;
}

static struct problem *
bad_key(struct call *c)
{
	return problem_invalid(c->arena, "start_key", "invalid",
	    "not a start_key of this list: hand back next_start_key as it came");
}

const char *
listing_moment_key(struct call *c, int64_t created, const char *id)
{
	return arena_printf(c->arena, "%" PRId64 "-%s", created, id);
}

struct problem *
listing_read_moment_key(struct call *c, const char *key, int64_t *at_created,
    const char **at_id)
{
	char *end;

	*at_created = 0;
	*at_id = "";
	if (key[0] == '\0')
		return NULL;
	*at_created = strtoll(key, &end, 10);
	if (end == key || *end != '-' || !id_month_valid(end + 1))
		return bad_key(c);
	*at_id = end + 1;
	return NULL;
}

struct problem *
listing_answer(struct call *c, const struct listing *listing)
{
	struct writing w = { .call = c, .listing = listing };
	struct listed_page items;
	struct problem *p;
	bool more = true;
	int64_t limit;
	size_t i;

	p = page_read_by_name(c->request, c->config->page_size,
	    c->config->max_page_size, &w.page, &w.at);
	if (p != NULL || (p = filter_read_times(c->request, &w.times)) != NULL)
		return p;
	if (strlen(w.at) > (listing->key_max != 0 ? listing->key_max :
	    ID_LENGTH_MAX))
		return bad_key(c);
	/* One more tells where the next page begins, and each reading begins
	 * with the last of the one before. */
	limit = w.page.whole ? AT_ONCE : w.page.size + 2;
	if (listing->keyed)
		json_begin_object(&c->response->json);
	else
		json_begin_array(&c->response->json);
	for (bool first = true; more; first = false, limit = AT_ONCE) {
		p = listing->read(c, listing->state, w.at, w.page.ascending,
		    limit, &items);
		if (p != NULL)
			return p;
		for (i = 0; i < items.count && more; i++)
			if (first || strcmp(items.items[i].id, w.at) != 0)
				more = show_one(&w, &items.items[i]);
		more = more && (int64_t)items.count == limit;
		if (items.count > 0)
			w.at = items.items[items.count - 1].id;
	}
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
