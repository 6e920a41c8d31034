/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * deliveries: messages to webhooks, bookkeepers and mailboxes that wait or were
 * given up, of the account whose receivers they are for. Their texts are not
 * shown.
 */
#include "config.h"

#include <string.h>

#include "api/commit.h"
#include "api/entity.h"
#include "api/handlers.h"
#include "api/listing.h"
#include "store/deliveries.h"

/* "webhook/ACCOUNT/ID", "bookkeeper/...", "payment/...", "mail/...". */
static struct json_object *
receiver_json(const struct delivery *d)
{
	const char *last = strrchr(d->target, '/');
	bool mail = strncmp(d->target, "mail/", 5) == 0;
	struct json_object *json = json_object_new_object();

	json_put_string(json, "kind", mail ? "mail" :
	    strncmp(d->target, "webhook/", 8) == 0 ? "webhook" :
	    "bookkeeper");
	if (mail)
		return json;
	json_put_string(json, "id", d->bookkeeper_id != NULL ?
	    d->bookkeeper_id : last + 1);
	json_put_string(json, "name", d->receiver_name);
	json_put_string(json, "url", d->url);
	json_object_object_add(json, "account", entity_named(d->owner,
	    d->owner_name));
	return json;
}

static struct json_object *
delivery_json(struct call *c, const struct delivery *d)
{
	struct json_object *json = json_own(c->arena, json_object_new_object());

	json_put_string(json, "id", d->delivery_id);
	json_object_object_add(json, "account", entity_named(d->account_id,
	    d->account_name));
	json_object_object_add(json, "receiver", receiver_json(d));
	json_put_string(json, "message", d->message);
	json_put_string(json, "state", d->state == DELIVERY_FAILED ? "failed" :
	    "waiting");
	json_put_int(json, "created", d->created);
	json_put_int(json, "attempts", d->attempts);
	if (d->due != 0)
		json_put_int(json, "due", d->due);
	if (d->status != 0)
		json_put_int(json, "http_status", d->status);
	json_put_string(json, "reason", d->reason);
	json_put_string(json, "detail", d->detail);
	json_put_string(json, "audit_id", d->audit_id);
	return json;
}

static struct problem *
read_deliveries(struct call *c, void *state, const struct page_query *query,
    struct list_page *out)
{
	struct deliveries list;
	struct problem *p;
	size_t i;

	p = store_delivery_list(c->db, c->arena, state, query, &list);
	if (p != NULL)
		return p;
	out->count = list.count;
	out->items = arena_alloc(c->arena, list.count * sizeof(*out->items));
	for (i = 0; i < list.count; i++)
		out->items[i] = (struct list_item){
			.place = { NULL, list.deliveries[i].created,
			    list.deliveries[i].place },
			.whole = delivery_json(c, &list.deliveries[i]),
		};
	return NULL;
}

static struct problem *
read_state(struct call *c, enum delivery_state *out)
{
	const char *state = request_query(c->request, "state");

	*out = DELIVERY_FAILED;
	if (state == NULL || strcmp(state, "failed") == 0)
		return NULL;
	*out = DELIVERY_WAITING;
	return strcmp(state, "waiting") == 0 ? NULL :
	    problem_unlisted(c->arena, "state");
}

struct problem *
deliveries_list(struct call *c)
{
	struct delivery_query query = {
		.owner = c->account_id,
		.below = request_control_is(c->request, "descendants", "true"),
	};
	const struct listing listing = {
		.file_name = "deliveries",
		.order = LISTING_BY_SEQUENCE,
		.read = read_deliveries,
		.state = &query,
	};
	struct problem *p = read_state(c, &query.state);

	if (p == NULL && query.below && !c->session->is_master)
		p = problem_text(c->arena, PROBLEM_FORBIDDEN,
		    "descendants=true is for the master account");
	return p != NULL ? p : listing_answer(c, &listing);
}

/* ---- replay ---- */

static struct problem *
replay(struct call *c, void *state)
{
	const char *id = state;
	struct json_object *json;
	struct problem *p;

	p = store_delivery_replay(c->db, c->arena, c->account_id, id, c->now);
	if (p != NULL)
		return p;
	json = json_own(c->arena, json_object_new_object());
	json_put_string(json, "id", id);
	json_put_string(json, "state", "waiting");
	entity_answer(c, json);
	return NULL;
}

struct problem *
deliveries_replay(struct call *c)
{
	char *id = arena_strdup(c->arena, c->parameters[0]);

	if (strlen(id) > 32)
		return problem_bad_identifier(c->arena, id);
	return commit_request(c, replay, id);
}
