/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/places.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"

/* A change of an account waits when a call of the database takes longer. */
#define SLOW_MS 500

/* How long one waits for changes that make progress, and how often it looks. */
#define PATIENCE_MS 5000
#define LOOK_EVERY_NS 5000000

#define TELL_EVERY_MS 10000

static struct {
	bool joined;
	struct places *table; /* NULL: nothing waits */
	struct place *mine;
	int64_t workers;
	bool (*is_gone)(void *client); /* NULL: nobody can tell */
	void *client;
} self;

/* ---- limits ---- */

static int64_t
half_of(int64_t workers)
{
	return workers / 2;
}

static int64_t
quarter_of(int64_t workers)
{
	return workers < 2 ? 0 : workers < 4 ? 1 : workers / 4;
}

/* ---- counting ---- */

/* The others, as one that asks for a place sees them. */
struct crowd {
	int64_t bookkeepers; /* that wait for one */
	int64_t applicants;  /* that want to */
	int64_t accounts; /* that wait for any account */
	int64_t same;     /* that wait for this account or change it */
	int64_t stuck;    /* of these, in one call for long */
	int64_t all;      /* that wait for anything or change any account */
};

static bool
is_for(const struct place *place, const uint64_t account[2])
{
	return place->account[0] == account[0] &&
	    place->account[1] == account[1];
}

static bool
is_slow(const struct place *place, int64_t now_ms)
{
	return now_ms - place->since_ms > SLOW_MS;
}

static bool
waits(const struct place *place, int64_t now_ms)
{
	return place->kind == PLACE_BOOKKEEPER ||
	    (place->kind == PLACE_ACCOUNT && is_slow(place, now_ms));
}

static void
count(const struct places *table, const struct place *but,
    const uint64_t account[2], struct crowd *crowd)
{
	const struct place *place = table->slots;
	const struct place *end = place + table->used;
	int64_t now_ms = clock_monotonic_ms();

	*crowd = (struct crowd){ 0 };
	for (; place < end; place++) {
		if (place == but || place->kind == PLACE_NONE)
			continue;
		crowd->all += place->kind != PLACE_APPLIED;
		crowd->bookkeepers += place->kind == PLACE_BOOKKEEPER;
		crowd->applicants += place->kind == PLACE_APPLIED;
		if (place->kind != PLACE_ACCOUNT)
			continue;
		crowd->accounts += waits(place, now_ms);
		if (is_for(place, account)) {
			crowd->same++;
			crowd->stuck += is_slow(place, now_ms);
		}
	}
}

void
places_count(const struct places *table, int64_t workers,
    struct place_figures *out)
{
	static const uint64_t none[2];
	struct crowd crowd;

	count(table, NULL, none, &crowd);
	*out = (struct place_figures){
		.quarter = quarter_of(workers),
		.half = half_of(workers),
		.bookkeepers = crowd.bookkeepers,
		.accounts = crowd.accounts,
		.refused = table->refused,
	};
}

/* ---- the log ---- */

/* The number of waiting workers that have the same account as this one. */
static int64_t
count_same(const struct places *table, const struct place *one, int64_t now_ms)
{
	const uint64_t account[2] = { one->account[0], one->account[1] };
	int64_t n = 0;
	size_t i;

	for (i = 0; i < table->used; i++)
		n += waits(&table->slots[i], now_ms) &&
		    is_for(&table->slots[i], account);
	return n;
}

static void
tell(struct places *table, int64_t now_ms)
{
	const struct place *most = NULL;
	struct place_figures f;
	int64_t n, most_n = 0;
	size_t i;

	for (i = 0; i < table->used; i++) {
		if (!waits(&table->slots[i], now_ms))
			continue;
		n = count_same(table, &table->slots[i], now_ms);
		if (n > most_n) {
			most_n = n;
			most = &table->slots[i];
		}
	}
	places_count(table, self.workers, &f);
	log_warn("no place to wait: %lld workers wait for bookkeepers, %lld for "
	    "accounts, of %lld that may; %lld of them for account "
	    "%016" PRIx64 "%016" PRIx64, (long long)f.bookkeepers,
	    (long long)f.accounts, (long long)f.half, (long long)most_n,
	    most == NULL ? 0 : most->account[0],
	    most == NULL ? 0 : most->account[1]);
}

