/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "courier/courier.h"

#include <string.h>

#include "base/gregorian.h"
#include "base/json.h"
#include "base/log.h"
#include "billing/kind.h"
#include "courier/wire.h"
#include "service/receiver.h"
#include "service/standing.h"
#include "store/objects.h"
#include "store/webhooks.h"

/* How long others' messages wait for a receiver that does not answer. */
#define REST_MOST_S 60

#define PURGE_AT_ONCE 500 /* of outbox_purge */

int64_t
courier_pause(int64_t tries, int64_t first_s, int64_t most_s)
{
	int64_t pause = first_s;

	while (--tries > 0 && pause < most_s)
		pause *= 2;
	return pause < most_s ? pause : most_s;
}

/* ---- one request ---- */

static void
post(const struct courier *courier, struct arena *a,
    const struct bookkeeper_document *document,
    const struct bookkeeper_request *request, struct bookkeeper_answer *out)
{
	const struct config *c = courier->config;
	const char *body = wire_body(a, document->form, request);
	int64_t timeout_ms = c->courier_timeout_s * 1000;
	struct http_answer answer;
	struct http_post http = {
		.url = document->url,
		.headers = wire_headers(a, document, request, body,
		    gregorian_now() - GREGORIAN_UNIX_EPOCH),
		.body = body,
		.length = strlen(body),
		.connect_timeout_ms = c->courier_connect_timeout_s * 1000,
		.timeout_ms = document->timeout_ms > 0 &&
		    document->timeout_ms < timeout_ms ?
		    document->timeout_ms : timeout_ms,
		.private_allowed = c->courier_private != 0,
		.stop = courier->stop,
		.state = courier->state,
	};

	http_post(a, &http, &answer);
	wire_judge(a, document->form, request->message, &answer, out);
}

/* An answer that was not asked for. */
static struct bookkeeper_answer
answer_without(enum bookkeeper_verdict verdict, const char *reason,
    const char *message)
{
	return (struct bookkeeper_answer){ .verdict = verdict,
		.reason = reason, .message = message, .unheard = true };
}

struct problem *
courier_ask(const struct courier *courier, struct arena *a,
    const struct bookkeeper_request *request, struct bookkeeper_answer *out)
{
	struct bookkeeper_request r = *request;
	struct bookkeeper_document document;
	char fresh[ID_SIZE];
	const char *why;
	struct problem *p;

	if (r.delivery_id == NULL) {
		id_new(fresh);
		r.delivery_id = fresh;
	}
	p = receiver_find_bookkeeper(courier->db, a, r.account_id,
	    &r.bookkeeper, &document, &why);
	if (p != NULL)
		return p;
	if (why != NULL)
		*out = answer_without(BOOKKEEPER_AGAIN, "bookkeeper_unknown",
		    why);
	else if (document.moves_nothing)
		*out = answer_without(BOOKKEEPER_DONE, NULL, NULL);
	else if (!bookkeeper_form_has(document.form, r.message))
		*out = answer_without(BOOKKEEPER_DECLINED, "not_supported",
		    "the bookkeeper's form has no such message");
	else
		post(courier, a, &document, &r, out);
	return NULL;
}

/* ---- carrying ---- */

/* A message on its way. */
struct errand {
	const struct courier *courier;
	const struct outbox_message *message;
	struct bookkeeper_request request; /* to a bookkeeper */
	struct bookkeeper_answer answer;
	struct outbox_end end;
	int64_t now; /* when it ended */
};

/* Of what is due, the message says when, and its lines beside. */
static void
read_due(struct bookkeeper_request *r)
{
	if (r->message != BOOKKEEPER_SAYS_COLLECT &&
	    r->message != BOOKKEEPER_SAYS_REMIND)
		return;
	(void)json_int_at(r->document, "due", &r->due);
	(void)json_int_at(r->document, "told", &r->told);
	r->document = json_array_at(r->document, "items");
}

static struct problem *
carry_to_bookkeeper(struct errand *e, struct arena *a)
{
	const struct outbox_message *m = e->message;
	const char *error;

	e->request = (struct bookkeeper_request){
		.delivery_id = m->delivery_id,
		.account_id = m->account_id,
		.bookkeeper = m->bookkeeper,
		.document = json_parse(a, m->document, strlen(m->document),
		    &error),
	};
	if (e->request.document == NULL || !bookkeeper_message_named(
	    m->message, &e->request.message)) {
		e->answer = answer_without(BOOKKEEPER_AGAIN, "message",
		    "this program does not know such a message");
		return NULL;
	}
	read_due(&e->request);
	return courier_ask(e->courier, a, &e->request, &e->answer);
}

