/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/payment.h"

#include <string.h>

#include "base/gregorian.h"
#include "base/json.h"
#include "service/event.h"
#include "store/ledgers.h"

/* "YYYYMM-hex": the part after the month is its id at the bookkeeper. */
#define MONTH_LENGTH 6

#define QUIET_S 60  /* a process may still wait for it */
#define AT_ONCE 100 /* of one account */

/* ---- documents ---- */

static struct json_object *
build_document(struct arena *a, const struct payment_order *order)
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
		json_object_object_add(json, "metadata",
		    json_object_get(ledger_automatic_metadata(a)));
	else if (order->metadata != NULL)
		json_object_object_add(json, "metadata",
		    json_object_get(order->metadata));
	if (order->audit != NULL)
		json_object_object_add(json, "audit",
		    json_object_get(order->audit));
	return json;
}

/* Amount and moment tell people which payment is meant. */
static const char *
describe_pending(struct arena *a, const struct payment *payment)
{
	char amount[MONEY_TEXT_SIZE], created[GREGORIAN_ISO_SIZE];

	money_format(payment->amount, amount);
	gregorian_iso8601(payment->created, created);
	return arena_printf(a, "The payment of %s of %.10s %.5s UTC is not "
	    "confirmed yet.", amount, created, created + strlen("YYYY-MM-DDT"));
}

/* Clients show it. What a transport said of a payment that may have been made
 * would read as a failure, and its payer would pay elsewhere. */
static const char *
describe(struct arena *a, const struct payment *payment)
{
	switch (payment->status) {
	case PAYMENT_PENDING:
		/* Nothing was heard of it: it may be made at this moment. */
		if (payment->reason == NULL && payment->message == NULL)
			return arena_printf(a, "%s It is being made: look at "
			    "the balance before you pay again.",
			    describe_pending(a, payment));
		return arena_printf(a, "%s It is being looked into%s.",
		    describe_pending(a, payment), payment->credits ?
		    "; until then, the same top-up can be sent again and is "
		    "not paid twice" : "");
	case PAYMENT_FAILED:
		return payment->message != NULL ? payment->message :
		    "The payment was declined.";
	default:
		return payment->message != NULL ? payment->message : "";
	}
}

/* {"type","vendor_id","results"} and, at its top, members for lists. */
static struct json_object *
build_bookkeeper(const struct payment *payment, const char *message)
{
	struct json_object *json = json_object_new_object();
	struct json_object *results = json_object_new_object();
	const char *status = payment->status == PAYMENT_COMPLETED ? "success" :
	    payment->status == PAYMENT_FAILED ? "error" : "pending";

	json_put_string(json, "id", payment->bookkeeper.id);
	json_put_string(json, "type", payment->bookkeeper.type);
	json_put_string(json, "vendor_id", payment->bookkeeper.vendor_id);
	json_put_string(json, "status", status);
	json_put_string(json, "reason", payment->reason);
	json_put_string(json, "message", message);
	json_put_string(results, "status", status);
	json_put_string(results, "reason", payment->reason);
	json_put_string(results, "message", message);
	if (payment->status == PAYMENT_PENDING)
		json_put_string(results, "cause", payment->message);
	if (payment->details != NULL)
		json_object_object_add(results, "details",
		    json_object_get(payment->details));
	json_object_object_add(json, "results", results);
	return json;
}

static bool
is_negative(enum payment_type type)
{
	return type == PAYMENT_REFUND || type == PAYMENT_DEBIT;
}

static struct json_object *
payment_json(struct arena *a, const struct payment *payment,
    const char *message)
{
	struct json_object *json = json_own(a, json_public_copy(
	    payment->document));

	json_put_string(json, "id", payment->id);
	json_put_string(json, "type", payment_type_name(payment->type));
	json_put_string(json, "status", payment_status_name(payment->status));
	json_put_money(json, "amount", is_negative(payment->type) ?
	    -payment->amount : payment->amount);
	json_put_int(json, "created", payment->created);
	if (payment->bookkeeper.type != NULL)
		json_object_object_add(json, "bookkeeper",
		    build_bookkeeper(payment, message));
	return json;
}

struct json_object *
pay_json(struct arena *a, const struct payment *payment)
{
	return payment_json(a, payment, describe(a, payment));
}

/* ---- begin ---- */

