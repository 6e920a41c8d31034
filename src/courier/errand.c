/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "courier/errand.h"

#include <string.h>

#include "base/address.h"
#include "base/gregorian.h"
#include "base/json.h"
#include "base/log.h"
#include "courier/payment.h"
#include "service/event.h"
#include "service/mail.h"
#include "service/standing.h"
#include "store/webhooks.h"

struct bookkeeper_answer
errand_answer(enum bookkeeper_verdict verdict, const char *reason,
    const char *message)
{
	return (struct bookkeeper_answer){ .verdict = verdict,
		.reason = reason, .message = message, .unheard = true };
}

/* ---- the kinds of targets ---- */

/* The prefix of a target, and what is particular to its receivers. */
static const struct target_kind {
	const char *prefix;
	bool ends_by_age; /* a message is given up by its age; else by its
	                     tries */
	bool tells_owner; /* of the receiver, when a message is given up */
	bool is_dead_declined; /* a refused message is given up; else it was
	                          delivered */
	struct problem *(*prepare)(struct errand *e, struct arena *a);
	void (*hear)(struct errand *e, struct arena *a,
	    const struct http_answer *http);
	/* Called right before the post is sent; NULL: it may be. */
	bool (*may_send)(struct errand *e, struct arena *a);
	/* Records the answer elsewhere than in the message; NULL: not. */
	struct problem *(*record)(struct errand *e, struct arena *a);
} target_kinds[] = {
	{ "bookkeeper/", false, false, false, errand_for_bookkeeper,
	    errand_hear_bookkeeper, NULL, NULL },
	{ PAYMENT_TARGET, false, false, false, errand_for_payment,
	    errand_hear_bookkeeper, errand_may_pay, errand_settle_payment },
	{ WEBHOOK_TARGET, true, true, false, errand_for_webhook,
	    errand_hear_webhook, NULL, NULL },
	{ MAIL_TARGET, true, false, true, errand_for_mail, errand_hear_mail,
	    NULL, NULL },
};

/* NULL: there is no such kind. */
static const struct target_kind *
kind_of(const struct errand *e)
{
	size_t i;

	for (i = 0; i < NELEM(target_kinds); i++)
		if (strncmp(e->message->target, target_kinds[i].prefix,
		    strlen(target_kinds[i].prefix)) == 0)
			return &target_kinds[i];
	return NULL;
}

static bool
ends_by_age(const struct errand *e)
{
	const struct target_kind *kind = kind_of(e);

	return kind != NULL && kind->ends_by_age;
}

static bool
is_mail(const struct errand *e)
{
	return strncmp(e->message->target, MAIL_TARGET,
	    strlen(MAIL_TARGET)) == 0;
}

/* The age at which a message is given up. */
static int64_t
give_up_s(const struct errand *e)
{
	const struct config *c = e->courier->config;

	return is_mail(e) ? c->mail_give_up_s : c->webhook_give_up_s;
}

/* True if the receiver has taken nothing for so long that messages are given up
 * without a try, as long as it is paused. */
static bool
is_hopeless(const struct errand *e)
{
	const struct outbox_message *m = e->message;
	int64_t limit = gregorian_now() - give_up_s(e);

	return ends_by_age(e) && m->paused && m->failing_since <= limit &&
	    m->since <= limit;
}

/* True if the message is given up unless this try succeeds. */
static bool
is_time_over(const struct errand *e, int64_t now)
{
	return ends_by_age(e) ? e->message->since <= now - give_up_s(e) :
	    e->message->tries >= e->courier->config->courier_attempts;
}

static struct problem *
prepare(struct errand *e, struct arena *a)
{
	const struct config *c = e->courier->config;
	const struct target_kind *kind = kind_of(e);

	/* A try is counted before it is made; this one is not made. */
	if (e->message->tries > c->courier_attempts && is_time_over(e,
	    gregorian_now() - give_up_s(e)))
		e->answer = errand_answer(BOOKKEEPER_AGAIN, "attempts",
		    "the courier did not come back from the last attempt");
	else if (is_hopeless(e))
		e->answer = errand_answer(BOOKKEEPER_AGAIN, "paused",
		    "its receiver has taken nothing for so long that it was "
		    "not tried");
	else if (kind == NULL)
		e->answer = errand_answer(BOOKKEEPER_AGAIN, "target",
		    "this program does not know such a target");
	else
		return kind->prepare(e, a);
	return NULL;
}

struct problem *
errand_begin(struct errand *e, struct arena *a, const struct outbox_turn *turn,
    bool *found)
{
	const struct courier *courier = e->courier;
	int64_t now = gregorian_now();
	const struct outbox_span span = { now,
		now + courier->config->courier_lease_s,
		courier_farthest(courier->config, now),
		now - courier->config->webhook_give_up_s };
	struct outbox_message *message;
	struct problem *p;

	e->until = span.until;
	p = store_outbox_claim(courier->db, a, turn, &span, &message);
	*found = p == NULL && message != NULL;
	e->message = message;
	if (!*found)
		return p;
	e->breaker = message->target;
	return prepare(e, a);
}

/* ---- breakers ---- */

/* How long an attempt takes beyond its time-out, to be recorded. */
#define SPARE_MS 5000

bool
errand_may_fly(struct errand *e, struct arena *a)
{
	const struct target_kind *kind = kind_of(e);

	if (!breaker_enter(e->breaker, e->post.timeout_ms + SPARE_MS, &e->pass))
		return false;
	if (kind->may_send != NULL && !kind->may_send(e, a)) {
		breaker_leave(&e->pass);
		return false;
	}
	return true;
}

