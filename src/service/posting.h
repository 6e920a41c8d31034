/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A credit or a debit of an account, with the copy of it that its seller gets
 * where it concerns both: both are written or neither.
 */
#ifndef REEVE_SERVICE_POSTING_H
#define REEVE_SERVICE_POSTING_H

#include "store/ledgers.h"

struct posting {
	size_t count;             /* of entries: 1, or 2 with the copy */
	struct ledger entries[2]; /* the account's own comes first */
};

/*
 * Begins with an account's own entry: as ledger_complete takes it, with what its
 * document says beside. The arena's.
 */
void posting_begin(struct arena *a, const struct ledger *own,
    const struct ledger_note *note, struct posting *out);

/* Adds the copy of an account's seller; it names the entry it was made of. */
void posting_copy(struct arena *a, const char *seller_id,
    const struct ledger_note *note, struct posting *posting);

/*
 * Writes the entries, in a transaction of the caller's. now: Gregorian seconds.
 * Problems: BAD_IDENTIFIER (an account); CONFLICT (there is an entry of this
 * source and period: "id" of its data).
 */
struct problem *posting_write(struct db *db, struct arena *a,
    const struct posting *posting, int64_t now) MUSTCHECK;

#endif
