/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transactions: payments, asked of a bookkeeper or made by hand. */
#include "config.h"

#include "api/transactions.h"

#include <string.h>

#include "api/actor.h"
#include "api/commit.h"
#include "api/entity.h"
#include "api/handlers.h"
#include "api/listing.h"
#include "base/ids.h"
#include "courier/payment.h"
#include "service/adjustment.h"
#include "service/receiver.h"
#include "store/ledgers.h"

#define AMOUNT_MAX (1000000000 * MONEY_ONE)

/* ---- reading ---- */

static struct problem *
read_payments(struct call *c, void *state,
    const struct page_query *query, struct list_page *out)
{
	struct payment_list list;
	const struct payment *one;
	struct problem *p;
	size_t i;

	(void)state;
	p = store_payment_list(c->db, c->arena, c->account_id, query, &list);
	if (p != NULL)
		return p;
	out->count = list.count;
	out->items = arena_alloc(c->arena, list.count * sizeof(*out->items));
	for (i = 0; i < list.count; i++) {
		one = &list.payments[i];
		out->items[i] = (struct list_item){
			.place = { one->id, one->created, 0 },
			.whole = pay_json(c->arena, one),
		};
	}
	return NULL;
}

struct json_object *
transactions_shown(struct call *c, void *state, struct json_object *whole)
{
	(void)state;
	return members_named(c->arena, whole, "id amount status type executor "
	    "description metadata order_id bookkeeper created account");
}

struct problem *
transactions_list(struct call *c)
{
	const struct listing listing = {
		.file_name = "transactions",
		.order = LISTING_BY_MOMENT,
		.read = read_payments,
		.shown = transactions_shown,
	};

	return transactions_hanging_asked(c) ? transactions_hanging(c) :
	    listing_answer(c, &listing);
}

struct problem *
transactions_show(struct call *c)
{
	const char *id = c->parameters[0];
	struct payment *payment = NULL;
	struct problem *p = NULL;

	if (id_month_valid(id))
		p = store_payment_show(
		    c->db, c->arena, c->account_id, id, false, &payment);
	if (p == NULL && payment == NULL)
		p = problem_bad_identifier(c->arena, id);
	if (p == NULL)
		entity_answer(c, pay_json(c->arena, payment));
	return p;
}

struct problem *
transactions_balance(struct call *c)
{
	struct json_object *json = json_own(c->arena, json_object_new_object());
	struct problem *p;
	money_t balance;

	p = store_ledger_balance(c->db, c->arena, c->account_id, &balance);
	if (p != NULL)
		return p;
	json_put_money(json, "balance", balance);
	entity_answer(c, json);
	return NULL;
}

/* ---- what requests have in common ---- */

struct problem *
transactions_amount(struct call *c, const char *low_code, const char *low,
    money_t *out)
{
	const char *text = json_object_to_json_string(json_at(c->body,
	    "amount"));

	if (!money_parse(text, out) || *out > AMOUNT_MAX)
		return problem_invalid(c->arena, "amount", "maximum",
		    "it is too large");
	if (*out <= 0 && text[0] != '0' && text[0] != '-')
		return problem_invalid(c->arena, "amount", "multipleOf",
		    "Value must be a whole number of millionths");
	if (*out <= 0)
		return problem_invalid(c->arena, "amount", low_code, "%s", low);
	if (!money_exact(text))
		return problem_invalid(c->arena, "amount", "multipleOf",
		    "Value must be a whole number of millionths");
	return NULL;
}

/*
 * Why a payment is not made. Clients show what its bookkeeper says of a 500,
 * and take a 402 for a list of things with bookkeepers.
 */
static struct problem *
not_made(struct call *c, const struct payment *payment)
{
	bool tokenless = payment->type != PAYMENT_SALE ? false :
	    !payment->credits && payment->reason != NULL &&
	    strcmp(payment->reason, "no_payment_token") == 0;
	struct json_object *json = pay_json(c->arena, payment), *list;
	struct problem *p = problem_new(c->arena, tokenless ?
	    PROBLEM_NO_PAYMENT_TOKEN : PROBLEM_PAYMENT);

	if (payment->reason != NULL)
		p->name = payment->reason;
	if (payment->message != NULL)
		p->text = json_string_at(json, "bookkeeper.message");
	p->data = json;
	if (tokenless) {
		list = json_own(c->arena, json_object_new_array());
		json_object_array_add(list, json_object_get(json));
		p->data = list;
	}
	return p;
}

