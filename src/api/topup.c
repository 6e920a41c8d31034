/* SPDX-License-Identifier: GPL-3.0-or-later */
/* services/topup: paying something in (domain.md 13.2). */
#include "config.h"

#include "api/authorization.h"
#include "api/commit.h"
#include "api/handlers.h"
#include "api/service_body.h"
#include "api/transactions.h"
#include "base/ids.h"
#include "service/receiver.h"

#define MODULE "kz_services_topup"

struct topup {
	struct payment_order order;
	char source_id[ID_SIZE];
};

/* {"ledger"}, with "transaction" where somebody paid. */
static void
answer(struct call *c, const struct payment *payment,
    struct json_object *ledger)
{
	struct json_object *json = json_own(c->arena, json_object_new_object());

	if (payment != NULL)
		json_object_object_add(json, "transaction", json_object_get(
		    pay_json(c->arena, payment)));
	if (ledger != NULL)
		json_object_object_add(json, "ledger", json_object_get(ledger));
	commit_answer(c, json);
}

static struct problem *
credit(struct call *c, void *state)
{
	struct topup *t = state;
	struct json_object *ledger;
	struct problem *p;

	p = pay_credit(c->db, c->arena, &(struct payment_credit){ &t->order,
	    t->source_id, c->now }, c->now, &ledger);
	if (p == NULL)
		answer(c, NULL, ledger);
	return p;
}

/*
 * Where nobody is asked to pay, credit is what who sells to the account gives
 * it, and nobody gives it to himself (Q23).
 */
static struct problem *
credit_unpaid(struct call *c, struct topup *t)
{
	if (!caller_sells(c))
		return problem_text(c->arena, PROBLEM_FORBIDDEN,
		    "no bookkeeper can be asked to pay: ask the reseller for "
		    "credit");
	id_new(t->source_id);
	t->order.bookkeeper = (struct bookkeeper){ 0 };
	t->order.account_id = c->account_id;
	t->order.account_name = c->session->target_name;
	t->order.audit = commit_actor(c).audit;
	return commit_request(c, credit, t);
}

struct problem *
services_topup(struct call *c)
{
	static const char missing[] = "Field is required but missing";
	struct topup t = { .order = {
		.type = PAYMENT_SALE,
		.credits = true,
		.trigger = "manual",
		.module = MODULE,
		.description = "Manual top-up",
	} };
	struct json_object *body, *ledger;
	struct payment payment;
	struct problem *p;
	bool moves;

	if ((p = service_body(c, &body)) != NULL ||
	    (p = payment_amount(c, body, missing, "required", missing,
	    &t.order.amount)) != NULL ||
	    (p = receiver_of_payments(c->db, c->arena,
	    c->account_id, &t.order.bookkeeper, &moves)) != NULL)
		return p;
	if (!moves)
		return credit_unpaid(c, &t);
	if ((p = payment_request(c, &t.order, &payment, &ledger)) != NULL)
		return p;
	answer(c, &payment, ledger);
	return NULL;
}