/* "webhook/ACCOUNT/ID": *object is NULL when there is none. */
static struct problem *
find_webhook(struct errand *e, struct arena *a, struct object **object)
{
	const char *rest = e->message->target + strlen(WEBHOOK_TARGET);
	const char *slash = strchr(rest, '/');

	*object = NULL;
	return slash == NULL ? NULL : object_show(e->courier->db, a,
	    arena_printf(a, "%.*s", (int)(slash - rest), rest),
	    &kind_webhooks, slash + 1, object);
}

static const char *const *
webhook_headers(struct arena *a, const struct outbox_message *m,
    const char *secret)
{
	const char **headers = arena_alloc(a, 5 * sizeof(*headers));
	size_t n = 0;

	headers[n++] = "Content-Type: application/json";
	headers[n++] = arena_printf(a, "Reeve-Delivery-ID: %s", m->delivery_id);
	headers[n++] = arena_printf(a, "Reeve-Event: %s", m->message);
	if (secret != NULL)
		headers[n++] = arena_printf(a, "Reeve-Signature: %s",
		    wire_signature(a, secret, gregorian_now() -
		    GREGORIAN_UNIX_EPOCH, m->document));
	headers[n] = NULL;
	return headers;
}

/* Whoever says 2xx has it; everybody else is told again. */
static struct problem *
carry_to_webhook(struct errand *e, struct arena *a)
{
	const struct outbox_message *m = e->message;
	const struct config *c = e->courier->config;
	struct http_answer http;
	struct object *webhook;
	struct problem *p;

	if ((p = find_webhook(e, a, &webhook)) != NULL)
		return p;
	if (webhook == NULL) {
		e->answer = answer_without(BOOKKEEPER_DECLINED, "webhook_gone",
		    "there is no such webhook any more");
		return NULL;
	}
	if (json_false_at(webhook->document, "enabled")) {
		e->answer = answer_without(BOOKKEEPER_DECLINED,
		    "webhook_disabled", "the webhook is not enabled");
		return NULL;
	}

	const struct http_post post_of = {
		.url = json_string_at(webhook->document, "uri"),
		.headers = webhook_headers(a, m, json_string_at(
		    webhook->document, "secret")),
		.body = m->document,
		.length = strlen(m->document),
		.connect_timeout_ms = c->courier_connect_timeout_s * 1000,
		.timeout_ms = c->courier_timeout_s * 1000,
		.private_allowed = c->courier_private != 0,
		.stop = e->courier->stop,
		.state = e->courier->state,
	};

	http_post(a, &post_of, &http);
	wire_judge(a, BOOKKEEPER_2015, BOOKKEEPER_SAYS_UPDATE, &http,
	    &e->answer);
	if (http.end != HTTP_POST_ANSWERED) {
		e->answer.message = http.why;
		return NULL;
	}
	e->answer = answer_without(BOOKKEEPER_DONE, NULL, NULL);
	e->answer.status = http.status;
	if (http.status / 100 != 2) {
		e->answer.verdict = BOOKKEEPER_AGAIN;
		e->answer.reason = arena_printf(a, "http_%d", http.status);
		e->answer.message = "the webhook did not take it";
	}
	return NULL;
}

/* Kinds of targets: what a target begins with, and how it is reached. */
static const struct {
	const char *prefix;
	struct problem *(*carry)(struct errand *e, struct arena *a);
} target_kinds[] = {
	{ "bookkeeper/", carry_to_bookkeeper },
	{ WEBHOOK_TARGET, carry_to_webhook },
};

static struct problem *
carry(struct errand *e, struct arena *a)
{
	size_t i;

	/* Each try is counted before it is made; this one is not made. */
	if (e->message->tries > e->courier->config->courier_attempts) {
		e->answer = answer_without(BOOKKEEPER_AGAIN, "attempts",
		    "the courier did not come back from the last attempt");
		return NULL;
	}
	for (i = 0; i < NELEM(target_kinds); i++)
		if (strncmp(e->message->target, target_kinds[i].prefix,
		    strlen(target_kinds[i].prefix)) == 0)
			return target_kinds[i].carry(e, a);
	e->answer = answer_without(BOOKKEEPER_AGAIN, "target",
	    "this program does not know such a target");
	return NULL;
}

/* ---- what came of it ---- */

/* Nobody else would see that it was not done: what is collected has no audit
 * entry. */
static bool
goes_unseen(const struct errand *e)
{
	return e->answer.verdict == BOOKKEEPER_DECLINED &&
	    e->request.account_id != NULL && e->message->audit_id == NULL;
}

