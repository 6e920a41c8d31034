/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Verification of the audit trail: recomputes the chain as sql/README defines
 * it, and compares lines, day rows, balance and figures with their sources.
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
	int64_t broken_sequence; /* of the first invalid entry; 0: none */
	const char *broken_id;  /* its id, "" at the end of the chain, or NULL */
	const char *broken_why; /* "edited", "removed"..., for people; NULL: none */
	const char *first_day;  /* the first wrong day row, for people, or NULL */
	const char *balance_why; /* the error of the balance, or NULL */
	const char *figure_why; /* that of the row of figures, or NULL */
};

/* True if no error was found. */
bool trail_verdict_ok(const struct audit_verdict *verdict);

/*
 * Recomputes the chain, lines, days and balance of the account of a chain's end,
 * which was read before. Reads the chain in pages on an arena of its own, and
 * days month by month; progress(state, entries so far) may be NULL. Nothing but
 * its figures is read for an account that is bare. Problems: BAD_IDENTIFIER (account).
 */
struct problem *trail_verify(struct db *db, struct arena *a,
    const struct audit_head *end, void (*progress)(void *state,
    int64_t entries), void *state, struct audit_verdict *out) MUSTCHECK;

/* How much is verified at a time: each is 1 or more. */
struct trail_bounds {
	int64_t entries;
	int64_t bytes; /* of documents and lines; the last entry may exceed it */
};

/* Some entries of a chain. */
struct trail_stretch {
	const struct audit_head *end; /* of the chain */
	int64_t after; /* the sequence of the entry before; 0: from the first */
	struct trail_bounds bounds;
	void (*progress)(void *state, int64_t entries); /* may be NULL */
	void *state;
};

/*
 * Recomputes chain and lines of entries, from the stored hash of the one
 * before, until the bounds are reached: *next is the sequence to go on after;
 * 0: nothing is left. Days and balance are not verified. Problems:
 * BAD_IDENTIFIER (account).
 */
struct problem *trail_verify_some(struct db *db, struct arena *a,
    const struct trail_stretch *stretch, struct audit_verdict *out,
    int64_t *next) MUSTCHECK;

/* The hash of one entry, computed from the stored one before it. */
struct trail_proof {
	int64_t sequence;
	struct bytes hash; /* as it is stored */
	unsigned char previous[DIGEST_BYTES]; /* stored with the entry before */
	bool has_previous; /* false: that entry is not there */
	const char *why; /* the error, as in a verdict; NULL: it is valid */
};

/* Proves an entry that is there. Problems: BAD_IDENTIFIER. */
struct problem *trail_prove(struct db *db, struct arena *a,
    const struct audit_head *end, int64_t sequence, struct trail_proof *out)
    MUSTCHECK;

#endif
