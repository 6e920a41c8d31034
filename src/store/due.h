/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Marks of periodic tasks: one for each account, task and period that is done,
 * written in the transaction of the task. Knows nothing of the tasks.
 */
#ifndef REEVE_STORE_DUE_H
#define REEVE_STORE_DUE_H

#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

/* An account that a task is not done for, up to the period of the query. */
struct due_account {
	const char *id;
	const char *name;
	int64_t since;     /* Gregorian seconds: nothing was due before it */
	const char *last;  /* the newest period that is done; NULL: none */
	const char *first; /* the oldest done for any account; NULL: none */
};

/* The accounts of a task, and since when something is due for them. */
enum due_of {
	DUE_OF_ALL,     /* since they were created */
	DUE_OF_ARRIVAL, /* since they were created or imported here */
	DUE_OF_LEDGER,  /* with ledger entries, since the first of these */
	DUE_OF_PAYMENTS, /* with pending payments; deleted accounts, too */
	DUE_OF_TOPUPS,   /* that top up automatically */
	DUE_OF_PRICING   /* whose monthly charges are not known */
};

struct due_accounts {
	size_t count;
	struct due_account *accounts;
};

/* Selects accounts, and the size of a page. */
struct due_query {
	const char *task;
	const char *period; /* it, or one before it, is not done */
	enum due_of of;
	const char *account_id; /* only this one; NULL: all */
	const char *after;      /* the id after which to go on; "": the first */
	int64_t limit;
};

/* By id. */
struct problem *store_due_account_list(struct db *db, struct arena *a,
    const struct due_query *query, struct due_accounts *out) MUSTCHECK;

struct due_mark {
	const char *account_id;
	const char *task;
	const char *period;
};

/*
 * Marks a task as done, in a transaction of the caller, which does the task if
 * *taken (it was not done before). Problems: BAD_IDENTIFIER (account).
 */
struct problem *store_due_take(struct db *db, struct arena *a,
    const struct due_mark *mark, int64_t now, bool *taken) MUSTCHECK;

/* The state of the last run over all accounts. */
enum due_result {
	DUE_NEVER,   /* there was none */
	DUE_RUNNING, /* or it was killed */
	DUE_WELL,
	DUE_ACCOUNTS_FAILED, /* some; the others are done */
	DUE_BROKEN_OFF,      /* before its end */
	DUE_RESULTS
};

extern const char *const due_result_words[DUE_RESULTS];

/* Stores the state of the run. */
struct problem *store_due_run_note(struct db *db, struct arena *a,
    enum due_result result, int64_t now) MUSTCHECK;

#endif