struct payment_start {
	const struct payment *wanted;
	const struct payment_order *order;
	struct payment *noted; /* NULL: refused */
};

/* Refuses a refund, noted by now, beyond what was paid and not refunded. */
static struct problem *
check_refund(struct db *db, struct arena *a, const struct payment *refund)
{
	char rest[MONEY_TEXT_SIZE];
	money_t left;
	struct problem *p;

	p = store_payment_refundable(db, a, refund->account_id,
	    refund->bookkeeper.vendor_id, &left);
	if (p != NULL || left >= 0)
		return p;
	left += refund->amount;
	money_format(left > 0 ? left : 0, rest);
	return problem_invalid(a, "amount", "maximum", "%s is left to refund of "
	    "what was paid", rest);
}

static struct problem *
begin(struct db *db, struct arena *a, void *state)
{
	struct payment_start *b = state;
	struct problem *p;

	p = store_payment_begin(db, a, b->wanted, &b->order->terms, &b->noted);
	return p != NULL || b->wanted->type != PAYMENT_REFUND ||
	    strcmp(b->noted->id, b->wanted->id) != 0 ? p :
	    check_refund(db, a, b->noted);
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

/* Clients show the message of a payment's bookkeeper. */
static struct problem *
refuse_beside(struct arena *a, const struct payment *pending)
{
	const char *message = arena_printf(a, "%s Another amount can be paid "
	    "in when that is known.", describe_pending(a, pending));
	struct problem *p = problem_text(a, PROBLEM_PAYMENT, "%s", message);

	p->name = "payment_pending";
	p->cause = "another top-up is pending";
	p->data = payment_json(a, pending, message);
	return p;
}

struct problem *
pay_begin(struct db *db, struct arena *a, const struct payment_order *order,
    int64_t now, struct payment *out)
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
		.document = build_document(a, order),
	};
	struct payment_start beginning = { &wanted, order, NULL };
	struct problem *p;

	*out = (struct payment){ 0 };
	id_new_in_month(now, id);
	p = db_transaction(db, a, begin, &beginning);
	if (p != NULL || beginning.noted == NULL)
		return p;
	*out = *beginning.noted;
	if (is_same_order(out, &wanted))
		return NULL;
	return order->terms.request_key != NULL ?
	    problem_new(a, PROBLEM_KEY_REUSED) : refuse_beside(a, out);
}

/* ---- request ---- */

