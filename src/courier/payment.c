/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "courier/payment.h"

#include <string.h>
#include <time.h>

#include "base/gregorian.h"
#include "base/json.h"
#include "billing/invoice.h"
#include "service/event.h"
#include "service/receiver.h"
#include "store/accounts.h"
#include "store/services.h"

/* "YYYYMM-hex": what stands behind the month names it to the bookkeeper. */
#define MONTH_LENGTH 6

/* ---- the ledger ---- */

/* Nobody typed the description. */
static struct json_object *
automatic(void)
{
	struct json_object *json = json_object_new_object();

	json_put_bool(json, "automatic_description", true);
	return json;
}

static struct json_object *
credit_metadata(struct arena *a, const struct payment_order *order,
    const char *transaction_id)
{
	struct json_object *json = json_own(a, automatic());
	struct json_object *transaction = json_object_new_object();

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
	if (order->credits)
		json_object_object_add(json, "metadata", automatic());
	else if (order->metadata != NULL)
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

/* Refused for what it is; not for the moment, nor as a repetition. */
static bool
is_bad_request(int64_t status)
{
	return status >= 400 && status < 500 && status != 408 &&
	    status != 409 && status != 425 && status != 429;
}

/*
 * Where nobody heard the question, or it was no good, nothing was moved, if it
 * was the first time. A timeout, or an answer that says nothing, may have moved
 * it: then only an answer to the same question tells.
 */
static enum payment_status
status_of(const struct bookkeeper_answer *answer, bool first)
{
	if (answer->unheard)
		return first ? PAYMENT_FAILED : PAYMENT_PENDING;
	switch (answer->verdict) {
	case BOOKKEEPER_DONE:
		return PAYMENT_COMPLETED;
	case BOOKKEEPER_DELINQUENT:
	case BOOKKEEPER_DECLINED:
		return PAYMENT_FAILED;
	default:
		return first && is_bad_request(answer->status) ?
		    PAYMENT_FAILED : PAYMENT_PENDING;
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

/* In one with the credit of what was paid. */
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
	/* Whose turn was over was overtaken; but what was paid was paid. */
	if (stored->status == PAYMENT_COMPLETED ||
	    (stored->status == PAYMENT_FAILED &&
	    status_of(s->answer, s->first) != PAYMENT_COMPLETED)) {
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
	/* Deleted meanwhile, it has nothing to be credited to; it was paid. */
	if (p != NULL && p->kind == PROBLEM_BAD_IDENTIFIER)
		p = NULL;
	if (p == NULL && stored->credits && stored->status != PAYMENT_PENDING)
		p = event_tell(db, a, &(struct event){
		    stored->status == PAYMENT_COMPLETED ?
		    EVENT_TOPUP_SUCCEEDED : EVENT_TOPUP_FAILED,
		    stored->account_id, payment_json(a, stored), s->now });
	*s->payment = *stored;
	return p;
}

/* ---- taking turns ---- */

#define TURN_SPARE_S 3            /* to write down what came of it */
#define LOOK_EVERY_NS 100000000

/*
 * Waits for the turn to ask, as long as somebody else is asking; *taken is false
 * when what he was told will do. Nobody has a turn for longer than an attempt
 * takes, so there is an end to it.
 */
static struct problem *
wait_for_turn(const struct courier *courier, struct arena *a,
    const struct payment *payment, bool *taken, bool *first)
{
	const struct timespec pause = { .tv_nsec = LOOK_EVERY_NS };
	int64_t length = courier->config->courier_timeout_s + TURN_SPARE_S;
	enum payment_turn turn;
	struct problem *p;
	bool waited = false;
	int64_t now;

	for (;;) {
		now = gregorian_now();
		p = payment_turn(courier->db, a, payment, waited, now,
		    now + length, &turn, first);
		if (p != NULL)
			return p;
		*taken = turn == PAYMENT_TURN_TAKEN;
		if (turn != PAYMENT_TURN_BUSY)
			return NULL;
		nanosleep(&pause, NULL);
		waited = true;
	}
}

/* What came of it, where somebody else asked. */
static struct problem *
reread(const struct courier *courier, struct arena *a, struct payment *payment)
{
	struct payment *stored;
	struct problem *p = payment_show(courier->db, a, payment->account_id,
	    payment->id, false, &stored);

	if (p == NULL && stored == NULL)
		p = problem_fault(a, "payment %s is gone", payment->id);
	if (p == NULL)
		*payment = *stored;
	return p;
}

struct problem *
payment_resume(const struct courier *courier, struct arena *a,
    struct payment *payment, int64_t now)
{
	struct bookkeeper_answer answer;
	struct settling settling = { payment, &answer, false, now };
	struct problem *p;
	bool taken;

	if (payment->status != PAYMENT_PENDING)
		return NULL;
	p = wait_for_turn(courier, a, payment, &taken, &settling.first);
	if (p != NULL)
		return p;
	if (!taken)
		return reread(courier, a, payment);
	p = ask(courier, a, payment, &answer);
	return p != NULL ? p :
	    db_transaction(courier->db, a, settle, &settling);
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

/* The members of a document that the caller chose. */
static bool
is_same_order(const struct payment *stored, const struct payment *wanted)
{
	static const char *const chosen[] = { "description", "order_id",
		"metadata" };
	size_t i;

	for (i = 0; i < NELEM(chosen); i++)
		if (!json_object_equal(json_at(stored->document, chosen[i]),
		    json_at(wanted->document, chosen[i])))
			return false;
	return stored->amount == wanted->amount &&
	    stored->type == wanted->type && stored->credits == wanted->credits;
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
	if (!is_same_order(out, &wanted))
		return order->request_key != NULL ?
		    problem_new(a, PROBLEM_KEY_REUSED) :
		    problem_text(a, PROBLEM_CONFLICT, "amount: another top-up "
		    "is not confirmed yet: %s", out->id);
	if ((p = payment_resume(courier, a, out, now)) != NULL)
		return p;
	return out->credits && out->status == PAYMENT_COMPLETED ?
	    find_credit(courier, a, out, ledger) : NULL;
}

/* ---- top-up by itself ---- */

#define TOP_UP_EVERY_S (24 * 3600)
#define PAYMENTS_OF_A_DAY 10000 /* looked through at most */

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

/* The order that tops it up; *why: there is none, for this reason. */
static struct problem *
order_top_up(const struct courier *courier, struct arena *a,
    const char *account_id, int64_t now, struct payment_order *order,
    const char **why)
{
	struct account *account;
	struct problem *p;
	bool moves;

	*order = (struct payment_order){
		.type = PAYMENT_SALE,
		.account_id = account_id,
		.credits = true,
		.trigger = "automatic",
		.module = "kz_services_topup",
		.description = "Automatic top-up",
		.alone_since = now - TOP_UP_EVERY_S,
	};
	p = account_show(courier->db, a, account_id, &account);
	if (p == NULL && account == NULL)
		p = problem_bad_identifier(a, account_id);
	if (p != NULL || (p = reason_against(courier, a, account,
	    &order->amount, why)) != NULL || *why != NULL)
		return p;
	if (!account->enabled) {
		*why = "account_disabled";
		return NULL;
	}
	order->account_name = account->name;
	p = receiver_of_payments(courier->db, a, account_id,
	    &order->bookkeeper, &moves);
	if (p == NULL && !moves)
		*why = "invalid_bookkeeper";
	return p;
}

struct problem *
payment_top_up_automatically(const struct courier *courier, struct arena *a,
    const char *account_id, int64_t now, struct payment *out,
    const char **why)
{
	struct payment_order order;
	struct json_object *ledger;
	struct problem *p;

	p = order_top_up(courier, a, account_id, now, &order, why);
	if (p != NULL || *why != NULL)
		return p;
	p = payment_make(courier, a, &order, now, out, &ledger);
	if (p == NULL && out->id == NULL)
		*why = "topup_daily_limit";
	return p;
}

static bool
is_automatic_top_up(const struct payment *payment)
{
	return payment->credits && payment->status == PAYMENT_COMPLETED &&
	    strcmp(payment->executor, "automatic") == 0;
}

/* Is there one already, as payment_begin has it? */
static struct problem *
had_one(const struct courier *courier, struct arena *a,
    const struct payment_order *order, int64_t now, bool *had)
{
	struct payment_list recent, pending;
	struct problem *p;
	size_t i;

	*had = false;
	if ((p = payment_list(courier->db, a, order->account_id,
	    order->alone_since + 1, now, 0, "", true, PAYMENTS_OF_A_DAY,
	    &recent)) != NULL ||
	    (p = payment_pending_list(courier->db, a, order->account_id,
	    now + 1, PAYMENTS_OF_A_DAY, &pending)) != NULL)
		return p;
	for (i = 0; i < recent.count; i++)
		*had = *had || is_automatic_top_up(&recent.payments[i]);
	for (i = 0; i < pending.count; i++)
		*had = *had || pending.payments[i].credits;
	return NULL;
}

struct problem *
payment_top_up_is_due(const struct courier *courier, struct arena *a,
    const char *account_id, int64_t now, bool *due)
{
	struct payment_order order;
	struct problem *p;
	const char *why;
	bool had;

	*due = false;
	p = order_top_up(courier, a, account_id, now, &order, &why);
	if (p != NULL || why != NULL ||
	    (p = had_one(courier, a, &order, now, &had)) != NULL)
		return p;
	*due = !had;
	return NULL;
}
