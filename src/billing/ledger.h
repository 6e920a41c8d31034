/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ledger entries: reads them from bodies, detects repeated ones and shows
 * them. A reading and writing end. Pure.
 */
#ifndef REEVE_BILLING_LEDGER_H
#define REEVE_BILLING_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ids.h"
#include "base/money.h"
#include "base/problem.h"

struct json_object;

#define LEDGER_DEDUPE_SIZE (ID_LENGTH + 1)

struct ledger {
	const char *account_id;
	const char *id;
	bool debit;
	const char *service;
	const char *source_id; /* NULL only in what is imported */
	money_t amount;        /* never negative */
	bool rounded;          /* the amount given had more than six decimals */
	const char *usage_type; /* may be NULL */
	bool has_usage;
	int64_t usage_quantity;
	const char *usage_unit; /* may be NULL */
	int64_t period_start;   /* Gregorian seconds, 0: none */
	int64_t period_end;
	int64_t created;
	int64_t recorded;
	const char *for_id;   /* the account it arose for; NULL: the account */
	const char *for_name; /* may be NULL */
	const char *document; /* canonical JSON of the public fields; the amount
	                         is not among them */
};

/* The other members of an entry's document. Each may be NULL. */
struct ledger_note {
	const char *description;
	struct json_object *metadata;
	const char *trigger; /* of the executor */
	const char *module;
	struct json_object *audit; /* its author */
};

/* {"automatic_description": true}, metadata of what nobody described by hand;
 * the arena's. */
struct json_object *ledger_automatic_metadata(struct arena *a);

/*
 * The digest that repeated entries share, in hex: of the source, the account it
 * arose for and the period (rules/ledgers 3). The same as in
 * sql/schema/0008-money.sql.
 */
void ledger_dedupe(const struct ledger *ledger, char dedupe[LEDGER_DEDUPE_SIZE]);

/* Fills in id and document of an entry that is otherwise complete; the
 * arena's. */
void ledger_complete(struct arena *a, struct ledger *ledger,
    const struct ledger_note *note);

/* Copies the texts of an entry, which are lent, to an arena. */
void ledger_copy_texts(struct arena *a, struct ledger *ledger);

/*
 * Reads a credit or a debit of an account from a body that fits the schema
 * "ledgers". account_id, for_name, debit and created are set already; without a
 * period it has begun now. Problems: VALIDATION.
 */
struct problem *ledger_read(struct arena *a, struct json_object *body,
    struct ledger *ledger, struct ledger_note *note) MUSTCHECK;

/*
 * Reads one of a batch of usage (schema "usage"), a debit on the day on which
 * it began; created is now and becomes that moment. The amount is rounded half
 * to even. place: in front of the
 * fields named in problems. Problems: VALIDATION.
 */
struct problem *ledger_read_usage(struct arena *a, struct json_object *body,
    const char *place, struct ledger *ledger, struct ledger_note *note)
    MUSTCHECK;

/* An entry as it was stored. */
struct ledger_entry {
	const char *id;
	const char *service;
	bool debit;
	money_t amount;
	bool has_available;
	money_t available; /* the balance before it */
	int64_t created;
	struct json_object *document;
	const char *text; /* of lists: the document as it is stored, of which no
	                     tree was made; else NULL */
};

/* As clients see it: debits negative, with a period; the arena's. */
struct json_object *ledger_entry_json(struct arena *a,
    const struct ledger_entry *entry);

/* The same as JSON text, made of the stored text; the arena's. */
const char *ledger_entry_text(struct arena *a,
    const struct ledger_entry *entry);

/* As it can be imported again: without default values. */
struct json_object *ledger_entry_document(struct arena *a,
    const struct ledger_entry *entry);

#endif
