/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/breakers.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text_hash.h"

/* A receiver has one of this many slots beside each other. */
#define WAYS 8

/* A slot that nobody has touched for so long may be another receiver's. */
#define IDLE_MS (10 * 60 * 1000)

static struct breakers *joined; /* NULL: none */

/* ---- slots ---- */

static uint64_t
key_of(const char *receiver)
{
	return text_hash(TEXT_HASH_BEGIN, receiver);
}

static struct breaker *
slot_of(uint64_t key, size_t way)
{
	return &joined->slots[(key + way) % BREAKERS_MAX];
}

/* NULL: the receiver has none. */
static struct breaker *
slot_find(uint64_t key)
{
	size_t way;

	for (way = 0; way < WAYS && joined != NULL; way++)
		if (slot_of(key, way)->key == key)
			return slot_of(key, way);
	return NULL;
}

static bool
slot_take(struct breaker *b, uint64_t key, const char *receiver)
{
	uint64_t before = b->key;

	if (before != 0 && clock_monotonic_ms() - b->touched_ms < IDLE_MS)
		return false;
	b->touched_ms = clock_monotonic_ms();
	if (!atomic_compare_exchange_strong(&b->key, &before, key))
		return false;
	b->timeouts = 0;
	b->trial_ms = 0;
	snprintf(b->receiver, sizeof(b->receiver), "%s", receiver);
	return true;
}

/* NULL: all that it may have are others'. */
static struct breaker *
slot_find_or_take(uint64_t key, const char *receiver)
{
	struct breaker *found = slot_find(key);
	size_t way;

	for (way = 0; way < WAYS && found == NULL && joined != NULL; way++)
		if (slot_take(slot_of(key, way), key, receiver))
			found = slot_of(key, way);
	return found;
}

static bool
is_open(const struct breaker *b)
{
	return b->key != 0 && b->timeouts >= BREAKER_TIMEOUTS;
}

/* ---- one process ---- */

void
breakers_join(struct breakers *table)
{
	joined = table;
}

bool
breaker_refuses(const char *receiver)
{
	const struct breaker *b = slot_find(key_of(receiver));

	return b != NULL && is_open(b) && b->trial_ms > clock_monotonic_ms();
}

bool
breaker_enter(const char *receiver, int64_t length_ms,
    struct breaker_pass *pass)
{
	struct breaker *b = slot_find(key_of(receiver));
	int64_t now_ms = clock_monotonic_ms(), trial_ms;

	*pass = (struct breaker_pass){ NULL, 0 };
	if (b == NULL || !is_open(b))
		return true;
	b->touched_ms = now_ms;
	trial_ms = b->trial_ms;
	if (trial_ms > now_ms || !atomic_compare_exchange_strong(&b->trial_ms,
	    &trial_ms, now_ms + length_ms)) {
		joined->refused++;
		return false;
	}
	*pass = (struct breaker_pass){ b, now_ms + length_ms };
	return true;
}

/* ---- outcomes ---- */

static void
note_timeout(const char *receiver, const char *host)
{
	struct breaker *b = slot_find_or_take(key_of(receiver), receiver);

	if (b == NULL)
		return;
	b->touched_ms = clock_monotonic_ms();
	if (atomic_fetch_add(&b->timeouts, 1) != BREAKER_TIMEOUTS - 1)
		return;
	snprintf(b->host, sizeof(b->host), "%s", host);
	log_warn("%s at %s did not answer in time %d times in a row: one "
	    "attempt at a time is made until it answers", receiver, host,
	    BREAKER_TIMEOUTS);
}

/* Two processes may have taken a slot each. */
static bool
note_answer(const char *receiver, const char *host)
{
	uint64_t key = key_of(receiver);
	struct breaker *b;
	bool closed = false;

	while ((b = slot_find(key)) != NULL) {
		closed |= atomic_exchange(&b->timeouts, 0) >= BREAKER_TIMEOUTS;
		b->trial_ms = 0;
		b->key = 0;
	}
	if (closed)
		log_warn("%s at %s answers again", receiver, host);
	return closed;
}

bool
breaker_hear(const char *receiver, const char *host, bool timed_out)
{
	if (!timed_out)
		return note_answer(receiver, host);
	note_timeout(receiver, host);
	return false;
}

void
breaker_leave(struct breaker_pass *pass)
{
	int64_t until_ms = pass->until_ms;

	if (pass->slot != NULL)
		(void)atomic_compare_exchange_strong(&pass->slot->trial_ms,
		    &until_ms, 0);
	pass->slot = NULL;
}

/* ---- the status page ---- */

size_t
breakers_list(const struct breakers *table, struct breaker_row *rows,
    size_t most)
{
	const struct breaker *b = table->slots;
	const struct breaker *end = b + BREAKERS_MAX;
	int64_t now_ms = clock_monotonic_ms();
	struct breaker_row *row;
	size_t count = 0;

	for (; b < end; b++) {
		if (!is_open(b) || count++ >= most)
			continue;
		row = &rows[count - 1];
		row->timeouts = b->timeouts;
		row->tries = b->trial_ms > now_ms;
		snprintf(row->receiver, sizeof(row->receiver), "%.*s",
		    BREAKER_NAME_SIZE - 1, b->receiver);
		snprintf(row->host, sizeof(row->host), "%.*s",
		    BREAKER_HOST_SIZE - 1, b->host);
	}
	return count;
}
