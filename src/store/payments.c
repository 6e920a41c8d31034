/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/payments.h"

static const char *const type_names[] = {
	[PAYMENT_SALE] = "sale", [PAYMENT_REFUND] = "refund",
	[PAYMENT_CREDIT] = "credit", [PAYMENT_DEBIT] = "debit",
};

static const char *const status_names[] = {
	[PAYMENT_PENDING] = "pending", [PAYMENT_COMPLETED] = "completed",
	[PAYMENT_FAILED] = "failed",
};

const char *
payment_type_name(enum payment_type type)
{
	return type_names[type];
}

const char *
payment_status_name(enum payment_status status)
{
	return status_names[status];
}

static const struct field payment_columns[] = {
	FIELD(TEXT, struct payment, account_id),
	FIELD(TEXT, struct payment, id),
	FIELD_WORD("type", struct payment, type, type_names),
	FIELD_WORD("status", struct payment, status, status_names),
	FIELD(MONEY, struct payment, amount),
	FIELD(INTEGER, struct payment, created),
	FIELD(TEXT, struct payment, executor),
	FIELD(BOOL, struct payment, credits),
	FIELD_AS("bookkeeper_id", TEXT, struct payment, bookkeeper.id),
	FIELD_AS("bookkeeper_type", TEXT, struct payment, bookkeeper.type),
	FIELD_AS("vendor_id", TEXT, struct payment, bookkeeper.vendor_id),
	FIELD(TEXT, struct payment, reason),
	FIELD(TEXT, struct payment, message),
	FIELD(JSON, struct payment, details),
	FIELD(JSON, struct payment, document),
};

/* ---- beginning ---- */

struct new_payment {
	struct payment payment;
	struct payment_terms terms;
};

static const struct field new_parameters[] = {
	FIELD_AS("account", TEXT, struct new_payment, payment.account_id),
	FIELD_AS("id", TEXT, struct new_payment, payment.id),
	FIELD_WORD("type", struct new_payment, payment.type, type_names),
	FIELD_WORD("status", struct new_payment, payment.status,
	    status_names),
	FIELD_AS("amount", MONEY, struct new_payment, payment.amount),
	FIELD_AS("created", INTEGER, struct new_payment, payment.created),
	FIELD_AS("key", TEXT, struct new_payment, terms.request_key),
	FIELD_AS("executor", TEXT, struct new_payment, payment.executor),
	FIELD_AS("credits", BOOL, struct new_payment, payment.credits),
	FIELD_AS("bookkeeper", TEXT, struct new_payment, payment.bookkeeper.id),
	FIELD_AS("bookkeeper_type", TEXT, struct new_payment,
	    payment.bookkeeper.type),
	FIELD_AS("vendor", TEXT, struct new_payment,
	    payment.bookkeeper.vendor_id),
	FIELD_AS("document", JSON, struct new_payment, payment.document),
	FIELD_AS("alone_since", NONZERO, struct new_payment,
	    terms.alone_since),
	FIELD_AS("apart", BOOL, struct new_payment, terms.apart),
};

static const struct db_procedure payment_begin_call = {
	PROCEDURE(PAYMENT_BEGIN, "payment_begin", WRITE),
	TAKES(new_parameters),
	GIVES(struct payment, payment_columns),
};

struct problem *
store_payment_begin(struct db *db, struct arena *a,
    const struct payment *payment, const struct payment_terms *terms,
    struct payment **out)
{
	const struct new_payment new = { *payment, *terms };
	struct db_result found;
	struct problem *p = db_call(db, a, &payment_begin_call, &new, &found);

	*out = p == NULL ? db_first(&found) : NULL;
	return p;
}

/* ---- refunds ---- */

struct refund_query {
	const char *account_id;
	const char *vendor_id;
};

static const struct field refund_parameters[] = {
	FIELD_AS("account", TEXT, struct refund_query, account_id),
	FIELD_AS("vendor", TEXT, struct refund_query, vendor_id),
};

struct refundable {
	money_t amount;
};

static const struct field refundable_columns[] = {
	FIELD(MONEY, struct refundable, amount),
};

static const struct db_procedure payment_refundable_call = {
	PROCEDURE(PAYMENT_REFUNDABLE, "payment_refundable", READ),
	TAKES(refund_parameters),
	GIVES(struct refundable, refundable_columns),
};

