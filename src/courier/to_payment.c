/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Payments that were left to the courier: their bookkeepers are asked. */
#include "config.h"

#include "courier/errand.h"

#include <string.h>

#include "base/gregorian.h"
#include "base/json.h"
#include "base/log.h"
#include "courier/payment.h"

/* The message names its payment. */
static struct problem *
find(struct errand *e, struct arena *a)
{
	const struct outbox_message *m = e->message;
	struct payment *stored = NULL;
	const char *error;
	const char *id = json_string_at(json_parse(a, m->document,
	    strlen(m->document), &error), "id");
	struct problem *p = id == NULL ? NULL : store_payment_show(
	    e->courier->db, a, m->account_id, id, false, &stored);

	if (stored != NULL)
		e->payment = *stored;
	return p;
}

static struct problem *
take_turn(struct errand *e, struct arena *a)
{
	e->turn = (struct pay_turn){
		.length_s = PAYMENT_TURN_S(e->courier->config),
	};
	return pay_take_turn(e->courier->db, a, &e->payment, &e->turn,
	    gregorian_now());
}

static bool
has_turn(const struct errand *e)
{
	return e->turn.length_s > 0 && e->turn.outcome == PAYMENT_TURN_TAKEN;
}

/* An answer that is known without asking counts only in this errand's turn. */
static struct problem *
take_turn_unsent(struct errand *e, struct arena *a)
{
	struct problem *p = take_turn(e, a);

	if (p != NULL || has_turn(e))
		return p;
	e->answer = e->turn.outcome == PAYMENT_TURN_OVER ?
	    errand_answer(BOOKKEEPER_DONE, NULL, NULL) :
	    errand_answer(BOOKKEEPER_AGAIN, "busy",
	    "another process asks for the payment");
	return NULL;
}

struct problem *
errand_for_payment(struct errand *e, struct arena *a)
{
	struct problem *p = find(e, a);

	if (p != NULL)
		return p;
	e->breaker = outbox_bookkeeper_target(a, &e->message->bookkeeper);
	if (e->payment.id == NULL) {
		e->answer = errand_answer(BOOKKEEPER_AGAIN, "payment",
		    "there is no such payment");
		return NULL;
	}
	if (e->payment.status != PAYMENT_PENDING) {
		e->answer = errand_answer(BOOKKEEPER_DONE, NULL, NULL);
		return NULL;
	}
	e->request = pay_build_request(a, &e->payment);
	p = errand_build_post(e, a);
	return p != NULL || e->sends ? p : take_turn_unsent(e, a);
}

bool
errand_may_pay(struct errand *e, struct arena *a)
{
	struct problem *p = take_turn(e, a);

	if (p != NULL)
		log_warn("payment %s of account %s is not asked for: %s",
		    e->payment.id, e->payment.account_id, p->text);
	return p == NULL && has_turn(e);
}

struct problem *
errand_settle_payment(struct errand *e, struct arena *a)
{
	struct problem *p = !has_turn(e) ? NULL : pay_settle(e->courier->db, a,
	    &e->payment, &e->answer, e->turn.first, gregorian_now());

	/* No payment changes a standing. */
	e->request.account_id = NULL;
	if (p != NULL || !has_turn(e))
		return p;
	if (e->payment.status != PAYMENT_PENDING)
		e->answer.verdict = BOOKKEEPER_DONE;
	else if (e->answer.verdict != BOOKKEEPER_BROKEN_OFF)
		e->answer.verdict = BOOKKEEPER_AGAIN;
	return NULL;
}
