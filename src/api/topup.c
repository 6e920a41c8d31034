/* SPDX-License-Identifier: GPL-3.0-or-later */
/* services/topup: paying in an amount. */
#include "config.h"

#include "api/actor.h"
#include "api/authorization.h"
#include "api/commit.h"
#include "api/entity.h"
#include "api/handlers.h"
#include "api/transactions.h"
#include "service/receiver.h"
#include "service/topup.h"

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
	entity_answer(c, json);
}

static struct problem *
credit(struct call *c, void *state)
{
	struct json_object *ledger;
	struct problem *p = topup_credit(c->db, c->arena, state, c->now,
	    &ledger);

	if (p == NULL)
		answer(c, NULL, ledger);
	return p;
}

/*
 * Without a bookkeeper to pay through, credit is a gift of the account's
 * seller; accounts do not give it to themselves.
 */
static struct problem *
credit_unpaid(struct call *c, struct payment_order *order)
{
	if (!caller_sells(c))
		return problem_text(c->arena, PROBLEM_FORBIDDEN,
		    "no bookkeeper can be asked to pay: ask the reseller for "
		    "credit");
	order->account_id = c->account_id;
	order->account_name = c->session->target_name;
	order->audit = actor_of_call(c).audit;
	return commit_request(c, credit, order);
}

/* A bookkeeper that knows a request again keeps orders apart, too. */
static struct problem *
decide_apart(struct call *c, struct payment_order *order)
{
	struct bookkeeper_document document;
	const char *why;
	struct problem *p = receiver_find_bookkeeper(c->db, c->arena,
	    c->account_id, &order->bookkeeper, &document, &why);

	order->terms.apart = p == NULL && why == NULL && document.idempotent;
	return p;
}

struct problem *
services_topup(struct call *c)
{
	struct json_object *ledger;
	struct payment_order order;
	struct payment payment;
	struct problem *p;
	money_t amount;
	bool moves;

	p = transactions_amount(c, "required", "Field is required but missing",
	    &amount);
	if (p != NULL)
		return p;
	order = topup_order_manual(amount);
	p = receiver_find_for_payments(c->db, c->arena, c->account_id,
	    &order.bookkeeper, &moves);
	if (p != NULL)
		return p;
	if (!moves)
		return credit_unpaid(c, &order);
	if ((p = decide_apart(c, &order)) != NULL ||
	    (p = transactions_order(c, &order, &payment, &ledger)) != NULL)
		return p;
	answer(c, &payment, ledger);
	return NULL;
}
