/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists of port requests, as Kazoo shows them: those of some states by account,
 * those with a number one by one; of an account, or with all below it.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "api/entity.h"
#include "api/handlers.h"
#include "api/fields.h"
#include "api/resource.h"
#include "base/json.h"
#include "billing/number_form.h"
#include "billing/port_state.h"
#include "http/filter.h"
#include "store/ports.h"

#define AT_ONCE 100
#define READ_BYTES (256 * 1024) /* of memory, for most reads */
#define STATES_MAX 200

/* A list being written. */
struct port_list {
	struct call *call;
	struct arena *reading; /* the memory of one read */
	struct port_query query;
	struct time_filter times;
	char after[64 + 1], at[4 * 64 + 1]; /* the last request read */
	char group[64 + 1]; /* the account being written; "": none */
	int64_t shown;
};

static bool
is_wanted(const struct port_list *l, const struct port_request *request,
    struct json_object *shown)
{
	return filter_wants_times(&l->times, request->created,
	    request->modified) &&
	    filter_wants(l->reading, l->call->request, shown);
}

static struct json_object *
request_json(const struct port_list *l, const struct port_request *request)
{
	const struct object object = {
		.kind = &kind_port_requests,
		.id = request->id,
		.created = request->created,
		.modified = request->modified,
		.document = request->document,
	};
	struct json_object *json = resource_object_json(l->reading,
	    request->account_id, &object);

	json_put_string(json, "account_id", request->account_id);
	return json;
}

static void
end_group(struct port_list *l)
{
	struct json_writer *w = &l->call->response->json;

	if (l->group[0] == '\0')
		return;
	json_end(w);
	json_end(w);
	l->group[0] = '\0';
}

static void
begin_group(struct port_list *l, const struct port_request *request)
{
	struct json_writer *w = &l->call->response->json;

	if (strcmp(l->group, request->account_id) == 0)
		return;
	end_group(l);
	snprintf(l->group, sizeof(l->group), "%s", request->account_id);
	json_begin_object(w);
	json_member_string(w, "account_id", request->account_id);
	json_member_string(w, "account_name", request->account_name);
	json_key(w, "port_requests");
	json_begin_array(w);
}

static void
show_one(struct port_list *l, const struct port_request *request, bool grouped)
{
	struct json_object *shown = request_json(l, request);

	if (!is_wanted(l, request, shown))
		return;
	if (grouped)
		begin_group(l, request);
	l->shown++;
	json_tree(&l->call->response->json, shown);
}

static struct problem *
show_states(struct db *db, struct arena *a, void *state)
{
	struct port_list *l = state;
	struct port_requests found = { .count = 0 };
	const struct port_request *last;
	struct problem *p = NULL;
	size_t i;

	(void)a;
	do {
		p = store_port_request_list(db, l->reading, &l->query, &found);
		for (i = 0; p == NULL && i < found.count; i++)
			show_one(l, &found.requests[i], true);
		if (p != NULL)
			return problem_copy(l->call->arena, p);
		if (found.count > 0) {
			last = &found.requests[found.count - 1];
			snprintf(l->after, sizeof(l->after), "%s",
			    last->account_id);
			snprintf(l->at, sizeof(l->at), "%s", last->id);
		}
		arena_reset(l->reading);
	} while ((int64_t)found.count == l->query.limit);
	end_group(l);
	return NULL;
}

static struct problem *
show_number(struct port_list *l, const char *number)
{
	const struct number_plan plan = { l->call->config->number_country,
		l->call->config->number_trunk };
	struct port_search search = {
		.account_id = l->query.account_id,
		.below = l->query.below,
		.number = number_form(l->call->arena, &plan, number),
	};
	struct port_requests found;
	struct problem *p;
	size_t i;

	if (search.number == NULL)
		return problem_invalid(l->call->arena, "by_number", "invalid",
		    "'%s' is no phone number", number);
	p = store_port_request_find(l->call->db, l->reading, &search, &found);
	if (p != NULL)
		return problem_copy(l->call->arena, p);
	for (i = 0; i < found.count; i++)
		show_one(l, &found.requests[i], false);
	return NULL;
}

/* The states that the types in a text with commas have, in memory of the
 * request. */
static struct problem *
read_types(struct call *c, const char *types, const char **out)
{
	char *rest = arena_strdup(c->arena, types), *one;
	const char *states, *all = "";

	while ((one = strsep(&rest, ", ")) != NULL) {
		if (*one == '\0')
			continue;
		if ((states = porting_states(one)) == NULL)
			return problem_invalid(c->arena, "by_types", "enum",
			    "'%s' is no type of port requests", one);
		if (strlen(all) + strlen(states) < STATES_MAX)
			all = arena_printf(c->arena, "%s,%s", all, states);
	}
	*out = all;
	return NULL;
}

static struct problem *
answer_list(struct call *c, bool below)
{
	const char *number = request_query(c->request, "by_number");
	const char *types = request_query(c->request, "by_types");
	struct port_list l = {
		.call = c,
		.query = {
			.account_id = c->account_id,
			.below = below,
			.limit = AT_ONCE,
		},
	};
	struct response *rs = c->response;
	struct problem *p;

	l.query.after = l.after;
	l.query.at = l.at;
	if ((p = filter_read_times(c->request, &l.times)) != NULL ||
	    (p = read_types(c, types == NULL ? "active" : types,
	    &l.query.states)) != NULL)
		return p;
	l.reading = arena_new_within(c->arena, READ_BYTES);
	rs->file_name = kind_port_requests.noun;
	json_begin_array(&rs->json);
	p = number != NULL ? show_number(&l, number) :
	    db_snapshot(c->db, c->arena, show_states, &l);
	if (p != NULL)
		return p;
	json_end(&rs->json);
	rs->page_size = l.shown;
	return NULL;
}

struct problem *
port_requests_list(struct call *c)
{
	return answer_list(c, false);
}

struct problem *
port_requests_below(struct call *c)
{
	return answer_list(c, true);
}
