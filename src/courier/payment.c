/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "courier/payment.h"

#include <string.h>

#include "base/json.h"
#include "billing/invoice.h"
#include "store/accounts.h"
#include "store/services.h"
#include "store/webhooks.h"

/* "YYYYMM-hex": what stands behind the month names it to the bookkeeper. */
#define MONTH_LENGTH 6

/* ---- the ledger ---- */

static struct json_object *
credit_metadata(struct arena *a, const struct payment_order *order,
    const char *transaction_id)
{
	struct json_object *json = json_own(a, json_object_new_object());
	struct json_object *transaction = json_object_new_object();

	json_put_bool(json, "automatic_description", true);
	if (order->bookkeeper.type != NULL) {
		json_put_string(transaction, "id", transaction_id);
		json_put_bool(transaction, "created", true);
		json_object_object_add(json, "transaction", transaction);
	} else {
		json_object_put(transaction);
	}
	return json;
}

struct problem *
payment_credit(struct db *db, struct arena *a,
    const struct payment_order *order, const char *source_id, int64_t ordered,
    int64_t now, struct json_object **ledger)
{
	const struct ledger_note note = {
		.description = order->description,
		.metadata = credit_metadata(a, order, source_id),
		.trigger = order->trigger,
		.module = order->module,
		.audit = order->audit,
	};
	struct ledger credit = {
		.account_id = order->account_id,
		.service = "payments",
		.source_id = source_id,
		.amount = order->amount,
		.has_usage = true,
		.period_start = ordered,
		.created = ordered,
		.for_name = order->account_name,
	};
	struct ledger_entry *entry = NULL;
	struct ledger_result result;
	struct problem *p;

	ledger_complete(a, &credit, &note);
	if ((p = ledger_add(db, a, NULL, &credit, 1, now, &result)) != NULL ||
	    (p = ledger_show(db, a, order->account_id, result.id,
	    &entry)) != NULL)
		return p;
	if (entry == NULL)
		return problem_bad_identifier(a, order->account_id);
	*ledger = ledger_entry_json(a, entry);
	return NULL;
}

/* ---- documents ---- */

static struct json_object *
document_of(struct arena *a, const struct payment_order *order)
{
	struct json_object *json = json_own(a, json_object_new_object());
	struct json_object *account = json_object_new_object();
	struct json_object *executor = json_object_new_object();

	json_put_string(account, "id", order->account_id);
	json_put_string(account, "name", order->account_name);
	json_object_object_add(json, "account", account);
	json_put_string(executor, "trigger", order->trigger);
	json_put_string(executor, "module", order->module);
	json_object_object_add(json, "executor", executor);
	json_put_string(json, "description", order->description);
	json_put_string(json, "order_id", order->order_id);
	if (order->metadata != NULL)
		json_object_object_add(json, "metadata",
		    json_object_get(order->metadata));
	if (order->audit != NULL)
		json_object_object_add(json, "audit",
		    json_object_get(order->audit));
	return json;
}

/* {"type","vendor_id","results"}, and at its top what lists show. A message is
 * always there when it failed: clients show it (clients.md 3.3). */
static struct json_object *
bookkeeper_part(const struct payment *payment)
{
	struct json_object *json = json_object_new_object();
	struct json_object *results = json_object_new_object();
	const char *status = payment->status == PAYMENT_COMPLETED ? "success" :
	    payment->status == PAYMENT_FAILED ? "error" : "pending";
	const char *message = payment->message != NULL ? payment->message :
	    payment->status == PAYMENT_FAILED ? "The payment was declined." :
	    payment->status == PAYMENT_PENDING ?
	    "The payment is not confirmed yet." : "";

	json_put_string(json, "id", payment->bookkeeper.id);
	json_put_string(json, "type", payment->bookkeeper.type);
	json_put_string(json, "vendor_id", payment->bookkeeper.vendor_id);
	json_put_string(json, "status", status);
	json_put_string(json, "reason", payment->reason);
	json_put_string(json, "message", message);
	json_put_string(results, "status", status);
	json_put_string(results, "reason", payment->reason);
	json_put_string(results, "message", message);
	if (payment->details != NULL)
		json_object_object_add(results, "details",
		    json_object_get(payment->details));
	json_object_object_add(json, "results", results);
	return json;
}

static bool
takes_away(enum payment_type type)
{
	return type == PAYMENT_REFUND || type == PAYMENT_DEBIT;
}

struct json_object *
payment_json(struct arena *a, const struct payment *payment)
{
	struct json_object *json = json_own(a, json_public_copy(
	    payment->document));

	json_put_string(json, "id", payment->id);
	json_put_string(json, "type", payment_type_name(payment->type));
	json_put_string(json, "status", payment_status_name(payment->status));
	json_put_money(json, "amount", takes_away(payment->type) ?
	    -payment->amount : payment->amount);
	json_put_int(json, "created", payment->created);
	if (payment->bookkeeper.type != NULL)
		json_object_object_add(json, "bookkeeper",
		    bookkeeper_part(payment));
	return json;
}

/* ---- asking ---- */

