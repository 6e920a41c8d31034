/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages to webhooks, from the outbox. */
#include "config.h"

#include "courier/errand.h"

#include <string.h>

#include "base/gregorian.h"
#include "base/json.h"
#include "billing/kind.h"
#include "courier/wire.h"
#include "store/objects.h"
#include "store/webhooks.h"

/* "webhook/ACCOUNT/ID": *object is NULL when there is none. */
static struct problem *
find_webhook(struct errand *e, struct arena *a, struct object **object)
{
	const char *rest = e->message->target + strlen(WEBHOOK_TARGET);
	const char *slash = strchr(rest, '/');

	*object = NULL;
	return slash == NULL ? NULL : store_object_show(e->courier->db, a,
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

struct problem *
errand_for_webhook(struct errand *e, struct arena *a)
{
	const struct outbox_message *m = e->message;
	const struct config *c = e->courier->config;
	struct object *webhook;
	struct problem *p;

	if ((p = find_webhook(e, a, &webhook)) != NULL)
		return p;
	if (webhook == NULL) {
		e->answer = errand_answer(BOOKKEEPER_DECLINED, "webhook_gone",
		    "there is no such webhook any more");
		return NULL;
	}
	if (json_false_at(webhook->document, "enabled")) {
		e->answer = errand_answer(BOOKKEEPER_DECLINED,
		    "webhook_disabled", "the webhook is not enabled");
		return NULL;
	}
	if (json_object_at(webhook->document, "secret") != NULL) {
		e->answer = errand_answer(BOOKKEEPER_AGAIN, "webhook_secret",
		    "the webhook's secret cannot be opened: it was sealed "
		    "under another secret_file, or for another webhook");
		return NULL;
	}
	e->sends = true;
	e->post = (struct http_post){
		.url = json_string_at(webhook->document, "uri"),
		.headers = webhook_headers(a, m, json_string_at(
		    webhook->document, "secret")),
		.body = m->document,
		.length = strlen(m->document),
		.connect_timeout_ms = c->courier_connect_timeout_s * 1000,
		.timeout_ms = c->courier_timeout_s * 1000,
		.private_allowed = c->courier_private != 0,
	};
	return NULL;
}

/* Any 2xx means delivered; after any other answer the message is repeated. */
void
errand_hear_webhook(struct errand *e, struct arena *a,
    const struct http_answer *http)
{
	wire_judge(a, BOOKKEEPER_2015, BOOKKEEPER_SAYS_UPDATE, http,
	    &e->answer);
	if (http->end != HTTP_POST_ANSWERED) {
		e->answer.message = http->why;
		return;
	}
	e->answer = errand_answer(BOOKKEEPER_DONE, NULL, NULL);
	e->answer.status = http->status;
	if (http->status / 100 != 2) {
		e->answer.verdict = BOOKKEEPER_AGAIN;
		e->answer.reason = arena_printf(a, "http_%d", http->status);
		e->answer.message = "the webhook did not take it";
	}
}
