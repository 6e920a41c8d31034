/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/db_connection.h"

#include "base/clock.h"

#define GUARD_MS 10000

void
db_guard_with(struct db *db, struct problem *(*guard)(struct db *db,
    struct arena *a, void *state, bool *refused), void *state)
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

struct problem *
db_ask_guard(struct db *db, struct arena *a)
{
	struct problem *(*opening)(struct db *, struct arena *, void *) =
	    db->opening;
	uint64_t commits = db->commits;
	int64_t now_ms = clock_monotonic_ms();
	bool refused = false;
	struct problem *p;

	if (db->guard == NULL || db->in_transaction || db->guarding ||
	    (db->guarded_ms != 0 && now_ms - db->guarded_ms < GUARD_MS))
		return NULL;
	/* Its transaction is none of the caller's. */
	db->guarding = true;
	db->opening = NULL;
	p = db->guard(db, a, db->guard_state, &refused);
	db->guarding = false;
	db->opening = opening;
	db->commits = commits;
	if (p != NULL && !refused && !is_of_all(db))
		p = NULL;
	if (p == NULL)
		db->guarded_ms = now_ms;
	return p;
}
