/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/rate_table.h"

#include <stdatomic.h>
#include <stddef.h>

#define TIME_BITS 46
#define TIME_MASK ((UINT64_C(1) << TIME_BITS) - 1)
#define TICKS_PER_MS 64
#define TICKS_PER_MINUTE (INT64_C(60000) * TICKS_PER_MS)

_Static_assert((RATE_SETS & (RATE_SETS - 1)) == 0, "a power of two");
_Static_assert(sizeof(_Atomic uint64_t) == 8, "one word");

static uint64_t
make_word(uint64_t hash, int64_t full)
{
	return (hash & ~TIME_MASK) | ((uint64_t)full & TIME_MASK);
}

static int64_t
full_of(uint64_t word)
{
	return (int64_t)(word & TIME_MASK);
}

static bool
belongs(uint64_t word, uint64_t hash)
{
	return word != 0 && ((word ^ hash) & ~TIME_MASK) == 0;
}

/* Returns the client's slot, else the one to give to it; *word: its value. */
static _Atomic uint64_t *
find_slot(struct rate_table *t, uint64_t hash, uint64_t *word)
{
	_Atomic uint64_t *set = t->slots[hash % RATE_SETS], *found = NULL;
	uint64_t each;
	int i;

	for (i = 0; i < RATE_WAYS; i++) {
		each = set[i];
		if (belongs(each, hash)) {
			*word = each;
			return &set[i];
		}
		if (found == NULL || full_of(each) < full_of(*word)) {
			*word = each;
			found = &set[i];
		}
	}
	return found;
}

int64_t
rate_table_take(struct rate_table *t, uint64_t hash, const struct rate *rate,
    int64_t now_ms)
{
	int64_t each = TICKS_PER_MINUTE / rate->per_minute;
	int64_t now = now_ms * TICKS_PER_MS, full, early;
	_Atomic uint64_t *slot;
	uint64_t word;

	do {
		slot = find_slot(t, hash, &word);
		full = belongs(word, hash) && full_of(word) > now ?
		    full_of(word) : now;
		full += each;
		early = full - now - rate->burst * each;
		if (early > 0)
			return (early + TICKS_PER_MS - 1) / TICKS_PER_MS;
	} while (!atomic_compare_exchange_weak(slot, &word,
	    make_word(hash, full)));
	return 0;
}

void
rate_table_add(struct rate_table *t, uint64_t hash, int64_t now_ms)
{
	_Atomic uint64_t *slot;
	uint64_t word;

	do {
		slot = find_slot(t, hash, &word);
		if (belongs(word, hash))
			return;
	} while (!atomic_compare_exchange_weak(slot, &word,
	    make_word(hash, now_ms * TICKS_PER_MS)));
}

bool
rate_table_has(struct rate_table *t, uint64_t hash)
{
	uint64_t word;

	find_slot(t, hash, &word);
	return belongs(word, hash);
}
