/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rehearsal of an import: the bills of the old system, as a dump has them,
 * beside those that Reeve would write on the same day. Nothing is written to a
 * database, and none is needed.
 *
 *   take      each document is read as import does, and becomes a short row in a
 *             temporary file (rehearsal_take.c)
 *   claims    of documents that claim the same name one stays
 *             (rehearsal_claims.c)
 *   count     account by account: own quantities (rehearsal_read.c), and the part
 *             of them that counts in the cascades above (rehearsal.c)
 *   compare   account by account again: quantities, invoices, ledgers
 *             (rehearsal_compare.c, rehearsal_invoice.c, rehearsal_ledger.c)
 *   report    the accounts, worst first, and their sums (rehearsal_report.h)
 *
 * In memory are the tree of accounts, the places of plans, and one account.
 */
#ifndef REEVE_CTL_REHEARSAL_H
#define REEVE_CTL_REHEARSAL_H

#include "ctl/command.h"
#include "ctl/import_reader.h"
#include "ctl/import_source.h"
#include "ctl/rehearsal_plans.h"
#include "ctl/rehearsal_tree.h"
#include "ctl/spool.h"

/* The sort of a row of an account. Rows are read in this order. */
enum rehearsal_tag {
	REHEARSAL_LEFT_OUT = '@', /* an object that is not imported */
	REHEARSAL_ACCOUNT = 'A',
	REHEARSAL_SERVICE = 'B',
	REHEARSAL_OBJECT = 'C',
	REHEARSAL_DEPENDENT = 'D', /* an object that counts users */
	REHEARSAL_AUDIT = 'E',
	REHEARSAL_LEDGER = 'F'
};

/* Sums over all accounts. */
struct rehearsal_totals {
	int64_t accounts;
	int64_t left_out; /* accounts; they are not among these */
	int64_t priced;   /* a plan is assigned to them */
	int64_t priced_invoices; /* of these: the old invoice is in the dump */
	int64_t compared;  /* they have a services document */
	int64_t without_accounts; /* their document counts no accounts */
	int64_t differing; /* something of them differs */
	int64_t differences; /* of their own */
	int64_t following;   /* differences that follow from others */
	int64_t invoices;    /* accounts whose old invoice is in the dump */
	money_t old_recurring; /* of these */
	money_t recurring;     /* of these, by Reeve */
	money_t recurring_all; /* of all accounts, by Reeve */
	int64_t ledgers;       /* accounts with entries */
	money_t old_balance;
	money_t balance;
	int64_t md5, sha, none, disabled; /* users by their credentials */
	int64_t keys;
	int64_t documents, skipped, unreadable;
	/* Differences by what differs: how many accounts have each. */
	struct quantity_table groups;
};

/* Accounts below this depth are taken as if they were at it. */
#define REHEARSAL_DEPTHS 64

struct rehearsal {
	struct ctl *ctl;
	int64_t batch; /* objects in a transaction of the import */
	int64_t account_batch; /* accounts in one */
	int64_t objects_taken;
	int64_t accounts_taken[REHEARSAL_DEPTHS]; /* by depth */
	struct importer importer;
	const struct number_classes *classes;
	struct rehearsal_tree tree;
	struct rehearsal_plans *plans;
	struct spool *rows;    /* of documents, by account, tag and id */
	struct spool *claims;  /* documents, by the name that they claim */
	struct spool *below;   /* parts of cascades, by account */
	struct spool *results; /* JSON of accounts, the worst first */
	struct spool *skips;   /* documents left out, by the reason */
	struct rehearsal_totals totals;
	/* The next row of each, while accounts are read. */
	struct spool_row row, part;
	bool has_row, has_part;
};

/* Rehearses the import of the command's operands in such batches, and prints the
 * report. The exit status. */
int rehearsal_run(struct ctl *ctl, const struct importer *importer,
    int64_t batch, int64_t account_batch);

/* Takes a document of the dump; for import_read(). state is the rehearsal. */
bool rehearsal_take(void *state, struct arena *a,
    const struct import_item *item);

/* Notes that documents are left out. count: the number of them; file may be
 * NULL. */
void rehearsal_skip(struct rehearsal *r, struct arena *a, const char *reason,
    const struct import_item *item, const char *id, int64_t count);

#endif