struct problem *
errand_pass_over(const struct errand *e, struct arena *a)
{
	return store_outbox_release(e->courier->db, a, e->message,
	    gregorian_now() + ERRAND_REST_S);
}

void
errand_note(struct arena *a, const char *target, const char *url,
    const struct http_answer *http)
{
	/* Of an attempt that we broke off, or refused, nothing is known. */
	if (http->end != HTTP_POST_STOPPED && http->end != HTTP_POST_REFUSED)
		(void)breaker_hear(target, address_host(a, url),
		    http->end == HTTP_POST_TIMEOUT);
}

/* ---- the outcome ---- */

/* True if no audit entry shows the failure: collected amounts have none. */
static bool
goes_unseen(const struct errand *e)
{
	const struct target_kind *kind = kind_of(e);

	return (kind != NULL && kind->is_dead_declined) ||
	    (e->answer.verdict == BOOKKEEPER_DECLINED &&
	    e->request.account_id != NULL && e->message->audit_id == NULL);
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
		if (is_time_over(e, e->now)) {
			end->state = OUTBOX_DEAD;
			end->outcome = "failed";
		}
	}
	if (end->outcome != NULL)
		end->results = bookkeeper_results(a, answer);
}

/* Tells the owner of a webhook what is given up. Not of the news itself: it
 * would go round for ever. */
static struct problem *
tell_owner(struct db *db, struct arena *a, const struct errand *e)
{
	const struct outbox_message *m = e->message;
	struct event event = { .name = EVENT_WEBHOOK_FAILED, .now = e->now };
	const char *owner = m->target + strlen(WEBHOOK_TARGET);
	const char *id = strchr(owner, '/');

	if (e->end.state != OUTBOX_DEAD || kind_of(e) == NULL ||
	    !kind_of(e)->tells_owner || id == NULL ||
	    strcmp(m->message, EVENT_WEBHOOK_FAILED) == 0)
		return NULL;
	event.account_id = arena_strndup(a, owner, (size_t)(id - owner));
	event.what = json_own(a, json_object_new_object());
	json_put_string(event.what, "webhook_id", id + 1);
	json_put_string(event.what, "delivery_id", m->delivery_id);
	json_put_string(event.what, "event", m->message);
	json_put_string(event.what, "account_id", m->account_id);
	json_put_string(event.what, "reason", e->end.reason);
	json_put_string(event.what, "detail", e->end.detail);
	return event_tell(db, a, &event);
}

/* Records the outcome, in one transaction; nothing if the lease is no longer
 * ours. */
static struct problem *
settle(struct db *db, struct arena *a, void *state)
{
	struct errand *e = state;
	struct problem *p = NULL;

	/* Locks the account before the message, the order in which changes of
	 * services lock. */
	if (e->end.state == OUTBOX_DELIVERED && e->request.account_id != NULL)
		p = standing_note(db, a, e->courier->config, &e->request,
		    &e->answer, e->now);
	if (p == NULL)
		p = store_outbox_settle(db, a, e->message, &e->end, e->now,
		    &e->failing);
	return p != NULL ? p : tell_owner(db, a, e);
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

/* As many in a row pause a receiver. */
#define FAILURES 3

/* True if the receiver is not well: it did not answer, has too much to do, or is
 * not there. Other answers of bookkeepers are about the message; a webhook takes
 * all or is wrong; a smarthost's are about the mail. */
static bool
is_failing(const struct errand *e, const struct http_answer *http)
{
	if (http->end != HTTP_POST_ANSWERED)
		return true;
	if (is_mail(e))
		return false;
	return ends_by_age(e) || http->status / 100 == 3 ||
	    http->status >= 500 || http->status == 429;
}

/* Counts the failure of a receiver, or ends its pause. http NULL: nothing was
 * sent. */
static struct problem *
note_receiver(const struct errand *e, struct arena *a,
    const struct http_answer *http)
{
	const struct config *c = e->courier->config;
	struct outbox_failure failure = { e->message->target, FAILURES,
		c->courier_pause_s, c->courier_pause_max_s, e->now };

	if (http == NULL || e->answer.verdict == BOOKKEEPER_BROKEN_OFF)
		return NULL;
	/* The next one would hang as long. */
	if (http->end == HTTP_POST_TIMEOUT)
		failure.from = 1;
	if (e->answer.verdict == BOOKKEEPER_AGAIN && is_failing(e, http))
		return store_outbox_pause(e->courier->db, a, &failure);
	return !e->failing ? NULL : store_outbox_resume(e->courier->db, a,
	    e->message->target);
}

struct problem *
errand_end(struct errand *e, struct arena *a, const struct http_answer *http,
    struct courier_step *step)
{
	const struct target_kind *kind = kind_of(e);
	struct db *db = e->courier->db;
	struct problem *p = NULL;

	if (http != NULL) {
		kind->hear(e, a, http);
		errand_note(a, e->breaker, e->post.url, http);
		breaker_leave(&e->pass);
	}
	if (kind != NULL && kind->record != NULL)
		p = kind->record(e, a);
	if (p != NULL)
		return p;
	e->now = gregorian_now();
	decide(e, a);
	*step = (struct courier_step){
		.found = true,
		.id = e->message->id,
		.account_id = e->message->account_id,
		.target = e->message->target,
		.state = e->end.state,
		.reason = e->end.reason,
		.detail = e->end.detail,
	};
	p = db_transaction(db, a, settle, e);
	if (p != NULL && p->kind == PROBLEM_CONFLICT) {
		step->lost = true;
		log_warn("message %lld: %s", (long long)step->id, p->text);
		return NULL;
	}
	if (p != NULL)
		return p;
	tell_log(e);
	return note_receiver(e, a, http);
}
