/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tasks that are due by the calendar: rows of a table (run_due.c). A row has a
 * function that says when the task is due, and one that does it for an account.
 */
#ifndef REEVE_CTL_DUE_H
#define REEVE_CTL_DUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/gregorian.h"
#include "ctl/command.h"
#include "store/due.h"

/* A period: a task is done once for each account and period. */
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
	int64_t now; /* Gregorian seconds; the time of every row written */
	bool dry;    /* look only, write nothing */
	bool done;   /* this visit did the task (dry: would do it) */
};

/* True if the task is due at a moment; *period is set to its period. */
typedef bool due_when(const struct config *config, int64_t at,
    struct due_period *out);

/* Does the task for one account, or only looks (dry). Not in a transaction. */
typedef struct problem *due_run(struct due_visit *visit);

struct due_task {
	const char *name;
	const char *what; /* a text for people */
	due_when *when;
	bool catches_up;  /* missed periods are done, too, oldest first */
	enum due_of of;   /* which accounts */
	due_run *run;
};

/* Due from the first of a month until it is done; the period is the month. */
bool due_when_month_begins(const struct config *config, int64_t at,
    struct due_period *out);

/* Due in the last days of a month if reminders are on; the period is the
 * month. */
bool due_when_month_ends(const struct config *config, int64_t at,
    struct due_period *out);

/* Due at every run. */
bool due_when_run(const struct config *config, int64_t at,
    struct due_period *out);

/* Due at every run if automatic_topup is on. */
bool due_when_topping_up(const struct config *config, int64_t at,
    struct due_period *out);

/* Tasks about payments (due_payments.c). */
due_run due_payments;
due_run due_topup;

/* Tasks about months (due_tasks.c). */
due_run due_collect;
due_run due_remind;
due_run due_rollover;
due_run due_snapshot;

/* Finds out what an account pays a month (due_pricing.c). */
due_run due_pricing;

#endif
