/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The audit trail and its daily summary (api.md 13). Entries are only added;
 * the procedures keep chain, lines and day rows in one transaction.
 */
#ifndef REEVE_STORE_AUDIT_H
#define REEVE_STORE_AUDIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/secret.h"
#include "billing/audit_lines.h"
#include "store/db.h"

struct audit_entry {
	const char *account_id;
	const char *id;
	enum audit_form form; /* of entries that are written */
	int64_t created;  /* when it happened, Gregorian seconds */
	int64_t recorded; /* when it was written here */
	int64_t sequence; /* in the account's chain; of entries that are read */
	const char *status; /* the outcome; each may be NULL */
	const char *reason;
	const char *message;
	const char *results; /* JSON */
	const char *document; /* canonical JSON without the outcome */
};

struct audit_list {
	size_t count;
	struct audit_entry *entries;
};

/* Where a page of a list begins: the first entry it shows. */
struct audit_place {
	bool given;
	int64_t created;
	int64_t sequence;
};

/*
 * Takes a document (public fields) apart into an entry: its outcome beside the
 * canonical rest. Borrows document's strings.
 */
void audit_entry_of(struct arena *a, struct json_object *document,
    struct audit_entry *out);

/*
 * Adds an entry with its lines. Inside a transaction of the caller's, or in
 * one of its own. Problems: BAD_IDENTIFIER (account).
 */
struct problem *audit_entry_write(struct db *db, struct arena *a,
    const struct audit_entry *entry, const struct audit_lines *lines) MUSTCHECK;

/* The same unless the account has an entry of this id: then *written is
 * false. */
struct problem *audit_entry_import(struct db *db, struct arena *a,
    const struct audit_entry *entry, const struct audit_lines *lines,
    bool *written) MUSTCHECK;

/*
 * Called with each entry of an account, of both forms, in the order in which
 * they were written; document has its outcome and lasts for the call. False
 * ends it.
 */
typedef bool audit_entry_fn(void *state, const char *account_id,
    enum audit_form form, const char *id, int64_t created,
    struct json_object *document);

struct problem *audit_entry_each(struct db *db, struct arena *a,
    const char *account_id, audit_entry_fn *fn, void *state) MUSTCHECK;

/* Up to limit entries of an account that happened in [from, to]. */
struct problem *audit_entry_list(struct db *db, struct arena *a,
    const char *account_id, int64_t from, int64_t to,
    const struct audit_place *place, bool ascending, int64_t limit,
    struct audit_list *out) MUSTCHECK;

/* *out is NULL when there is none of this id. */
struct problem *audit_entry_show(struct db *db, struct arena *a,
    const char *account_id, const char *id, struct audit_entry **out) MUSTCHECK;

struct audit_day {
	const char *service;
	const char *day;    /* "YYYY-MM-DD", UTC */
	bool usage;         /* a ledger's sum: no addition and removal */
	int64_t addition;
	int64_t removal;
	int64_t quantity;
	int64_t last_timestamp; /* Gregorian seconds */
	const char *unit;   /* of usage; NULL: none */
};

struct audit_days {
	size_t count;
	struct audit_day *days;
};

enum audit_view {
	AUDIT_VIEW_SERVICES,  /* billable lines and usage */
	AUDIT_VIEW_QUANTITIES /* raw quantities */
};

/*
 * The day rows of an account for whole days from the day of from to the day of
 * to (Gregorian seconds), of one service or ("") of every one, in no promised
 * order.
 */
struct problem *audit_day_list(struct db *db, struct arena *a,
    const char *account_id, enum audit_view view, const char *service,
    int64_t from, int64_t to, struct audit_days *out) MUSTCHECK;

/* Writes day rows anew, from and to being "YYYY-MM-DD". *days: how many. */
struct problem *audit_day_rebuild(struct db *db, struct arena *a,
    const char *account_id, const char *from, const char *to, int64_t *days)
    MUSTCHECK;

/* What a verification found first, and how much it looked at. */
struct audit_verdict {
	int64_t entries;
	int64_t days_wrong;
	const char *broken_id;  /* the first entry that does not fit, or NULL */
	const char *broken_why; /* "edited", "removed"..., for people; NULL: none */
	const char *first_day;  /* the first wrong day row, for people, or NULL */
	const char *balance_why; /* what is wrong with the balance, or NULL */
};

/* Is nothing wrong? */
bool audit_verdict_ok(const struct audit_verdict *verdict);

/*
 * Recomputes an account's chain, lines, days and balance. Reads the chain in pages on
 * an arena of its own; progress(state, entries so far) may be NULL. Problems:
 * BAD_IDENTIFIER (account).
 */
struct problem *audit_verify(struct db *db, struct arena *a,
    const char *account_id, void (*progress)(void *state, int64_t entries),
    void *state, struct audit_verdict *out) MUSTCHECK;

#endif