static void
note_refusal(void)
{
	int64_t now_ms = clock_monotonic_ms(), told_ms;

	if (self.table == NULL || self.workers < 2)
		return;
	self.table->refused++;
	told_ms = self.table->told_ms;
	if ((told_ms == 0 || now_ms - told_ms >= TELL_EVERY_MS) &&
	    atomic_compare_exchange_strong(&self.table->told_ms, &told_ms, now_ms))
		tell(self.table, now_ms);
}

/* ---- one process ---- */

void
places_join(struct places *table, size_t slot, int64_t workers)
{
	self.joined = true;
	self.table = table;
	self.workers = workers;
	self.mine = NULL;
	if (table == NULL)
		return;
	self.mine = &table->slots[slot];
	places_clear(table, slot);
}

static void
parse_id(const char *id, uint64_t out[2])
{
	char half[17] = "";

	strncpy(half, id, 16);
	out[0] = strtoull(half, NULL, 16);
	out[1] = strlen(id) < 16 ? 0 : strtoull(id + 16, NULL, 16);
}

static void
enter(enum place_kind kind, const uint64_t account[2])
{
	struct place *mine = self.mine;

	mine->account[0] = account[0];
	mine->account[1] = account[1];
	mine->since_ms = clock_monotonic_ms();
	mine->kind = kind == PLACE_BOOKKEEPER ? PLACE_APPLIED : (int)kind;
}

enum verdict { STAY, LATER, NEVER };

static enum verdict
judge_bookkeeper(const struct crowd *crowd)
{
	int64_t waiting = crowd->bookkeepers + crowd->applicants;

	return waiting < quarter_of(self.workers) &&
	    waiting + crowd->accounts < half_of(self.workers) ? STAY : NEVER;
}

/* late: it has looked for long enough. */
static enum verdict
judge_account(const struct crowd *crowd, bool late)
{
	/* One does its work, the others wait. */
	if (crowd->same > quarter_of(self.workers))
		return late || crowd->stuck > 0 ? NEVER : LATER;
	if (crowd->all < half_of(self.workers))
		return STAY;
	/* Accounts share the locks of their ancestors: this one may have to
	 * wait, too. */
	if (crowd->accounts > 0)
		return NEVER;
	if (crowd->all == crowd->bookkeepers)
		return STAY;
	if (!late)
		return LATER;
	return self.workers < 4 || crowd->all + 1 < self.workers ? STAY : NEVER;
}

static enum verdict
try(enum place_kind kind, const uint64_t account[2], bool late)
{
	enum verdict verdict;
	struct crowd crowd;

	enter(kind, account);
	count(self.table, self.mine, account, &crowd);
	verdict = kind == PLACE_BOOKKEEPER ? judge_bookkeeper(&crowd) :
	    judge_account(&crowd, late);
	self.mine->kind = verdict == STAY ? (int)kind : PLACE_NONE;
	return verdict;
}

void
place_watch(bool (*is_gone)(void *client), void *client)
{
	self.is_gone = is_gone;
	self.client = client;
}

static bool
is_abandoned(void)
{
	return self.is_gone != NULL && self.is_gone(self.client);
}

bool
place_take(enum place_kind kind, const char *account_id)
{
	const struct timespec pause = { .tv_nsec = LOOK_EVERY_NS };
	enum verdict verdict;
	uint64_t account[2];
	int64_t until_ms;

	if (!self.joined)
		return true;
	if (self.table == NULL || self.workers < 2)
		return kind == PLACE_ACCOUNT;
	parse_id(account_id, account);
	until_ms = clock_monotonic_ms() + PATIENCE_MS;
	while ((verdict = try(kind, account,
	    clock_monotonic_ms() >= until_ms)) == LATER && !is_abandoned())
		nanosleep(&pause, NULL);
	if (verdict == NEVER)
		note_refusal();
	return verdict == STAY;
}

void
place_progress(void)
{
	if (self.mine != NULL)
		self.mine->since_ms = clock_monotonic_ms();
}

void
place_leave(void)
{
	if (self.mine != NULL)
		self.mine->kind = PLACE_NONE;
}

void
places_clear(struct places *table, size_t slot)
{
	uint64_t used = table->used;

	table->slots[slot].kind = PLACE_NONE;
	while (used <= slot &&
	    !atomic_compare_exchange_weak(&table->used, &used, slot + 1))
		;
}
