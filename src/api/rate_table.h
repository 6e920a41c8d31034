/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Token buckets of any number of clients in memory of a fixed size, which
 * processes may share: every step is one compare-and-swap of one word, so no
 * process can leave a bucket locked or half written. Pure: no clock.
 *
 * A client is a hash under a secret key, so nobody can choose two that meet. A
 * set of eight slots holds the buckets of the hashes that lead to it. When all
 * are taken, a new client gets the slot whose bucket is, or will be, full first:
 * that of the client who has been quiet for longest.
 */
#ifndef REEVE_API_RATE_TABLE_H
#define REEVE_API_RATE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

#define RATE_SETS 2048 /* a power of two */
#define RATE_WAYS 8

/*
 * A slot has a part of the hash (the upper 18 bits) and the time when its bucket
 * is full again, in ticks (the lower 46 bits: 34 years). 0: it is free.
 */
struct rate_table {
	_Atomic uint64_t slots[RATE_SETS][RATE_WAYS];
};

struct rate {
	int64_t per_minute; /* requests that a bucket gains, 1 to 1000000 */
	int64_t burst;      /* requests that a full bucket has, 1 to 1000000 */
};

/*
 * Takes a request out of the client's bucket; a new client's is full. now_ms: 1
 * or more, since any moment. Returns 0, or the milliseconds until the bucket has
 * a request again.
 */
int64_t rate_table_take(struct rate_table *t, uint64_t hash,
    const struct rate *rate, int64_t now_ms) MUSTCHECK;

/* Gives the client a full bucket, if it has none. */
void rate_table_add(struct rate_table *t, uint64_t hash, int64_t now_ms);

/* True if the client has a bucket. */
bool rate_table_has(struct rate_table *t, uint64_t hash);

#endif
