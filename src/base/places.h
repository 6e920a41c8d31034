/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Places of a pool's workers that wait: for a bookkeeper, or for the lock of an
 * account that another request holds. A worker that waits serves nobody, so only
 * a part of the workers may wait at once (rules/requests 23).
 *
 * Each worker has one slot in shared memory and writes only that one, so no
 * worker can leave the table locked or half written; to count is to read all of
 * them. A worker that dies keeps its place until places_clear. A worker enters
 * its slot before it counts, so that there are never more than allowed; two that
 * come at once for the last place may both be refused.
 */
#ifndef REEVE_BASE_PLACES_H
#define REEVE_BASE_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

#define PLACES_MAX 2048

enum place_kind {
	PLACE_NONE,
	PLACE_BOOKKEEPER, /* waits for one */
	PLACE_ACCOUNT,    /* changes an account, or waits to do so */
	PLACE_APPLIED     /* is about to take one of PLACE_BOOKKEEPER */
};

struct place {
	_Alignas(32) _Atomic int32_t kind;
	_Atomic int64_t since_ms; /* monotonic */
	_Atomic uint64_t account[2]; /* its id, 32 hex digits */
};

/* All zero: nobody waits. */
struct places {
	struct place slots[PLACES_MAX];
	_Atomic uint64_t used;    /* slots from the first that were ever used */
	_Atomic uint64_t refused; /* requests that got no place */
	_Atomic int64_t told_ms;  /* when the log said so last */
};

/* How many may wait, and how many do. */
struct place_figures {
	int64_t quarter;     /* limit for bookkeepers, and for one account */
	int64_t half;        /* limit for all that wait together */
	int64_t bookkeepers; /* workers that wait for them */
	int64_t accounts;    /* workers that wait for the lock of an account */
	uint64_t refused;    /* requests that got no place */
};

/*
 * Gives this process a slot of a pool with this many workers. table NULL, and 1
 * or 0 workers: it never waits. A process that does not join (reevectl) waits as
 * it likes.
 */
void places_join(struct places *table, size_t slot, int64_t workers);

/*
 * Takes a place for an account's request, instead of the one this process has.
 * False: it must not wait; it has no place then. One log line tells who has the
 * places, at most every 10 s.
 *
 * A process that changes an account waits when it is in one call of the database
 * for longer than 0.5 s. While those that have places make progress, another is
 * held up until there is one, for 5 s at most; it is refused as soon as they
 * wait.
 */
bool place_take(enum place_kind kind, const char *account_id) MUSTCHECK;

/*
 * Sets who can tell that this process's request has lost its client, from now
 * on; NULL: nobody. Such a request is held up no longer, and gets no place.
 */
void place_watch(bool (*is_gone)(void *client), void *client);

/* Notes that the process that has a place does not wait now. */
void place_progress(void);

/* Gives back the place of this process, if it has one. */
void place_leave(void);

/* Gives back the place of a process that died. */
void places_clear(struct places *table, size_t slot);

/* For the status page. Any process that shares the table may ask. */
void places_count(const struct places *table, int64_t workers,
    struct place_figures *out);

#endif
