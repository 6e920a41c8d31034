/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/commit.h"

#include <stdlib.h>
#include <string.h>

#include "api/service_body.h"
#include "base/secret.h"
#include "store/answers.h"

#define PURGE_EVERY 64 /* requests, about */

/* ---- once ---- */

/* A request being done. */
struct commit {
	struct call *call;
	struct problem *(*work)(struct call *c, void *state);
	void *state;
	struct answer_request request; /* name NULL: no Idempotency-Key */
};

/* What the query asks for: not who asks, nor what only defeats caches. */
static void
write_query(const struct request *rq, struct buffer *text)
{
	const struct query_pair *pair;
	size_t i;

	for (i = 0; i < rq->query_count; i++) {
		pair = &rq->query[i];
		if (strcmp(pair->name, "auth_token") != 0 &&
		    strcmp(pair->name, "_") != 0)
			buffer_printf(text, "%s=%s\n", pair->name, pair->value);
	}
}

struct problem *
commit_key(const struct call *c, const char **key)
{
	const char *name = request_header(c->request, "HTTP_IDEMPOTENCY_KEY");
	const char *at;

	*key = name;
	if (name == NULL)
		return NULL;
	for (at = name; *at > ' ' && *at <= '~'; at++)
		;
	if (*at != '\0' || at == name || at - name > ANSWER_NAME_MAX)
		return problem_invalid(c->arena, "Idempotency-Key", "invalid",
		    "1 to %d visible ASCII characters are needed",
		    ANSWER_NAME_MAX);
	return NULL;
}

static struct problem *
read_key(struct commit *commit)
{
	const struct request *rq = commit->call->request;
	struct problem *p = commit_key(commit->call, &commit->request.name);
	struct buffer text;

	if (p != NULL || commit->request.name == NULL)
		return p;
	buffer_init(&text, rq->arena, 0);
	buffer_printf(&text, "%s %s\n", method_name(rq->method), rq->path);
	write_query(rq, &text);
	if (rq->envelope != NULL)
		json_canonical(&text, rq->envelope);
	secret_digest(text.text, text.length, commit->request.fingerprint);
	commit->request.account_id = commit->call->session->account_id;
	commit->request.expires = commit->call->now +
	    commit->call->config->idempotency_expiry_s;
	return NULL;
}

static void
replay(struct call *c, const struct answer *answer)
{
	struct response *rs = c->response;
	const char *error;

	if (answer->metadata != NULL)
		rs->metadata = json_parse(c->arena, answer->metadata,
		    strlen(answer->metadata), &error);
	rs->status = (int)answer->status;
	rs->location = answer->location;
	rs->replayed = true;
	rs->entity = answer->entity;
	json_raw(&rs->json, answer->body, strlen(answer->body));
}

/* What cannot be answered whole is not done: nobody would learn of it. */
static struct problem *
work_whole(struct commit *commit)
{
	struct problem *p = commit->work(commit->call, commit->state);

	return p != NULL ? p : response_check(commit->call->response);
}

static struct problem *
work_and_keep(struct commit *commit)
{
	struct call *c = commit->call;
	struct answer *known = NULL, answer;
	struct problem *p;

	p = answer_take(c->db, c->arena, &commit->request, c->now, &known);
	if (p != NULL)
		return p;
	if (known != NULL) {
		replay(c, known);
		return NULL;
	}
	if ((p = work_whole(commit)) != NULL)
		return p;
	answer = (struct answer){
		.status = c->response->status,
		.entity = c->response->entity,
		.location = c->response->location,
		.body = c->response->data.text,
		.metadata = c->response->metadata == NULL ? NULL :
		    json_canonical_text(c->arena, c->response->metadata),
	};
	return answer_keep(c->db, c->arena, &commit->request, &answer);
}

static struct problem *
attempt(struct db *db, struct arena *a, void *state)
{
	struct commit *commit = state;

	(void)db;
	(void)a;
	response_restart(commit->call->response);
	return commit->request.name == NULL ? work_whole(commit) :
	    work_and_keep(commit);
}

struct problem *
commit_request(struct call *c,
    struct problem *(*work)(struct call *c, void *state), void *state)
{
	struct commit commit = { .call = c, .work = work, .state = state };
	struct problem *p;

	if ((p = read_key(&commit)) != NULL)
		return p;
	if (random() % PURGE_EVERY == 0 &&
	    (p = expired_purge(c->db, c->arena, c->now)) != NULL)
		return p;
	return db_transaction(c->db, c->arena, attempt, &commit);
}

/* ---- only what was seen ---- */

struct problem *
commit_if_match(const struct call *c, struct json_object *current)
{
	const char *wanted = request_header(c->request, "HTTP_IF_MATCH");
	struct buffer text;
	char etag[33];

	if (wanted == NULL)
		return NULL;
	buffer_init(&text, c->arena, 0);
	json_canonical(&text, current);
	response_etag(&text, etag);
	return response_etag_in(wanted, etag) ? NULL :
	    problem_new(c->arena, PROBLEM_PRECONDITION);
}

void
commit_answer(struct call *c, struct json_object *tree)
{
	const char *text = json_canonical_text(c->arena, tree);

	json_raw(&c->response->json, text, strlen(text));
}

/* ---- who ---- */

static const char *
full_name(const struct call *c)
{
	const struct session *s = c->session;

	if (s->first_name != NULL && s->last_name != NULL)
		return arena_printf(c->arena, "%s %s", s->first_name,
		    s->last_name);
	if (s->first_name != NULL || s->last_name != NULL)
		return s->first_name != NULL ? s->first_name : s->last_name;
	return s->username != NULL && s->username[0] != '\0' ?
	    s->username : s->email;
}

static struct json_object *
agent_json(const struct call *c)
{
	struct json_object *json = json_object_new_object();

	json_put_string(json, "type", "user");
	json_put_string(json, "type_id", c->session->user_id);
	json_put_string(json, "account_id", c->session->account_id);
	json_put_string(json, "first_name", c->session->first_name);
	json_put_string(json, "last_name", c->session->last_name);
	json_put_string(json, "full_name", full_name(c));
	return json;
}

struct actor
commit_actor(const struct call *c)
{
	const struct session *s = c->session;
	const char *client = request_header(c->request, "REMOTE_ADDR");
	struct json_object *audit = json_own(c->arena,
	    json_object_new_object());
	struct json_object *authentication = json_object_new_object();
	struct json_object *request = json_object_new_object();

	json_put_bool(audit, "crossbar_request", true);
	json_put_string(authentication, "type", "x-auth-token");
	json_put_string(authentication, "account_id", s->account_id);
	json_put_string(authentication, "account_name", s->account_name);
	json_object_object_add(audit, "authentication", authentication);
	if (s->user_id != NULL)
		json_object_object_add(audit, "agent", agent_json(c));
	json_put_string(request, "id", c->request->request_id);
	json_put_string(request, "client_ip", client);
	json_put_string(request, "method", method_name(c->request->method));
	json_put_string(request, "path", c->request->path);
	json_object_object_add(audit, "request", request);
	return (struct actor){
		.config = c->config,
		.audit = audit,
		.acting_id = s->depth > 0 ? s->account_id : NULL,
		.accepted = service_charges_accepted(c),
		.now = c->now,
	};
}

struct change
commit_change(const struct call *c, enum change_rule rule)
{
	const struct actor actor = commit_actor(c);

	return change_by(&actor, rule, c->account_id);
}
