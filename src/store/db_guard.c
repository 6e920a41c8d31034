/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/db_connection.h"

#include <stdio.h>

#include "base/clock.h"

#define GUARD_MS 10000

void
db_guard_with(struct db *db, struct problem *(*guard)(struct db *db,
    struct arena *a, const struct db_use *use, bool *refused), void *state)
{
	db->guard = guard;
	db->guard_state = state;
	db->guarded_ms = 0;
}

bool
db_is_guarded(const struct db *db)
{
	return db->guarded_ms != 0 && db->mysql != NULL;
}

/* True of a problem that the caller meets, too: a database that can only be read
 * refuses the guard, and not those who read. */
static bool
is_of_all(const struct db *db)
{
	return db->mysql == NULL || db->outcome == OUTCOME_LOST ||
	    db_procedure_missing(db);
}

/* The caller has not begun, so nothing of it is uncertain; the guard may run
 * twice. */
static struct problem *
ask(struct db *db, struct arena *a, const struct db_use *use, bool *refused)
{
	struct problem *p = db->guard(db, a, use, refused), *own;

	if (p != NULL && p->kind == PROBLEM_UNCERTAIN)
		p = db->guard(db, a, use, refused);
	if (p == NULL || p->kind != PROBLEM_UNCERTAIN)
		return p;
	own = problem_new(a, PROBLEM_UNAVAILABLE);
	snprintf(own->log, sizeof(own->log), "%s", p->log);
	return own;
}

static bool
is_due(const struct db *db, bool lasts, int64_t now_ms)
{
	return db->guarded_ms == 0 || now_ms - db->guarded_ms >= GUARD_MS ||
	    (lasts && !db->guarded_long);
}

struct problem *
db_ask_guard(struct db *db, struct arena *a, bool lasts)
{
	struct problem *(*opening)(struct db *, struct arena *, void *) =
	    db->opening;
	const struct db_use use = { db->guard_state, lasts };
	uint64_t commits = db->commits;
	int64_t now_ms = clock_monotonic_ms();
	bool refused = false;
	struct problem *p;

	if (db->guard == NULL || db->in_transaction || db->guarding ||
	    !is_due(db, lasts, now_ms))
		return NULL;
	/* Its transaction is none of the caller's. */
	db->guarding = true;
	db->opening = NULL;
	p = ask(db, a, &use, &refused);
	db->guarding = false;
	db->opening = opening;
	db->commits = commits;
	if (p != NULL && !refused && !is_of_all(db))
		p = NULL;
	if (p == NULL) {
		db->guarded_ms = now_ms;
		db->guarded_long = lasts;
	}
	return p;
}
