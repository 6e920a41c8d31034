/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Credits and debits of an account, with the copy for its seller if it concerns
 * both: both are written or neither.
 */
#ifndef REEVE_SERVICE_POSTING_H
#define REEVE_SERVICE_POSTING_H

#include "store/ledgers.h"

struct posting {
	size_t count;             /* 1, or 2 with the copy */
	struct ledger entries[2]; /* the account's own comes first */
};

/*
 * Starts a posting with the account's own entry, in the form of
 * ledger_complete, and its metadata. The arena's.
 */
void posting_begin(struct arena *a, const struct ledger *own,
    const struct ledger_note *note, struct posting *out);

/* Adds the copy for the account's seller; it names the original entry. */
void posting_add_copy(struct arena *a, const char *seller_id,
    const struct ledger_note *note, struct posting *posting);

/*
 * Writes the entries. The caller opens the transaction. now: Gregorian seconds.
 * Problems: BAD_IDENTIFIER (an account); CONFLICT (an entry of this source and
 * period exists: "id" of the data).
 */
struct problem *posting_write(struct db *db, struct arena *a,
    const struct posting *posting, int64_t now) MUSTCHECK;

#endif
