/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/service_change.h"

#include "api/actor.h"
#include "api/commit.h"
#include "api/entity.h"

struct service_request {
	const struct service_change *change;
	struct call *call;
};

static struct problem *
propose(struct db *db, struct arena *a, const struct service *current,
    struct service *proposed, void *state)
{
	struct service_request *request = state;
	struct problem *p;

	(void)db;
	p = entity_match(request->call, request->change->represent(a, current));
	return p != NULL ? p : request->change->propose(request->call, current,
	    proposed);
}

/* Reads the id of the quote that the change takes up, beside data or in it. */
static struct problem *
read_quote(const struct service_request *request, const char **out)
{
	struct json_object *given = request->change->quotes ?
	    json_at(request->call->body, "quote") : NULL;

	*out = request_control(request->call->request, "quote");
	if (given == NULL)
		given = json_at(request->call->request->envelope, "quote");
	if (given == NULL)
		return NULL;
	if (!json_object_is_type(given, json_type_string))
		return problem_invalid(request->call->arena, "quote", "type",
		    "Value did not match type(s): string");
	*out = json_object_get_string(given);
	return NULL;
}

static struct problem *
work(struct call *c, void *state)
{
	struct service_request *request = state;
	const struct service_change *s = request->change;
	struct change change = actor_change(c, s->asks ? CHANGE_TERMS :
	    CHANGE_UNASKED);
	struct service done;
	struct problem *p;

	change.cascades = s->cascades;
	change.propose = propose;
	change.state = request;
	if ((p = read_quote(request, &change.quote_id)) != NULL ||
	    (p = change_commit(c->db, c->arena, &change, &done)) != NULL)
		return p;
	if (s->answer != NULL)
		return s->answer(c, &done);
	c->response->entity = true;
	entity_answer(c, s->represent(c->arena, &done));
	return NULL;
}

struct problem *
run_service_change(struct call *c, const struct service_change *change)
{
	struct service_request request = { .change = change, .call = c };

	return commit_request(c, work, &request);
}
