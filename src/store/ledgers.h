/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ledger entries: money and usage, with the balance they add up to
 * (rules/ledgers).
 * An entry is written once: two entries of an account with the same source,
 * period and account they arose for are one.
 */
#ifndef REEVE_STORE_LEDGERS_H
#define REEVE_STORE_LEDGERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/page_query.h"
#include "billing/ledger.h"
#include "billing/ledger_difference.h"
#include "store/db.h"

/* The outcome for an entry. */
enum ledger_outcome {
	LEDGER_WRITTEN,
	LEDGER_KNOWN,  /* the account has it already */
	LEDGER_FOREIGN /* no such account at or below top */
};

struct ledger_result {
	enum ledger_outcome outcome;
	const char *id; /* of the stored entry */
	unsigned differences; /* of LEDGER_KNOWN: what the stored entry says
	                         differently (ledger_differences) */
};

/* Entries that are written together. */
struct ledger_batch {
	const char *top_id; /* only for accounts at or below it, NULL: any */
	const struct ledger *ledgers;
	size_t count;
	int64_t recorded; /* Gregorian seconds */
};

/*
 * Writes entries with their day rows and balances, except known ones, in a
 * transaction of the caller. Of equal entries in the batch the first is
 * written, and the others are compared with it. results: one for each entry.
 */
struct problem *store_ledger_add(struct db *db, struct arena *a,
    const struct ledger_batch *batch, struct ledger_result *results) MUSTCHECK;

/*
 * Writes an entry and, if it has usage, its day row, unless the account has
 * an entry of this id: then *written is false. Problems: BAD_IDENTIFIER
 * (account).
 */
struct problem *store_ledger_import(struct db *db, struct arena *a,
    const struct ledger *ledger, bool *written) MUSTCHECK;

/*
 * Writes the entry that restates the sum of the months before the one of
 * ledger->created and is not counted. *written is false if the month has one.
 * The database computes type and amount.
 */
struct problem *store_ledger_rollover(struct db *db, struct arena *a,
    const struct ledger *ledger, bool *written) MUSTCHECK;

/* *out is NULL when the account has none of this id. */
struct problem *store_ledger_show(struct db *db, struct arena *a,
    const char *account_id, const char *id, struct ledger_entry **out)
    MUSTCHECK;

struct ledger_entries {
	size_t count;
	struct ledger_entry *entries;
};

/* A service's entries by the moment they were created, and id. */
struct problem *store_ledger_list(struct db *db, struct arena *a,
    const char *account_id, const char *service,
    const struct page_query *query, struct ledger_entries *out) MUSTCHECK;

/* An entry among those of all services. */
struct ledger_line {
	struct ledger_entry entry;
	bool counted;    /* false: a rollover, which changes no balance */
	money_t balance; /* after it, in the order of the list */
};

struct ledger_lines {
	size_t count;
	struct ledger_line *lines;
};

/* The entries of a ledger that are asked for. */
struct ledger_query {
	const char *account_id;
	const char *service; /* "": any */
	const char *type;    /* "credit", "debit"; "": both */
};

/* The entries of all services by the moment they were created, and id. The
 * caller reads in a snapshot. */
struct problem *store_ledger_entry_list(struct db *db, struct arena *a,
    const struct ledger_query *of, const struct page_query *query,
    struct ledger_lines *out) MUSTCHECK;

/* A sum of entries. */
struct ledger_total {
	const char *for_id; /* the account they arose for */
	const char *for_name; /* NULL: not known */
	const char *service;
	money_t amount; /* debits negative */
	int64_t usage_quantity;
	const char *usage_type; /* of the first entry with one; NULL: none */
	const char *usage_unit;
};

struct ledger_totals {
	size_t count;
	struct ledger_total *totals; /* by for_id, service */
};

/* Sums up the entries created in [from, to]. */
struct problem *store_ledger_total_list(struct db *db, struct arena *a,
    const char *account_id, int64_t from, int64_t to,
    struct ledger_totals *out) MUSTCHECK;

/* One type of usage in an account's ledger of a service. */
struct ledger_usage_query {
	const char *account_id;
	const char *service;
	const char *type;
	int64_t from; /* Gregorian seconds, both included */
	int64_t to;
};

struct ledger_usage {
	int64_t quantity;
	int64_t entries; /* number of entries in the sum */
};

struct problem *store_ledger_usage_sum(struct db *db, struct arena *a,
    const struct ledger_usage_query *query, struct ledger_usage *out) MUSTCHECK;

/* The balance of an account. */
struct problem *store_ledger_balance(struct db *db, struct arena *a,
    const char *account_id, money_t *out) MUSTCHECK;

/* Corrects the stored balance by what it differs from the sum of the entries,
 * which others may write and correct meanwhile. */
struct problem *store_ledger_balance_rebuild(struct db *db, struct arena *a,
    const char *account_id) MUSTCHECK;

/* The stored figures of an account's balance, and what they must be, as texts. */
struct balance_check {
	const char *kept;
	const char *computed; /* the sum of the entries */
	const char *held;
	const char *computed_held; /* the sum of what charges hold of it */
};

struct problem *store_ledger_balance_verify(struct db *db, struct arena *a,
    const char *account_id, struct balance_check *out) MUSTCHECK;

/* Called with each ledger entry of an account, by id. The document lives for
 * the call. False ends the walk. */
typedef bool ledger_fn(void *state, const char *account_id,
    const struct ledger_entry *entry);

struct problem *store_ledger_each(struct db *db, struct arena *a,
    const char *account_id, ledger_fn *fn, void *state) MUSTCHECK;

#endif
