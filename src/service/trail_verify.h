/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Verification of the audit trail: recomputes the chain as sql/README defines
 * it, and compares lines, day rows and balance with their sources.
 */
#ifndef REEVE_SERVICE_TRAIL_VERIFY_H
#define REEVE_SERVICE_TRAIL_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "store/audit.h"

/* The first errors that a verification found, and how much it read. */
struct audit_verdict {
	int64_t entries;
	int64_t days_wrong;
	const char *broken_id;  /* the first invalid entry, or NULL */
	const char *broken_why; /* "edited", "removed"..., for people; NULL: none */
	const char *first_day;  /* the first wrong day row, for people, or NULL */
	const char *balance_why; /* the error of the balance, or NULL */
};

/* True if no error was found. */
bool trail_verdict_ok(const struct audit_verdict *verdict);

/*
 * Recomputes the chain, lines, days and balance of the account of a chain's end,
 * which was read before. Reads the chain in pages on an arena of its own, and
 * days month by month; progress(state, entries so far) may be NULL. Nothing is
 * read for an account that is bare. Problems: BAD_IDENTIFIER (account).
 */
struct problem *trail_verify(struct db *db, struct arena *a,
    const struct audit_head *end, void (*progress)(void *state,
    int64_t entries), void *state, struct audit_verdict *out) MUSTCHECK;

#endif
