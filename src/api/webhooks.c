/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The attempts to deliver events to webhooks. Webhooks themselves are objects
 * (billing/kind.h).
 */
#include "config.h"

#include <string.h>

#include "api/commit.h"
#include "api/entity.h"
#include "api/handlers.h"
#include "api/listing.h"
#include "api/resource.h"
#include "store/webhooks.h"

static struct problem *
find(struct call *c)
{
	struct object *object;

	return resource_find(c, &kind_webhooks, c->parameters[0],
	    &object);
}

static const char *
target(struct call *c)
{
	return store_webhook_target(c->arena, c->account_id, c->parameters[0]);
}

/* ---- attempts ---- */

static struct json_object *
attempt_json(struct call *c, const struct webhook_attempt *t)
{
	struct json_object *json = json_own(c->arena, json_object_new_object());

	json_put_string(json, "delivery_id", t->delivery_id);
	json_put_string(json, "account_id", t->account_id);
	json_put_string(json, "event", t->event);
	json_put_string(json, "state", t->state);
	json_put_int(json, "created", t->created);
	json_put_int(json, "attempt", t->attempt);
	json_put_int(json, "begun", t->begun);
	if (t->ended != 0)
		json_put_int(json, "ended", t->ended);
	if (t->status != 0)
		json_put_int(json, "http_status", t->status);
	json_put_string(json, "reason", t->reason);
	json_put_string(json, "detail", t->detail);
	return json;
}

static struct problem *
read_attempts(struct call *c, void *state,
    const struct page_query *query, struct list_page *out)
{
	struct webhook_attempts list;
	struct problem *p;
	size_t i;

	(void)state;
	p = store_webhook_attempt_list(
	    c->db, c->arena, target(c), query, &list);
	if (p != NULL)
		return p;
	out->count = list.count;
	out->items = arena_alloc(c->arena, list.count * sizeof(*out->items));
	for (i = 0; i < list.count; i++)
		out->items[i] = (struct list_item){
			.place = { NULL, list.attempts[i].created,
			    list.attempts[i].place },
			.whole = attempt_json(c, &list.attempts[i]),
		};
	return NULL;
}

struct problem *
webhooks_attempts(struct call *c)
{
	static const struct listing listing = {
		.file_name = "attempts",
		.order = LISTING_BY_SEQUENCE,
		.read = read_attempts,
	};
	struct problem *p = find(c);

	return p != NULL ? p : listing_answer(c, &listing);
}

/* ---- replay ---- */

static struct problem *
replay(struct call *c, void *state)
{
	const char *const *delivery_id = state;
	int64_t replayed;
	struct json_object *json;
	struct problem *p;

	p = store_webhook_replay(
	    c->db, c->arena, target(c), *delivery_id, c->now, &replayed);
	if (p != NULL)
		return p;
	if (*delivery_id != NULL && replayed == 0)
		return problem_bad_identifier(c->arena, *delivery_id);
	json = json_own(c->arena, json_object_new_object());
	json_put_int(json, "replayed", replayed);
	entity_answer(c, json);
	return NULL;
}

struct problem *
webhooks_replay(struct call *c)
{
	const char *delivery_id = json_string_at(c->body, "delivery_id");
	struct problem *p = find(c);

	if (p != NULL)
		return p;
	if (delivery_id != NULL && strlen(delivery_id) > 32)
		return problem_bad_identifier(c->arena, delivery_id);
	return commit_request(c, replay, &delivery_id);
}
