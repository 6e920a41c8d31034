/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bookkeepers: who charges, what a bookkeeper is asked and what its answers
 * mean, however they travel. A reading and writing end. Pure.
 */
#ifndef REEVE_BILLING_BOOKKEEPER_H
#define REEVE_BILLING_BOOKKEEPER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/money.h"

struct json_object;

/* ---- who it is ---- */

/* Who charges: one invoice for each. */
struct bookkeeper {
	const char *id;
	const char *type;
	const char *vendor_id;
};

#define BOOKKEEPER_ID_DEFAULT "default_bookkeeper"
#define BOOKKEEPER_TYPE_DEFAULT "default" /* moves no money */

/* By its type, as the plan has it; one without a type moves money. */
bool bookkeeper_moves_money(const struct bookkeeper *bookkeeper);

/* By id, type, vendor. */
int bookkeeper_compare(const struct bookkeeper *a, const struct bookkeeper *b);

/* {"id","type","vendor_id"}; the caller owns it. */
struct json_object *bookkeeper_json(const struct bookkeeper *b);

enum bookkeeper_form {
	BOOKKEEPER_2015,  /* items by category; the body of answers is nothing */
	BOOKKEEPER_UPDATE /* messages, each with its name */
};

/* A document of the kind bookkeepers. */
struct bookkeeper_document {
	bool moves_nothing; /* of the type default */
	bool enabled;
	const char *url;
	enum bookkeeper_form form;
	const char *secret;        /* NULL: nothing is signed */
	const char *authorization; /* NULL: none */
	int64_t timeout_ms;        /* 0: not said */
};

/* Borrows document's strings. False: *why it cannot be told anything. */
bool bookkeeper_read(struct json_object *document,
    struct bookkeeper_document *out, const char **why) MUSTCHECK;

/* ---- what it is told ---- */

enum bookkeeper_message {
	BOOKKEEPER_SAYS_UPDATE,   /* an invoice is now so */
	BOOKKEEPER_SAYS_STANDING, /* may so much be charged? */
	BOOKKEEPER_SAYS_SALE,     /* charge so much, now */
	BOOKKEEPER_SAYS_REFUND,   /* give so much back */
	BOOKKEEPER_SAYS_COLLECT,  /* collect what recurs */
	BOOKKEEPER_SAYS_REMIND    /* so much will be due */
};

struct bookkeeper_request {
	enum bookkeeper_message message;
	const char *delivery_id; /* the same whenever it is repeated */
	const char *account_id;
	struct bookkeeper bookkeeper;
	/* UPDATE: the audit document, with "invoice", and beside it the terms of
	 * billing/earlier_line.h; STANDING, REMIND: lines. */
	struct json_object *document;
	/* STANDING: estimated withdrawal; SALE, REFUND. */
	money_t amount;
	const char *transaction_id; /* SALE, REFUND */
	const char *transaction_db; /* SALE, REFUND: the month, "YYYYMM" */
	int64_t due;                /* COLLECT, REMIND: Gregorian seconds */
	int64_t told;               /* REMIND: when it was, Gregorian seconds */
};

/* "update", "standing"... */
const char *bookkeeper_message_name(enum bookkeeper_message message);

/* False: *out is none of the names. */
bool bookkeeper_message_named(const char *name, enum bookkeeper_message *out)
    MUSTCHECK;

/* Can it be said in that form? That of 2015 has only updates. */
bool bookkeeper_form_has(enum bookkeeper_form form,
    enum bookkeeper_message message);

/* ---- what it answers ---- */

#define BOOKKEEPER_STATUS_OWES 402 /* of HTTP */

enum bookkeeper_verdict {
	BOOKKEEPER_DONE,       /* it is done, or all is well */
	BOOKKEEPER_DELINQUENT, /* 402: the account owes */
	BOOKKEEPER_DECLINED,   /* it heard, and says no */
	BOOKKEEPER_AGAIN,      /* it could not be told: try again */
	BOOKKEEPER_BROKEN_OFF  /* by us */
};

struct bookkeeper_answer {
	enum bookkeeper_verdict verdict;
	int64_t status;      /* of HTTP; 0: there was no answer */
	const char *reason;  /* a word, such as "timeout"; NULL: none */
	const char *message; /* for people; NULL: none */
	struct json_object *details; /* the arena's; NULL: none */
	bool unheard; /* nobody has heard the question, for certain */
};

/* What an audit entry keeps of it: JSON, a list of one. */
const char *bookkeeper_results(struct arena *a,
    const struct bookkeeper_answer *answer);

#endif