static struct problem *
ask(const struct courier *courier, struct arena *a,
    const struct payment *payment, struct bookkeeper_answer *answer)
{
	const struct bookkeeper_request request = {
		.message = payment->type == PAYMENT_SALE ?
		    BOOKKEEPER_SAYS_SALE : BOOKKEEPER_SAYS_REFUND,
		.delivery_id = payment->id + MONTH_LENGTH + 1,
		.account_id = payment->account_id,
		.bookkeeper = payment->bookkeeper,
		.amount = payment->amount,
		.transaction_id = payment->id,
		.transaction_db = arena_printf(a, "%.*s", MONTH_LENGTH,
		    payment->id),
	};

	return courier_ask(courier, a, &request, answer);
}

/* There was no bookkeeper to ask, or none that can be asked this. */
static bool
nobody_was_asked(const struct bookkeeper_answer *answer)
{
	return answer->status == 0 && (answer->verdict != BOOKKEEPER_AGAIN ||
	    strcmp(answer->reason, "bookkeeper_unknown") == 0 ||
	    strcmp(answer->reason, "refused") == 0);
}

/*
 * Where nobody heard the question nothing was moved, if it was the first time.
 * A timeout, or an answer that says nothing, may have moved it: then only an
 * answer to the same question tells.
 */
static enum payment_status
status_of(const struct bookkeeper_answer *answer, bool first)
{
	if (nobody_was_asked(answer))
		return first && answer->verdict != BOOKKEEPER_BROKEN_OFF ?
		    PAYMENT_FAILED : PAYMENT_PENDING;
	switch (answer->verdict) {
	case BOOKKEEPER_DONE:
		return PAYMENT_COMPLETED;
	case BOOKKEEPER_DELINQUENT:
	case BOOKKEEPER_DECLINED:
		return PAYMENT_FAILED;
	default:
		return PAYMENT_PENDING;
	}
}

/* ---- settling ---- */

struct settling {
	struct payment *payment;
	const struct bookkeeper_answer *answer;
	bool first; /* it had not been asked before */
	int64_t now;
};

/* The order that a payment was, as far as its credit needs it. */
static struct payment_order
order_of(const struct payment *payment)
{
	return (struct payment_order){
		.account_id = payment->account_id,
		.account_name = json_string_at(payment->document,
		    "account.name"),
		.bookkeeper = payment->bookkeeper,
		.amount = payment->amount,
		.trigger = payment->executor,
		.module = json_string_at(payment->document, "executor.module"),
		.description = json_string_at(payment->document, "description"),
		.audit = json_object_at(payment->document, "audit"),
	};
}

/* The first who comes settles it, and credits what was paid, in one. */
static struct problem *
settle(struct db *db, struct arena *a, void *state)
{
	const struct settling *s = state;
	const struct payment_order order = order_of(s->payment);
	struct json_object *ledger;
	struct payment *stored;
	struct problem *p;

	p = payment_show(db, a, s->payment->account_id, s->payment->id, true,
	    &stored);
	if (p != NULL || stored == NULL)
		return p != NULL ? p : problem_fault(a, "payment %s is gone",
		    s->payment->id);
	if (stored->status != PAYMENT_PENDING) {
		*s->payment = *stored;
		return NULL;
	}
	stored->status = status_of(s->answer, s->first);
	stored->reason = s->answer->reason;
	stored->message = s->answer->message;
	stored->details = s->answer->details;
	p = payment_settle(db, a, stored, s->now);
	if (p == NULL && stored->credits &&
	    stored->status == PAYMENT_COMPLETED)
		p = payment_credit(db, a, &order, stored->id, stored->created,
		    s->now, &ledger);
	if (p == NULL && stored->credits && stored->status != PAYMENT_PENDING)
		p = webhook_tell(db, a, stored->account_id,
		    stored->status == PAYMENT_COMPLETED ?
		    EVENT_TOPUP_SUCCEEDED : EVENT_TOPUP_FAILED,
		    payment_json(a, stored), s->now);
	*s->payment = *stored;
	return p;
}

static struct problem *
ask_and_settle(const struct courier *courier, struct arena *a,
    struct payment *payment, bool first, int64_t now)
{
	struct bookkeeper_answer answer;
	struct settling settling = { payment, &answer, first, now };
	struct problem *p;

	if (payment->status != PAYMENT_PENDING)
		return NULL;
	p = ask(courier, a, payment, &answer);
	return p != NULL ? p :
	    db_transaction(courier->db, a, settle, &settling);
}

struct problem *
payment_resume(const struct courier *courier, struct arena *a,
    struct payment *payment, int64_t now)
{
	return ask_and_settle(courier, a, payment, false, now);
}

/* ---- making ---- */

struct beginning {
	const struct payment *wanted;
	const struct payment_order *order;
	struct payment *out;
	bool noted;
};

static struct problem *
begin(struct db *db, struct arena *a, void *state)
{
	struct beginning *b = state;

	return payment_begin(db, a, b->wanted, b->order->request_key,
	    b->order->alone_since, &b->noted, b->out);
}

