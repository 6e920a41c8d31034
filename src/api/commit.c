/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/commit.h"

#include <stdlib.h>
#include <string.h>

#include "base/ids.h"
#include "base/log.h"
#include "base/places.h"
#include "base/secret.h"
#include "store/answers.h"

#define PURGE_EVERY 64 /* requests, about */

#define ELEMENT_BYTES 16384 /* of work on an element of a batch, usually */

/* ---- once ---- */

/* A request being done. */
struct commit {
	struct call *call;
	struct problem *(*work)(struct call *c, void *state);
	void *state;
	struct answer_request request; /* name NULL: no Idempotency-Key */
};

/* Writes the query, without parameters of authentication and cache defeat. */
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

/* The token of another login makes no other request. */
static struct json_object *
envelope_without_token(const struct request *rq)
{
	struct json_object *copy = json_own(rq->arena,
	    json_object_new_object());

	json_object_object_foreach(rq->envelope, key, value)
		if (strcmp(key, "auth_token") != 0)
			json_object_object_add(copy, key,
			    json_object_get(value));
	return copy;
}

/* Writes the elements in the place of a word in the envelope's text. */
static struct problem *
write_divided(const struct request *rq, struct buffer *text)
{
	struct json_object *around, *element;
	char mark[ID_LENGTH + 1];
	const char *whole, *place;
	const struct elements *e = &rq->elements;
	struct arena *scratch;
	struct problem *p = NULL;
	size_t i, bytes = 0;

	for (i = 0; i < e->count; i++)
		bytes += e->list[i].length + 1;
	buffer_reserve(text, bytes);
	id_new(mark);
	around = envelope_without_token(rq);
	json_put_string(around, "data", mark);
	whole = json_canonical_text(rq->arena, around);
	place = strstr(whole, mark);
	buffer_add(text, whole, (size_t)(place - 1 - whole));
	buffer_putc(text, '[');
	scratch = arena_new_within(rq->arena, ELEMENT_BYTES);
	for (i = 0; i < e->count && p == NULL; i++) {
		arena_reset(scratch);
		p = request_element(rq, scratch, i, &element);
		if (i > 0)
			buffer_putc(text, ',');
		json_canonical(text, element);
	}
	buffer_putc(text, ']');
	buffer_puts(text, place + strlen(mark) + 1);
	return p;
}

/* Writes the body in canonical form. */
static struct problem *
write_body(const struct request *rq, struct buffer *text)
{
	if (rq->divided)
		return write_divided(rq, text);
	json_canonical(text, envelope_without_token(rq));
	return NULL;
}

static struct problem *
read_key(struct commit *commit)
{
	const struct request *rq = commit->call->request;
	struct problem *p = commit_key(commit->call, &commit->request.name);
	struct arena *copy;
	struct buffer text;

	if (p != NULL || commit->request.name == NULL)
		return p;
	/* As large as the body, and not needed after its digest. */
	copy = arena_new_within(rq->arena, ELEMENT_BYTES);
	buffer_init(&text, copy, 0);
	buffer_printf(&text, "%s %s\n", method_name(rq->method), rq->path);
	write_query(rq, &text);
	if (rq->envelope != NULL && (p = write_body(rq, &text)) != NULL)
		return p;
	buffer_add(&text, rq->bytes, rq->byte_count);
	secret_digest(text.text, text.length, commit->request.fingerprint);
	arena_reset(copy);
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

/* Runs work and fails if its answer cannot be sent whole: a change whose answer
 * is lost would go unnoticed. */
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

	p = store_answer_take(
	    c->db, c->arena, &commit->request, c->now, &known);
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
	return store_answer_keep(c->db, c->arena, &commit->request, &answer);
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

/* The request is done: a failure of this is not its own. */
static void
purge(struct call *c)
{
	struct problem *p = store_expired_purge(c->db, c->arena, c->now);

	if (p != NULL)
		log_event(LOG_LEVEL_WARN, "expired answers stay",
		    "expired answers stay: %s",
		    p->log[0] != '\0' ? p->log : p->text);
}

struct problem *
commit_take_place(struct call *c)
{
	struct problem *p;

	if (c->account_id == NULL || place_take(PLACE_ACCOUNT, c->account_id))
		return NULL;
	p = problem_text(c->arena, PROBLEM_UNAVAILABLE,
	    "other requests wait to change this account");
	p->retry_after_s = 1;
	return p;
}

struct problem *
commit_request(struct call *c,
    struct problem *(*work)(struct call *c, void *state), void *state)
{
	struct commit commit = { .call = c, .work = work, .state = state };
	struct problem *p;

	if ((p = read_key(&commit)) != NULL ||
	    (p = commit_take_place(c)) != NULL)
		return p;
	p = db_transaction(c->db, c->arena, attempt, &commit);
	place_leave();
	if (p != NULL)
		return p;
	if (random() % PURGE_EVERY == 0)
		purge(c);
	return NULL;
}
