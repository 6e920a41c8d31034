/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bookkeepers: their identity, requests to them and their answers, whatever the
 * transport. A reading and writing end. Pure.
 */
#ifndef REEVE_BILLING_BOOKKEEPER_H
#define REEVE_BILLING_BOOKKEEPER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/money.h"

struct json_object;

/* ---- identity ---- */

/* A bookkeeper charges accounts; each has its own invoice. */
struct bookkeeper {
	const char *id;
	const char *type;
	const char *vendor_id;
};

#define BOOKKEEPER_ID_DEFAULT "default_bookkeeper"
#define BOOKKEEPER_TYPE_DEFAULT "default" /* moves no money */

/* Decided by the type in the plan; a bookkeeper without a type moves money. */
bool bookkeeper_moves_money(const struct bookkeeper *bookkeeper);

/* By id, type, vendor. */
int bookkeeper_compare(const struct bookkeeper *a, const struct bookkeeper *b);

/* {"id","type","vendor_id"}; the caller owns it. */
struct json_object *bookkeeper_json(const struct bookkeeper *b);

enum bookkeeper_form {
	BOOKKEEPER_2015,  /* items by category; bodies of answers are ignored */
	BOOKKEEPER_UPDATE /* named messages */
};

/* A document of the kind bookkeepers. */
struct bookkeeper_document {
	bool moves_nothing; /* of the type default */
	bool enabled;
	const char *url;
	enum bookkeeper_form form;
	const char *secret;        /* NULL: nothing is signed */
	const char *authorization; /* NULL: none */
	int64_t timeout_ms;        /* 0: not set */
	bool idempotent;           /* it says that one delivery id moves money
	                              once */
};

/* Borrows document's strings. False: it cannot be sent anything, *why says
 * why. */
bool bookkeeper_read(struct json_object *document,
    struct bookkeeper_document *out, const char **why) MUSTCHECK;

/* ---- requests ---- */

enum bookkeeper_message {
	BOOKKEEPER_SAYS_UPDATE,   /* an invoice has changed */
	BOOKKEEPER_SAYS_STANDING, /* may this amount be charged? */
	BOOKKEEPER_SAYS_SALE,     /* charge an amount now */
	BOOKKEEPER_SAYS_REFUND,   /* pay an amount back */
	BOOKKEEPER_SAYS_COLLECT,  /* collect recurring charges */
	BOOKKEEPER_SAYS_REMIND    /* an amount will be due */
};

struct bookkeeper_request {
	enum bookkeeper_message message;
	const char *delivery_id; /* the same in every repetition */
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
	int64_t sent;               /* REMIND: its moment, Gregorian seconds */
};

/* "update", "standing"... */
const char *bookkeeper_message_name(enum bookkeeper_message message);

/* False: no message has this name. */
bool bookkeeper_message_named(const char *name, enum bookkeeper_message *out)
    MUSTCHECK;

/* True if a form has a message. That of 2015 has only updates. */
bool bookkeeper_form_has(enum bookkeeper_form form,
    enum bookkeeper_message message);

/* ---- answers ---- */

#define BOOKKEEPER_STATUS_OWES 402 /* of HTTP */

enum bookkeeper_verdict {
	BOOKKEEPER_DONE,       /* done, or in good standing */
	BOOKKEEPER_DELINQUENT, /* 402: the account owes */
	BOOKKEEPER_DECLINED,   /* the bookkeeper refused */
	BOOKKEEPER_AGAIN,      /* not delivered: try again */
	BOOKKEEPER_BROKEN_OFF  /* Reeve ended the attempt */
};

struct bookkeeper_answer {
	enum bookkeeper_verdict verdict;
	int64_t status;      /* of HTTP; 0: there was no answer */
	const char *reason;  /* a word, such as "timeout"; NULL: none */
	const char *message; /* for people; NULL: none */
	struct json_object *details; /* the arena's; NULL: none */
	bool unheard; /* the request certainly reached nobody */
};

/* The answer as audit entries store it: JSON, a list of one. */
const char *bookkeeper_results(struct arena *a,
    const struct bookkeeper_answer *answer);

#endif