struct problem *
store_payment_refundable(struct db *db, struct arena *a, const char *account_id,
    const char *vendor_id, money_t *out)
{
	const struct refund_query query = { account_id, vendor_id };
	struct refundable row = { 0 };
	struct problem *p;

	p = db_call_for_row(db, a, &payment_refundable_call, &query, &row);
	*out = row.amount;
	return p;
}

/* ---- one ---- */

struct payment_lookup {
	const char *account_id;
	const char *id;
	bool lock;
};

static const struct field look_parameters[] = {
	FIELD_AS("account", TEXT, struct payment_lookup, account_id),
	FIELD(TEXT, struct payment_lookup, id),
	FIELD(BOOL, struct payment_lookup, lock),
};

static const struct db_procedure payment_show_call = {
	PROCEDURE(PAYMENT_SHOW, "payment_show", READ),
	TAKES(look_parameters),
	GIVES(struct payment, payment_columns),
};

struct problem *
store_payment_show(struct db *db, struct arena *a, const char *account_id,
    const char *id, bool lock, struct payment **out)
{
	const struct payment_lookup look = { account_id, id, lock };
	struct db_result found;
	struct problem *p = db_call(db, a, &payment_show_call, &look, &found);

	*out = p == NULL ? db_first(&found) : NULL;
	return p;
}

/* ---- the turn ---- */

static const char *const turn_names[] = {
	[PAYMENT_TURN_TAKEN] = "taken",
	[PAYMENT_TURN_BUSY] = "busy",
	[PAYMENT_TURN_OVER] = "over",
};

static const struct field bid_parameters[] = {
	FIELD_AS("account", TEXT, struct payment_bid, account_id),
	FIELD(TEXT, struct payment_bid, id),
	FIELD(BOOL, struct payment_bid, waited),
	FIELD(INTEGER, struct payment_bid, now),
	FIELD(INTEGER, struct payment_bid, until),
};

struct bid_result {
	enum payment_turn turn;
	bool asked;
};

static const struct field bid_columns[] = {
	FIELD_WORD("turn", struct bid_result, turn, turn_names),
	FIELD(BOOL, struct bid_result, asked),
};

static const struct db_procedure payment_turn_call = {
	PROCEDURE(PAYMENT_TURN, "payment_turn", WRITE),
	TAKES(bid_parameters),
	GIVES(struct bid_result, bid_columns),
};

struct problem *
store_payment_turn(struct db *db, struct arena *a,
    const struct payment_bid *bid, enum payment_turn *turn, bool *first)
{
	struct bid_result result;
	struct problem *p;

	p = db_call_for_row(db, a, &payment_turn_call, bid, &result);
	if (p != NULL)
		return p;
	*turn = result.turn;
	*first = !result.asked;
	return NULL;
}

/* ---- settling ---- */

struct settlement {
	struct payment payment;
	int64_t now;
};

static const struct field settlement_parameters[] = {
	FIELD_AS("account", TEXT, struct settlement, payment.account_id),
	FIELD_AS("id", TEXT, struct settlement, payment.id),
	FIELD_WORD("status", struct settlement, payment.status,
	    status_names),
	FIELD_AS("reason", TEXT, struct settlement, payment.reason),
	FIELD_AS("message", TEXT, struct settlement, payment.message),
	FIELD_AS("details", JSON, struct settlement, payment.details),
	FIELD(INTEGER, struct settlement, now),
};

static const struct db_procedure payment_settle_call = {
	PROCEDURE(PAYMENT_SETTLE, "payment_settle", WRITE),
	TAKES(settlement_parameters),
};

struct problem *
store_payment_settle(
    struct db *db, struct arena *a, const struct payment *payment, int64_t now)
{
	const struct settlement settlement = { *payment, now };

	return db_call(db, a, &payment_settle_call, &settlement, NULL);
}

/* ---- many ---- */

struct payment_page {
	const char *account_id;
	struct page_query query;
};

static const struct field page_parameters[] = {
	FIELD_AS("account", TEXT, struct payment_page, account_id),
	FIELD_AS("from", INTEGER, struct payment_page, query.from),
	FIELD_AS("to", INTEGER, struct payment_page, query.to),
	FIELD_AS("at_created", INTEGER, struct payment_page,
	    query.start.created),
	FIELD_AS("at_id", TEXT, struct payment_page, query.start.id),
	FIELD_AS("ascending", BOOL, struct payment_page, query.ascending),
	FIELD_AS("limit", INTEGER, struct payment_page, query.limit),
};

