/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Payments (rules/bookkeepers 8): sales and refunds that a bookkeeper is asked
 * for, and what is credited or debited by hand. One that is pending may have
 * moved money or not; it is settled once.
 */
#ifndef REEVE_STORE_PAYMENTS_H
#define REEVE_STORE_PAYMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/money.h"
#include "base/page_query.h"
#include "billing/bookkeeper.h"
#include "store/db.h"

enum payment_type {
	PAYMENT_SALE,
	PAYMENT_REFUND,
	PAYMENT_CREDIT,
	PAYMENT_DEBIT
};

enum payment_status { PAYMENT_PENDING, PAYMENT_COMPLETED, PAYMENT_FAILED };

struct payment {
	const char *account_id;
	const char *id; /* YYYYMM-hex */
	enum payment_type type;
	enum payment_status status;
	money_t amount;   /* above 0 */
	int64_t created;  /* Gregorian seconds */
	const char *executor; /* "manual", "automatic"... */
	bool credits;     /* a top-up: it is credited when it completes */
	struct bookkeeper bookkeeper; /* members NULL: none was asked */
	const char *reason;  /* of the answer; NULL: none */
	const char *message; /* for people; NULL: none */
	struct json_object *details; /* NULL: none */
	struct json_object *document; /* description, metadata, audit... */
};

/* "sale"... and "pending"... */
const char *payment_type_name(enum payment_type type);
const char *payment_status_name(enum payment_status status);

/* The terms of recording a payment. */
struct payment_terms {
	const char *request_key; /* one payment per key; NULL: no key */
	int64_t alone_since;     /* not if an automatic top-up since then
	                            succeeded, or any is pending; 0: in any
	                            case */
	bool apart;              /* beside pending top-ups of other amounts */
};

/*
 * Records a payment, pending or completed at once. A request_key has one
 * payment, and an account has one pending top-up without a key, or one of each
 * amount: *out is the new payment or the one found. *out is NULL and nothing is
 * recorded where alone_since forbids it. Problems: BAD_IDENTIFIER (account).
 */
struct problem *store_payment_begin(struct db *db, struct arena *a,
    const struct payment *payment, const struct payment_terms *terms,
    struct payment **out) MUSTCHECK;

/*
 * The sum that a vendor's bookkeepers were paid by an account, less what they
 * have refunded or may have. It is exact while store_payment_begin's transaction is open.
 */
struct problem *store_payment_refundable(struct db *db, struct arena *a,
    const char *account_id, const char *vendor_id, money_t *out) MUSTCHECK;

/* lock: until the transaction ends. *out is NULL when there is none. */
struct problem *store_payment_show(struct db *db, struct arena *a,
    const char *account_id, const char *id, bool lock, struct payment **out)
    MUSTCHECK;

/* The answer to a bid for the turn to ask the bookkeeper for a payment. */
enum payment_turn {
	PAYMENT_TURN_TAKEN, /* the bidder has it */
	PAYMENT_TURN_BUSY,  /* another caller has it */
	PAYMENT_TURN_OVER   /* asked while the bidder waited, or settled */
};

/* A bid for the turn. */
struct payment_bid {
	const char *account_id;
	const char *id;
	bool waited; /* for another caller's turn */
	int64_t now; /* Gregorian seconds */
	int64_t until; /* when the turn ends, unless it is settled before */
};

/* Takes the turn for a pending payment. *first: nobody can have asked
 * before. */
struct problem *store_payment_turn(struct db *db, struct arena *a,
    const struct payment_bid *bid, enum payment_turn *turn, bool *first)
    MUSTCHECK;

/* Records status, reason, message and details of *payment, which the caller has
 * locked and which is not completed. Ends the turn. */
struct problem *store_payment_settle(struct db *db, struct arena *a,
    const struct payment *payment, int64_t now) MUSTCHECK;

struct payment_list {
	size_t count;
	struct payment *payments;
};

/* An account's payments by the moment they were created, and id. */
struct problem *store_payment_list(struct db *db, struct arena *a,
    const char *account_id, const struct page_query *query,
    struct payment_list *out) MUSTCHECK;

/* A pending payment among those of several accounts. */
struct hanging_payment {
	struct payment payment;
	const char *account_name;
};

struct hanging_payments {
	size_t count;
	struct hanging_payment *payments;
};

/* The pending payments of an account, or of it and all below it, by the moment
 * they were created, and id. */
struct problem *store_payment_hanging_list(struct db *db, struct arena *a,
    const char *account_id, bool below, const struct page_query *query,
    struct hanging_payments *out) MUSTCHECK;

/* Up to limit payments of an account that are pending since before a moment. */
struct problem *store_payment_pending_list(struct db *db, struct arena *a,
    const char *account_id, int64_t before, int64_t limit, struct payment_list *out) MUSTCHECK;

#endif
