/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET requests/{REQUEST}: the fate of a request (rules/requests 22). */
#include "config.h"

#include "api/requests.h"

#include <string.h>

#include "api/commit.h"
#include "api/handlers.h"
#include "store/answers.h"

/* ---- noting ---- */

static struct problem *
note(struct db *db, struct arena *a, void *state)
{
	return store_request_note(db, a, state);
}

struct problem *
requests_note(struct call *c)
{
	struct request_note *of_request;
	struct problem *p;

	if (c->session == NULL || c->request->method == METHOD_GET ||
	    c->request->method == METHOD_HEAD)
		return NULL;
	of_request = arena_alloc(c->arena, sizeof(*of_request));
	if ((p = commit_key(c, &of_request->name)) != NULL)
		return p;
	of_request->account_id = c->session->account_id;
	of_request->id = c->request->request_id;
	of_request->expires = c->now + c->config->idempotency_expiry_s;
	db_open_with(c->db, note, of_request);
	return NULL;
}

/* ---- asking ---- */

/* The answer as it was sent, in the words of its envelope. */
static void
write_answer(struct json_writer *w, const struct answer *answer)
{
	json_begin_object(w);
	json_member_int(w, "status", answer->status);
	if (answer->location != NULL)
		json_member_string(w, "location", answer->location);
	if (answer->body != NULL) {
		json_key(w, "data");
		json_raw(w, answer->body, strlen(answer->body));
	}
	if (answer->metadata != NULL) {
		json_key(w, "metadata");
		json_raw(w, answer->metadata, strlen(answer->metadata));
	}
	json_end(w);
}

struct problem *
requests_show(struct call *c)
{
	struct json_writer *w = &c->response->json;
	struct request_outcome outcome;
	struct problem *p;

	p = store_request_show(c->db, c->arena, c->session->account_id,
	    c->parameters[0], c->now, &outcome);
	if (p != NULL)
		return p;
	json_begin_object(w);
	json_member_string(w, "id", c->parameters[0]);
	json_member_string(w, "state", outcome.state);
	if (outcome.answered) {
		json_key(w, "answer");
		write_answer(w, &outcome.answer);
	}
	json_end(w);
	return NULL;
}