static const struct db_procedure payment_list_call = {
	PROCEDURE(PAYMENT_LIST, "payment_list", READ),
	TAKES(page_parameters),
	GIVES(struct payment, payment_columns),
};

struct problem *
store_payment_list(struct db *db, struct arena *a, const char *account_id,
    const struct page_query *query, struct payment_list *out)
{
	const struct payment_page page = { account_id, *query };
	struct db_result found;
	struct problem *p = db_call(db, a, &payment_list_call, &page, &found);

	*out = (struct payment_list){ found.count, found.rows };
	return p;
}

struct pending_query {
	const char *account_id;
	int64_t before;
	int64_t limit;
};

static const struct field pending_parameters[] = {
	FIELD_AS("account", TEXT, struct pending_query, account_id),
	FIELD(INTEGER, struct pending_query, before),
	FIELD(INTEGER, struct pending_query, limit),
};

static const struct db_procedure payment_pending_list_call = {
	PROCEDURE(PAYMENT_PENDING_LIST, "payment_pending_list", READ),
	TAKES(pending_parameters),
	GIVES(struct payment, payment_columns),
};

struct problem *
store_payment_pending_list(struct db *db, struct arena *a,
    const char *account_id, int64_t before, int64_t limit,
    struct payment_list *out)
{
	const struct pending_query query = { account_id, before, limit };
	struct db_result found;
	struct problem *p;

	p = db_call(db, a, &payment_pending_list_call, &query, &found);
	*out = (struct payment_list){ found.count, found.rows };
	return p;
}

/* ---- of many accounts ---- */

struct hanging_page {
	const char *top;
	bool below;
	struct page_query query;
};

static const struct field hanging_parameters[] = {
	FIELD(TEXT, struct hanging_page, top),
	FIELD(BOOL, struct hanging_page, below),
	FIELD_AS("from", INTEGER, struct hanging_page, query.from),
	FIELD_AS("to", INTEGER, struct hanging_page, query.to),
	FIELD_AS("at_created", INTEGER, struct hanging_page,
	    query.start.created),
	FIELD_AS("at_id", TEXT, struct hanging_page, query.start.id),
	FIELD_AS("ascending", BOOL, struct hanging_page, query.ascending),
	FIELD_AS("limit", INTEGER, struct hanging_page, query.limit),
};

static const struct field hanging_columns[] = {
	FIELD_AS("account_id", TEXT, struct hanging_payment,
	    payment.account_id),
	FIELD_AS("id", TEXT, struct hanging_payment, payment.id),
	FIELD_WORD("type", struct hanging_payment, payment.type, type_names),
	FIELD_WORD("status", struct hanging_payment,
	    payment.status, status_names),
	FIELD_AS("amount", MONEY, struct hanging_payment, payment.amount),
	FIELD_AS("created", INTEGER, struct hanging_payment, payment.created),
	FIELD_AS("executor", TEXT, struct hanging_payment, payment.executor),
	FIELD_AS("credits", BOOL, struct hanging_payment, payment.credits),
	FIELD_AS("bookkeeper_id", TEXT, struct hanging_payment,
	    payment.bookkeeper.id),
	FIELD_AS("bookkeeper_type", TEXT, struct hanging_payment,
	    payment.bookkeeper.type),
	FIELD_AS("vendor_id", TEXT, struct hanging_payment,
	    payment.bookkeeper.vendor_id),
	FIELD_AS("reason", TEXT, struct hanging_payment, payment.reason),
	FIELD_AS("message", TEXT, struct hanging_payment, payment.message),
	FIELD_AS("details", JSON, struct hanging_payment, payment.details),
	FIELD_AS("document", JSON, struct hanging_payment, payment.document),
	FIELD(TEXT, struct hanging_payment, account_name),
};

static const struct db_procedure payment_hanging_list_call = {
	PROCEDURE(PAYMENT_HANGING_LIST, "payment_hanging_list", READ),
	TAKES(hanging_parameters),
	GIVES(struct hanging_payment, hanging_columns),
};

struct problem *
store_payment_hanging_list(struct db *db, struct arena *a,
    const char *account_id, bool below, const struct page_query *query,
    struct hanging_payments *out)
{
	const struct hanging_page page = { account_id, below, *query };
	struct db_result found;
	struct problem *p;

	p = db_call(db, a, &payment_hanging_list_call, &page, &found);
	*out = (struct hanging_payments){ found.count, found.rows };
	return p;
}