static struct problem *
find_credit(const struct courier *courier, struct arena *a,
    const struct payment *payment, struct json_object **ledger)
{
	struct ledger credit = {
		.account_id = payment->account_id,
		.service = "payments",
		.source_id = payment->id,
		.period_start = payment->created,
		.created = payment->created,
	};
	const struct ledger_note note = { 0 };
	struct ledger_entry *entry;
	struct problem *p;

	ledger_complete(a, &credit, &note);
	p = ledger_show(courier->db, a, payment->account_id, credit.id, &entry);
	if (p == NULL && entry != NULL)
		*ledger = ledger_entry_json(a, entry);
	return p;
}

struct problem *
payment_make(const struct courier *courier, struct arena *a,
    const struct payment_order *order, int64_t now, struct payment *out,
    struct json_object **ledger)
{
	char id[MONTH_ID_SIZE];
	const struct payment wanted = {
		.account_id = order->account_id,
		.id = id,
		.type = order->type,
		.status = PAYMENT_PENDING,
		.amount = order->amount,
		.created = now,
		.executor = order->trigger,
		.credits = order->credits,
		.bookkeeper = order->bookkeeper,
		.document = document_of(a, order),
	};
	struct beginning beginning = { &wanted, order, out, false };
	struct problem *p;

	*ledger = NULL;
	*out = (struct payment){ 0 };
	id_new_in_month(now, id);
	p = db_transaction(courier->db, a, begin, &beginning);
	if (p != NULL || !beginning.noted)
		return p;
	if (out->amount != order->amount || out->type != order->type ||
	    out->credits != order->credits)
		return problem_new(a, PROBLEM_KEY_REUSED);
	p = ask_and_settle(courier, a, out, strcmp(out->id, id) == 0, now);
	if (p != NULL)
		return p;
	return out->credits && out->status == PAYMENT_COMPLETED ?
	    find_credit(courier, a, out, ledger) : NULL;
}

/* ---- the bookkeeper ---- */

struct problem *
payment_bookkeeper(const struct courier *courier, struct arena *a,
    const char *account_id, struct bookkeeper *out, bool *moves)
{
	struct billed_state state;
	struct invoices invoices;
	struct service service;
	struct problem *p;
	size_t i;

	if ((p = service_load(courier->db, a, account_id, SERVICE_LOOK,
	    &service)) != NULL)
		return p;
	service_state(&service, &state);
	if ((p = invoices_price(a, &state, false, &invoices)) != NULL)
		return p;
	*out = state.bookkeeper;
	p = courier_moves_money(courier, a, account_id, out, moves);
	for (i = 0; p == NULL && !*moves && i < invoices.count; i++) {
		*out = invoices.invoices[i].bookkeeper;
		p = courier_moves_money(courier, a, account_id, out, moves);
	}
	return p;
}

/* ---- top-up by itself ---- */

#define TOP_UP_EVERY_S (24 * 3600)

static bool
amount_at(struct json_object *document, const char *path, money_t *out)
{
	struct json_object *amount = json_at(document, path);

	return (json_object_is_type(amount, json_type_int) ||
	    json_object_is_type(amount, json_type_double)) &&
	    money_parse(json_object_to_json_string(amount), out) && *out > 0;
}

/* Why it is not to be topped up (domain.md 13.2); NULL: it is. */
static struct problem *
reason_against(const struct courier *courier, struct arena *a,
    const struct account *account, money_t *amount, const char **why)
{
	money_t threshold, balance;
	bool how_much, below_what;
	struct problem *p;

	how_much = amount_at(account->document, "topup.amount", amount);
	below_what = amount_at(account->document, "topup.threshold",
	    &threshold);
	*why = !how_much && !below_what ? "amount_and_threshold_undefined" :
	    !how_much ? "amount_undefined" :
	    !below_what ? "threshold_undefined" : NULL;
	if (*why != NULL)
		return NULL;
	p = ledger_balance(courier->db, a, account->id, &balance);
	if (p == NULL && balance >= threshold)
		*why = "balance_above_threshold";
	return p;
}

struct problem *
payment_top_up_automatically(const struct courier *courier, struct arena *a,
    const char *account_id, int64_t now, struct payment *out,
    const char **why)
{
	struct payment_order order = {
		.type = PAYMENT_SALE,
		.account_id = account_id,
		.credits = true,
		.trigger = "automatic",
		.module = "kz_services_topup",
		.description = "Automatic top-up",
		.alone_since = now - TOP_UP_EVERY_S,
	};
	struct account *account;
	struct json_object *ledger;
	struct problem *p;
	bool moves;

	p = account_show(courier->db, a, account_id, &account);
	if (p == NULL && account == NULL)
		p = problem_bad_identifier(a, account_id);
	if (p != NULL || (p = reason_against(courier, a, account, &order.amount,
	    why)) != NULL || *why != NULL)
		return p;
	order.account_name = account->name;
	p = payment_bookkeeper(courier, a, account_id, &order.bookkeeper,
	    &moves);
	if (p == NULL && !moves)
		*why = "invalid_bookkeeper";
	if (p != NULL || *why != NULL)
		return p;
	p = payment_make(courier, a, &order, now, out, &ledger);
	if (p == NULL && out->id == NULL)
		*why = "topup_daily_limit";
	return p;
}