struct bookkeeper_request
pay_build_request(struct arena *a, const struct payment *payment)
{
	return (struct bookkeeper_request){
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
}

/* The outcome of another process's request. */
static struct problem *
reread(struct db *db, struct arena *a, struct payment *payment)
{
	struct payment *stored;
	struct problem *p = store_payment_show(db, a, payment->account_id,
	    payment->id, false, &stored);

	if (p == NULL && stored == NULL)
		p = problem_fault(a, "payment %s is gone", payment->id);
	if (p == NULL)
		*payment = *stored;
	return p;
}

struct problem *
pay_take_turn(struct db *db, struct arena *a, struct payment *payment,
    struct pay_turn *turn, int64_t now)
{
	const struct payment_bid bid = {
		.account_id = payment->account_id,
		.id = payment->id,
		.waited = turn->waited,
		.now = now,
		.until = now + turn->length_s,
	};
	struct problem *p = store_payment_turn(db, a, &bid, &turn->outcome,
	    &turn->first);

	if (p != NULL || turn->outcome == PAYMENT_TURN_TAKEN)
		return p;
	turn->waited = true;
	return turn->outcome == PAYMENT_TURN_BUSY ? NULL :
	    reread(db, a, payment);
}

struct problem *
pay_list_forgotten(struct db *db, struct arena *a, const char *account_id,
    int64_t now, struct payment_list *out)
{
	return store_payment_pending_list(
	    db, a, account_id, now - QUIET_S, AT_ONCE, out);
}

/* ---- credit ---- */

static struct json_object *
credit_metadata(struct arena *a, const struct payment_order *order,
    const char *transaction_id)
{
	struct json_object *json = ledger_automatic_metadata(a);
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
pay_credit(struct db *db, struct arena *a, const struct payment_credit *credit,
    int64_t now, struct json_object **ledger)
{
	const struct payment_order *order = credit->order;
	const struct ledger_note note = {
		.description = order->description,
		.metadata = credit_metadata(a, order, credit->source_id),
		.trigger = order->trigger,
		.module = order->module,
		.audit = order->audit,
	};
	struct ledger entry = {
		.account_id = order->account_id,
		.service = "payments",
		.source_id = credit->source_id,
		.amount = order->amount,
		.has_usage = true,
		.period_start = credit->ordered,
		.created = credit->ordered,
		.for_name = order->account_name,
	};
	struct ledger_entry *written = NULL;
	struct ledger_result result;
	struct problem *p;

	ledger_complete(a, &entry, &note);
	if ((p = store_ledger_add(db, a,
	         &(struct ledger_batch){ NULL, &entry, 1, now }, &result)) !=
	        NULL ||
	    (p = store_ledger_show(
	         db, a, order->account_id, result.id, &written)) != NULL)
		return p;
	if (written == NULL)
		return problem_bad_identifier(a, order->account_id);
	*ledger = ledger_entry_json(a, written);
	return NULL;
}

struct problem *
pay_find_credit(struct db *db, struct arena *a, const struct payment *payment,
    struct json_object **ledger)
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

	*ledger = NULL;
	if (!payment->credits || payment->status != PAYMENT_COMPLETED)
		return NULL;
	ledger_complete(a, &credit, &note);
	p = store_ledger_show(db, a, payment->account_id, credit.id, &entry);
	if (p == NULL && entry != NULL)
		*ledger = ledger_entry_json(a, entry);
	return p;
}

/* ---- settle ---- */

/* True if the request was refused as invalid, not temporarily, and not as a
 * repetition. */
static bool
is_bad_request(int64_t status)
{
	return status >= 400 && status < 500 && status != 408 &&
	    status != 409 && status != 425 && status != 429;
}

/*
 * A first request that was not received, or was invalid, moved no money. After
 * a timeout or an unclear answer money may have moved: only an answer to the
 * same request can tell.
 */
static enum payment_status
derive_status(const struct bookkeeper_answer *answer, bool first)
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

struct settlement {
	struct payment *payment;
	const struct bookkeeper_answer *answer;
	bool first;
	int64_t now;
};

/* The order of a payment, as far as its credit needs it. */
static struct payment_order
rebuild_order(const struct payment *payment)
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

/* Writes outcome and credit in one transaction. */
static struct problem *
settle(struct db *db, struct arena *a, void *state)
{
	const struct settlement *s = state;
	const struct payment_order order = rebuild_order(s->payment);
	struct json_object *ledger;
	struct payment *stored;
	struct problem *p;

	p = store_payment_show(
	    db, a, s->payment->account_id, s->payment->id, true, &stored);
	if (p != NULL || stored == NULL)
		return p != NULL ? p : problem_fault(a, "payment %s is gone",
		    s->payment->id);
	/* A late answer does not change a settled payment, unless it reports
	 * success. */
	if (stored->status == PAYMENT_COMPLETED ||
	    (stored->status == PAYMENT_FAILED &&
	    derive_status(s->answer, s->first) != PAYMENT_COMPLETED)) {
		*s->payment = *stored;
		return NULL;
	}
	stored->status = derive_status(s->answer, s->first);
	stored->reason = s->answer->reason;
	stored->message = s->answer->message;
	stored->details = s->answer->details;
	p = store_payment_settle(db, a, stored, s->now);
	if (p == NULL && stored->credits &&
	    stored->status == PAYMENT_COMPLETED)
		p = pay_credit(db, a, &(struct payment_credit){ &order,
		    stored->id, stored->created }, s->now, &ledger);
	/* A deleted account cannot be credited; the payment is completed. */
	if (p != NULL && p->kind == PROBLEM_BAD_IDENTIFIER)
		p = NULL;
	if (p == NULL && stored->credits && stored->status != PAYMENT_PENDING)
		p = event_tell(db, a, &(struct event){
		    stored->status == PAYMENT_COMPLETED ?
		    EVENT_TOPUP_SUCCEEDED : EVENT_TOPUP_FAILED,
		    stored->account_id, pay_json(a, stored), s->now });
	*s->payment = *stored;
	return p;
}

struct problem *
pay_settle(struct db *db, struct arena *a, struct payment *payment,
    const struct bookkeeper_answer *answer, bool first, int64_t now)
{
	struct settlement settlement = { payment, answer, first, now };

	return db_transaction(db, a, settle, &settlement);
}
