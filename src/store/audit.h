/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The audit trail and its daily summary (rules/audit). Entries are only added;
 * the procedures keep chain, lines and day rows in one transaction.
 */
#ifndef REEVE_STORE_AUDIT_H
#define REEVE_STORE_AUDIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/page_query.h"
#include "base/secret.h"
#include "billing/audit_lines.h"
#include "store/db.h"

struct audit_entry {
	const char *account_id;
	const char *id;
	enum audit_form form; /* of entries that are written or scanned */
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

/*
 * Adds an entry with its lines. Inside a transaction of the caller's, or in
 * one of its own. Problems: BAD_IDENTIFIER (account).
 */
struct problem *store_audit_entry_write(struct db *db, struct arena *a,
    const struct audit_entry *entry, const struct audit_lines *lines) MUSTCHECK;

/* As audit_entry_write, unless the account has an entry of this id: then
 * *written is false. */
struct problem *store_audit_entry_import(struct db *db, struct arena *a,
    const struct audit_entry *entry, const struct audit_lines *lines,
    bool *written) MUSTCHECK;

/* Up to limit entries of an account, of both forms, in the order in which they
 * were written, after a sequence (0: from the first). */
struct problem *store_audit_scan(struct db *db, struct arena *a,
    const char *account_id, int64_t after, int64_t limit,
    struct audit_list *out) MUSTCHECK;

/* An account's entries by the moment they happened, and sequence. */
struct problem *store_audit_entry_list(struct db *db, struct arena *a,
    const char *account_id, const struct page_query *query,
    struct audit_list *out) MUSTCHECK;

/* An entry about an invoice. *out is NULL when there is none of this id. */
struct problem *store_audit_entry_show(struct db *db, struct arena *a,
    const char *account_id, const char *id, struct audit_entry **out) MUSTCHECK;

/* The same, of any form. */
struct problem *store_audit_entry_known(struct db *db, struct arena *a,
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

/* Selects day rows, by whole days. */
struct audit_day_query {
	const char *account_id;
	enum audit_view view;
	const char *service; /* "": every service */
	int64_t from; /* Gregorian seconds, in the first day */
	int64_t to;   /* in the last */
};

/* In no promised order. */
struct problem *store_audit_day_list(struct db *db, struct arena *a,
    const struct audit_day_query *wanted, struct audit_days *out) MUSTCHECK;

/* The quantity of a service before a day. */
struct audit_opening {
	const char *service;
	int64_t quantity;
};

struct audit_openings {
	size_t count;
	struct audit_opening *rows;
};

/* Quantities after the last change before the day of wanted->from; usage is
 * none. In no promised order. */
struct problem *store_audit_opening_list(struct db *db, struct arena *a,
    const struct audit_day_query *wanted, struct audit_openings *out) MUSTCHECK;

/* The first and the last day of them all. */
#define AUDIT_FIRST_DAY "1000-01-01"
#define AUDIT_LAST_DAY "9999-12-31"

/* A month as "YYYY-MM-DD", cut to the range that was asked for. */
struct audit_month {
	const char *first_day;
	const char *last_day;
	const char *next_day; /* after last_day; NULL: the range ends with it */
};

/* The first month in [from, to] that has entries, ledger entries or day rows;
 * *out is NULL when there is none. */
struct problem *store_audit_month_next(struct db *db, struct arena *a,
    const char *account_id, const char *from, const char *to,
    struct audit_month **out) MUSTCHECK;

/* Rewrites the day rows of [from, to], each "YYYY-MM-DD". *days: the number of
 * rows. */
struct problem *store_audit_day_rebuild(struct db *db, struct arena *a,
    const char *account_id, const char *from, const char *to, int64_t *days)
    MUSTCHECK;

/* ---- verification ---- */

/* An entry as its chain holds it. */
struct audit_link {
	int64_t sequence;
	const char *id;
	enum audit_form form;
	int64_t created;      /* Gregorian seconds */
	int64_t recorded;     /* Gregorian seconds */
	const char *document; /* canonical JSON without the outcome */
	const char *lines;    /* JSON */
	struct bytes hash;
};

struct audit_chain {
	size_t count;
	struct audit_link *links;
};

/* Up to limit links of an account's chain, in order, after a sequence. */
struct problem *store_audit_chain(struct db *db, struct arena *a,
    const char *account_id, int64_t after, int64_t limit,
    struct audit_chain *out) MUSTCHECK;

/* The stored end of an account's chain. */
struct audit_head {
	const char *account_id;
	int64_t sequence;
	unsigned char hash[DIGEST_BYTES];
	bool is_bare; /* the account has no entry, no ledger entry and no sum of
	                 them: there is nothing to verify or rebuild */
};

struct audit_heads {
	size_t count;
	struct audit_head *heads;
};

/* Problems: BAD_IDENTIFIER. */
struct problem *store_audit_chain_head(struct db *db, struct arena *a,
    const char *account_id, struct audit_head *out) MUSTCHECK;

/* Up to limit ends of chains, by account, after an account ("": from the first). */
struct problem *store_audit_chain_head_list(struct db *db, struct arena *a,
    const char *after, int64_t limit, struct audit_heads *out) MUSTCHECK;

/* A wrong or missing day row: the stored row or the computed one. */
struct audit_day_difference {
	bool is_stored;
	const char *family; /* "ledger": of the sums of ledger entries */
	const char *day;
	const char *service;
};

struct audit_day_differences {
	size_t count;
	struct audit_day_difference *rows;
};

/* Of the days [from, to]. Problems: BAD_IDENTIFIER (account). */
struct problem *store_audit_day_verify(struct db *db, struct arena *a,
    const char *account_id, const char *from, const char *to,
    struct audit_day_differences *out) MUSTCHECK;

#endif