struct problem *
transactions_order(struct call *c, struct payment_order *order,
    struct payment *out, struct json_object **ledger)
{
	struct problem *p;

	order->account_id = c->account_id;
	order->account_name = c->session->target_name;
	order->audit = actor_of_call(c).audit;
	if ((p = commit_key(c, &order->terms.request_key)) != NULL ||
	    (p = commit_take_place(c)) != NULL ||
	    (p = courier_pay(c->db, c->arena, c->config, order, c->now,
	    out)) != NULL)
		return p;
	return out->status == PAYMENT_COMPLETED ?
	    pay_find_credit(c->db, c->arena, out, ledger) : not_made(c, out);
}

/* ---- through a bookkeeper ---- */

/* Clients number their orders. */
static const char *
order_id(struct json_object *body)
{
	return json_object_get_string(json_at(body, "order_id"));
}

static struct problem *
order_payment(struct call *c, enum payment_type type, const char *low)
{
	struct payment_order order = {
		.type = type,
		.trigger = "crossbar",
		.module = "cb_transactions",
	};
	struct json_object *body = c->body, *ledger;
	struct payment payment;
	struct problem *p;
	bool moves;

	if ((p = transactions_amount(c, "minimum", low,
	    &order.amount)) != NULL ||
	    (p = receiver_find_for_payments(c->db, c->arena, c->account_id,
	    &order.bookkeeper, &moves)) != NULL)
		return p;
	if (!moves) {
		p = problem_new(c->arena, PROBLEM_PAYMENT);
		p->name = "invalid_bookkeeper";
		p->text = "the account's bookkeeper moves no money";
		p->data = json_own(c->arena, json_object_new_object());
		return p;
	}
	order.description = json_string_at(body, "description");
	order.metadata = json_object_at(body, "metadata");
	order.order_id = order_id(body);
	if ((p = transactions_order(c, &order, &payment, &ledger)) != NULL)
		return p;
	c->response->status = 201;
	entity_answer(c, pay_json(c->arena, &payment));
	return NULL;
}

struct problem *
transactions_sale(struct call *c)
{
	return order_payment(c, PAYMENT_SALE, "Amount must be more than 0");
}

struct problem *
transactions_refund(struct call *c)
{
	return order_payment(c, PAYMENT_REFUND,
	    "Amount must be greater than 0");
}

/* ---- by hand ---- */

static struct problem *
write_adjustment(struct call *c, void *state)
{
	struct payment made;
	struct problem *p = adjustment_make(c->db, c->arena, state, c->now,
	    &made);

	if (p != NULL)
		return p;
	c->response->status = 201;
	entity_answer(c, pay_json(c->arena, &made));
	return NULL;
}

static struct problem *
adjust(struct call *c, enum payment_type type)
{
	struct adjustment adjustment = {
		.type = type,
		.account_id = c->account_id,
		.account_name = c->session->target_name,
		.audit = actor_of_call(c).audit,
	};
	struct json_object *body = c->body;
	struct problem *p;

	p = transactions_amount(c, "minimum", "Amount must be more than 0",
	    &adjustment.amount);
	if (p != NULL)
		return p;
	adjustment.description = json_string_at(body, "description");
	adjustment.reason = json_string_at(body, "reason");
	adjustment.credit_type = json_string_at(body, "credit_type");
	adjustment.order_id = order_id(body);
	adjustment.metadata = json_object_at(body, "metadata");
	return commit_request(c, write_adjustment, &adjustment);
}

struct problem *
transactions_credit(struct call *c)
{
	return adjust(c, PAYMENT_CREDIT);
}

struct problem *
transactions_debit(struct call *c)
{
	return adjust(c, PAYMENT_DEBIT);
}
