/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was done because the calendar asked for it: per account, task and
 * period, a mark that is written with what is done. Knows nothing of the tasks.
 */
#ifndef REEVE_STORE_DUE_H
#define REEVE_STORE_DUE_H

#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

/* An account a task was not done for, up to the period asked for. */
struct due_account {
	const char *id;
	const char *name;
	int64_t since;     /* Gregorian seconds: nothing was due before it */
	const char *last;  /* the newest period it was done for; NULL: none */
	const char *first; /* the oldest done for any account; NULL: never done */
};

enum due_of {
	DUE_OF_ALL,     /* since they were created */
	DUE_OF_ARRIVAL, /* since they were made or imported here */
	DUE_OF_LEDGER,  /* with ledger entries, since the first of these */
	DUE_OF_PAYMENTS /* with pending payments, though they be deleted */
};

struct due_accounts {
	size_t count;
	struct due_account *accounts;
};

/* Which accounts, and how many at a time. */
struct due_query {
	const char *task;
	const char *period; /* for which, or one before it, it was not done */
	enum due_of of;
	const char *account_id; /* only this one; NULL: all */
	const char *after;      /* the id after which to go on; "": the first */
	int64_t limit;
};

/* By id. */
struct problem *due_account_list(struct db *db, struct arena *a,
    const struct due_query *query, struct due_accounts *out) MUSTCHECK;

struct due_mark {
	const char *account_id;
	const char *task;
	const char *period;
};

/*
 * Marks it done, in a transaction of the caller's, who does it if *taken: it
 * was not done before. Problems: BAD_IDENTIFIER (account).
 */
struct problem *due_take(struct db *db, struct arena *a,
    const struct due_mark *mark, int64_t now, bool *taken) MUSTCHECK;

#endif
