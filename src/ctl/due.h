/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tasks that are due by the calendar: rows of a table (run_due.c), each with
 * when it is due and a function that does it for one account.
 */
#ifndef REEVE_CTL_DUE_H
#define REEVE_CTL_DUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/gregorian.h"
#include "ctl/command.h"
#include "store/due.h"

/* What a task is done for, once for each account. */
struct due_period {
	char name[GREGORIAN_MONTH_SIZE]; /* "YYYYMM" */
	int64_t start;                   /* the month's first second */
};

/* One account's turn at one task for one period. */
struct due_visit {
	struct ctl *ctl;
	struct arena *arena; /* of the visit */
	const char *account_id;
	const char *account_name;
	const struct due_period *period;
	int64_t now; /* Gregorian seconds: of what is written */
	bool dry;    /* nothing is to be written: only, is there something? */
	bool done;   /* something was: not by somebody else before; dry: it would */
};

/* Is it due at a moment, and for which period? */
typedef bool due_when(const struct config *config, int64_t at,
    struct due_period *out);

/* Does it, or looks; not in a transaction. */
typedef struct problem *due_run(struct due_visit *visit);

struct due_task {
	const char *name;
	const char *what; /* for people */
	due_when *when;
	bool catches_up;  /* periods that were missed are done, oldest first */
	enum due_of of;   /* which accounts */
	due_run *run;
};

/* On the first of a month, and until it was done: the month. */
bool due_when_month_begins(const struct config *config, int64_t at,
    struct due_period *out);

/* In the last days of a month, where reminders are on: the month. */
bool due_when_month_ends(const struct config *config, int64_t at,
    struct due_period *out);

/* Whenever it is run. */
bool due_when_run(const struct config *config, int64_t at,
    struct due_period *out);

/* Whenever it is run, where automatic_topup is on. */
bool due_when_topping_up(const struct config *config, int64_t at,
    struct due_period *out);

/* Those of payments (due_payments.c). */
due_run due_payments;
due_run due_topup;

/* The tasks (due_tasks.c). */
due_run due_collect;
due_run due_remind;
due_run due_rollover;
due_run due_snapshot;

#endif