static void
decide(struct errand *e, struct arena *a)
{
	const struct config *c = e->courier->config;
	const struct bookkeeper_answer *answer = &e->answer;
	int64_t tries = e->message->tries;
	struct outbox_end *end = &e->end;

	*end = (struct outbox_end){
		.state = OUTBOX_DELIVERED,
		.status = answer->status,
		.reason = answer->reason,
		.detail = answer->message,
		.due = e->now,
	};
	switch (answer->verdict) {
	case BOOKKEEPER_DONE:
		end->outcome = "completed";
		break;
	case BOOKKEEPER_DELINQUENT:
	case BOOKKEEPER_DECLINED:
		end->outcome = "failed";
		if (goes_unseen(e))
			end->state = OUTBOX_DEAD;
		break;
	case BOOKKEEPER_BROKEN_OFF:
		end->state = OUTBOX_WAITING;
		end->broken_off = true;
		break;
	case BOOKKEEPER_AGAIN:
		end->state = OUTBOX_WAITING;
		end->due = e->now + courier_pause(tries, c->courier_pause_s,
		    c->courier_pause_max_s);
		if (tries >= c->courier_attempts) {
			end->state = OUTBOX_DEAD;
			end->outcome = "failed";
		}
	}
	if (end->outcome != NULL)
		end->results = bookkeeper_results(a, answer);
}

/* In one transaction, and nothing of it unless the turn is still ours. */
static struct problem *
settle(struct db *db, struct arena *a, void *state)
{
	struct errand *e = state;
	struct problem *p = NULL;

	/* The account before the line: the order of who changes services. */
	if (e->end.state == OUTBOX_DELIVERED && e->request.account_id != NULL)
		p = standing_note(db, a, e->courier->config, &e->request,
		    &e->answer, e->now);
	return p != NULL ? p :
	    outbox_settle(db, a, e->message, &e->end, e->now);
}

static void
tell_log(const struct errand *e)
{
	const struct outbox_message *m = e->message;

	if (e->end.state == OUTBOX_DEAD)
		log_warn("message %lld of account %s to %s is given up after "
		    "%lld attempts: %s: %s", (long long)m->id, m->account_id,
		    m->target, (long long)m->tries, e->end.reason,
		    e->end.detail);
	else if (e->end.state == OUTBOX_WAITING)
		log_info("message %lld of account %s to %s is not delivered: "
		    "%s: %s", (long long)m->id, m->account_id, m->target,
		    e->end.reason, e->end.detail);
	else
		log_debug("message %lld of account %s to %s is delivered",
		    (long long)m->id, m->account_id, m->target);
}

/* Nobody there: nor will it be for the messages of others, for a moment. */
static struct problem *
let_rest(const struct errand *e, struct arena *a)
{
	int64_t rest = courier_pause(e->message->tries,
	    e->courier->config->courier_pause_s, REST_MOST_S);

	return e->answer.verdict != BOOKKEEPER_AGAIN ||
	    strcmp(e->answer.reason, "timeout") != 0 ? NULL :
	    outbox_rest(e->courier->db, a, e->message->target, e->now + rest);
}

struct problem *
courier_deliver(const struct courier *courier, struct arena *a,
    struct courier_step *step)
{
	struct errand e = { .courier = courier };
	struct outbox_message *message;
	int64_t now = gregorian_now();
	struct problem *p;

	*step = (struct courier_step){ .found = false };
	p = outbox_claim(courier->db, a, now,
	    now + courier->config->courier_lease_s, &message);
	if (p != NULL || message == NULL)
		return p;
	e.message = message;
	if ((p = carry(&e, a)) != NULL)
		return p;
	e.now = gregorian_now();
	decide(&e, a);
	*step = (struct courier_step){
		.found = true,
		.id = message->id,
		.account_id = message->account_id,
		.target = message->target,
		.state = e.end.state,
		.reason = e.end.reason,
		.detail = e.end.detail,
	};
	p = db_transaction(courier->db, a, settle, &e);
	if (p != NULL && p->kind == PROBLEM_CONFLICT) {
		step->lost = true;
		log_warn("message %lld: %s", (long long)message->id, p->text);
		return NULL;
	}
	if (p != NULL)
		return p;
	tell_log(&e);
	return let_rest(&e, a);
}

struct problem *
courier_purge(const struct courier *courier, struct arena *a)
{
	int64_t keep = courier->config->courier_keep_s, purged;
	struct problem *p;

	if (keep == 0)
		return NULL;
	do
		p = outbox_purge(courier->db, a, gregorian_now() - keep,
		    &purged);
	while (p == NULL && purged == PURGE_AT_ONCE);
	return p;
}
