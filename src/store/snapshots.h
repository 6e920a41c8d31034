/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantities of accounts at the turn of months. */
#ifndef REEVE_STORE_SNAPSHOTS_H
#define REEVE_STORE_SNAPSHOTS_H

#include "base/gregorian.h"
#include "store/services.h"

/* The sum of a quantity's changes. */
struct quantity_change {
	enum quantity_scope scope;
	const char *category;
	const char *item;
	int64_t difference;
};

struct quantity_changes {
	size_t count;
	struct quantity_change *changes;
};

/* The changes of an account's quantities since from (Gregorian seconds), summed
 * up from its audit trail. */
struct problem *store_quantity_change_list(struct db *db, struct arena *a,
    const char *account_id, int64_t from, struct quantity_changes *out)
    MUSTCHECK;

/* Stores quantities (the three tables) as the beginning of a month and the end
 * of the month before; stored ones stay. start: the month's first second. */
struct problem *store_snapshot_save(struct db *db, struct arena *a,
    const char *account_id, int64_t start,
    const struct quantity_table quantities[QUANTITY_SCOPE__MAX]) MUSTCHECK;

struct snapshot {
	const char *account_id;
	const char *month; /* "YYYYMM" */
	/* Its own; empty where they are not known. */
	struct quantity_table began;
	struct quantity_table ended;
};

struct snapshots {
	size_t count;
	struct snapshot *snapshots; /* by account, month */
};

struct snapshot_query {
	const char *top_id; /* accounts at and below it; NULL: the master account */
	const char *from;   /* months, both included, "YYYYMM" */
	const char *to;
	/* The snapshot after which to go on; "", "": from the first. */
	const char *after_account;
	const char *after_month;
	int64_t limit;
};

struct problem *store_snapshot_list(struct db *db, struct arena *a,
    const struct snapshot_query *query, struct snapshots *out) MUSTCHECK;

#endif
