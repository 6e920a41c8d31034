/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages to bookkeepers: sent at once, or from the outbox. */
#include "config.h"

#include "courier/errand.h"

#include <string.h>

#include "base/gregorian.h"
#include "base/json.h"
#include "courier/wire.h"
#include "service/receiver.h"

/* ---- one request ---- */

static struct http_post
build_post(const struct config *c, struct arena *a,
    const struct bookkeeper_document *document,
    const struct bookkeeper_request *request)
{
	const char *body = wire_body(a, document->form, request);
	int64_t timeout_ms = c->courier_timeout_s * 1000;

	return (struct http_post){
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
	};
}

struct problem *
errand_build_post(struct errand *e, struct arena *a)
{
	struct bookkeeper_request *r = &e->request;
	struct bookkeeper_document document;
	const char *why;
	struct problem *p;

	p = receiver_find_bookkeeper(e->courier->db, a, r->account_id,
	    &r->bookkeeper, &document, &why);
	if (p != NULL)
		return p;
	e->form = document.form;
	if (why != NULL)
		e->answer = errand_answer(BOOKKEEPER_AGAIN,
		    "bookkeeper_unknown", why);
	else if (document.moves_nothing)
		e->answer = errand_answer(BOOKKEEPER_DONE, NULL, NULL);
	else if (!bookkeeper_form_has(document.form, r->message))
		e->answer = errand_answer(BOOKKEEPER_DECLINED, "not_supported",
		    "the bookkeeper's form has no such message");
	else
		e->sends = true;
	if (e->sends)
		e->post = build_post(e->courier->config, a, &document, r);
	return NULL;
}

void
errand_hear_bookkeeper(struct errand *e, struct arena *a,
    const struct http_answer *http)
{
	wire_judge(a, e->form, e->request.message, http, &e->answer);
}

struct problem *
courier_ask(const struct courier *courier, struct arena *a,
    const struct bookkeeper_request *request, struct bookkeeper_answer *out)
{
	struct errand e = { .courier = courier, .request = *request };
	struct http_answer http;
	char fresh[ID_SIZE];
	struct problem *p;

	if (e.request.delivery_id == NULL) {
		id_new(fresh);
		e.request.delivery_id = fresh;
	}
	if ((p = errand_build_post(&e, a)) != NULL)
		return p;
	if (e.sends) {
		e.post.stop = courier->stop;
		e.post.state = courier->state;
		http_post(a, &e.post, &http);
		errand_note(a, outbox_bookkeeper_target(a,
		    &request->bookkeeper), e.post.url, &http);
		errand_hear_bookkeeper(&e, a, &http);
	}
	*out = e.answer;
	return NULL;
}

/* ---- messages of the outbox ---- */

/* A message about due amounts has its moment and lines beside the document. */
static void
read_due(struct bookkeeper_request *r)
{
	if (r->message != BOOKKEEPER_SAYS_COLLECT &&
	    r->message != BOOKKEEPER_SAYS_REMIND)
		return;
	(void)json_int_at(r->document, "due", &r->due);
	(void)json_int_at(r->document, "told", &r->sent);
	r->document = json_array_at(r->document, "items");
}

struct problem *
errand_for_bookkeeper(struct errand *e, struct arena *a)
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
		e->answer = errand_answer(BOOKKEEPER_AGAIN, "message",
		    "this program does not know such a message");
		return NULL;
	}
	read_due(&e->request);
	return errand_build_post(e, a);
}
