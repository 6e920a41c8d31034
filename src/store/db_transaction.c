/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/db_transaction.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/places.h"
#include "store/db_connection.h"

#define ATTEMPTS 8        /* of one transaction */
#define LONG_ATTEMPTS 2   /* of them after a lost connection or a long wait */

static struct problem *
transaction_begin(struct db *db, struct arena *a)
{
	struct problem *p;

	db->outcome = OUTCOME_NONE;
	if ((p = db_connect(db, a)) != NULL)
		return p;
	db->round_trips++;
	if (mysql_query(db->mysql, "START TRANSACTION") != 0)
		return connection_take_error(db, a, "begin");
	return NULL;
}

/* Of the library's own errors at COMMIT, two say that it was not sent; of the
 * server's, one of those that end the connection says that it was refused. */
static bool
commit_may_be_done(const struct db *db)
{
	const unsigned thousand = db->error / 1000;

	/* 5: those of MariaDB's library. */
	if (db->error == 0 || thousand == 2 || thousand == 5)
		return db->error != CR_SERVER_GONE_ERROR &&
		    db->error != CR_COMMANDS_OUT_OF_SYNC;
	return db->outcome == OUTCOME_LOST && db->error != ER_UNKNOWN_COM_ERROR;
}

static struct problem *
transaction_commit(struct db *db, struct arena *a)
{
	struct problem *p;

	db->round_trips++;
	db->commits++;
	if (mysql_commit(db->mysql) == 0)
		return NULL;
	p = connection_take_error(db, a, "commit");
	if (commit_may_be_done(db)) {
		/* It may be committed: only a later look can tell. */
		db->outcome = OUTCOME_NONE;
		db_disconnect(db);
		return problem_uncertain(a, p->log);
	}
	db->commits--;
	return p;
}

/* Makes the connection fit for another attempt. */
static void
transaction_roll_back(struct db *db)
{
	if (db->outcome == OUTCOME_LOST) {
		db_disconnect(db);
		return;
	}
	if (db->mysql != NULL) {
		db->round_trips++;
		if (mysql_rollback(db->mysql) != 0)
			db_disconnect(db);
	}
}

void
pause_before_attempt(int attempt)
{
	long ms = (1L << attempt) + random() % (2L << attempt);
	struct timespec t = { .tv_nsec = ms * 1000000L };

	nanosleep(&t, NULL);
}

/* ---- work outside ---- */

struct outside {
	struct outside *next;
	struct db_errand errand;
	const void *result; /* NULL: not done yet */
};

struct problem *
db_do_outside(struct db *db, struct arena *a, const struct db_errand *errand,
    const void **out)
{
	struct outside *o;

	*out = NULL;
	if (!db->in_transaction || db->outside_arena == NULL)
		return errand->work(a, errand, out);
	for (o = db->outside; o != NULL; o = o->next) {
		if (o->errand.work == errand->work &&
		    strcmp(o->errand.text, errand->text) == 0) {
			*out = o->result;
			return NULL;
		}
	}
	o = arena_alloc(db->outside_arena, sizeof(*o));
	*o = (struct outside){ db->outside, *errand, NULL };
	o->errand.text = arena_strdup(db->outside_arena, errand->text);
	db->outside = o;
	db->outside_waits = true;
	return NULL;
}

static struct problem *
outside_work(struct db *db)
{
	struct problem *p = NULL;
	struct outside *o;

	db->outside_waits = false;
	for (o = db->outside; o != NULL && p == NULL; o = o->next) {
		place_progress();
		if (o->result == NULL)
			p = o->errand.work(db->outside_arena, &o->errand,
			    &o->result);
	}
	return p;
}

/* ---- transactions ---- */

static struct problem *
transaction_attempt(struct db *db, struct arena *a,
    struct problem *(*work)(struct db *, struct arena *, void *), void *state)
{
	enum db_outcome outcome;
	struct problem *p;

	if ((p = transaction_begin(db, a)) == NULL) {
		db->in_transaction = true;
		if (db->opening != NULL)
			p = db->opening(db, a, db->opening_state);
		if (p == NULL)
			p = work(db, a, state);
		db->in_transaction = false;
		if (p == NULL && !db->outside_waits)
			p = transaction_commit(db, a);
	}
	if (p != NULL || db->outside_waits) {
		outcome = db->outcome;
		transaction_roll_back(db);
		db->outcome = outcome;
	}
	return p;
}

void
db_open_with(struct db *db, struct problem *(*opening)(struct db *db,
    struct arena *a, void *state), void *state)
{
	db->opening = opening;
	db->opening_state = state;
}

struct problem *
db_transaction(struct db *db, struct arena *a,
    struct problem *(*work)(struct db *db, struct arena *a, void *state),
    void *state)
{
	struct problem *p = NULL;
	int attempt, longer = 0;

	if (db->in_transaction)
		return problem_fault(a, "a transaction inside a transaction");
	if ((p = db_ask_guard(db, a, false)) != NULL)
		return p;
	db->outside = NULL;
	db->outside_waits = false;
	db->outside_arena = a;
	for (attempt = 0; attempt < ATTEMPTS; attempt++) {
		p = transaction_attempt(db, a, work, state);
		if (p == NULL && db->outside_waits &&
		    (p = outside_work(db)) == NULL)
			continue;
		if (p == NULL || db->outcome == OUTCOME_NONE)
			return p;
		/* A server lost once may be back; lost twice, it is down. */
		if (db->outcome == OUTCOME_REPEAT)
			pause_before_attempt(attempt);
		else if (++longer == LONG_ATTEMPTS ||
		    (db->hasty && db->outcome == OUTCOME_WAITED))
			return p;
	}
	return p;
}

/* ---- a part of a transaction ---- */

static struct problem *
say(struct db *db, struct arena *a, const char *statement)
{
	db->round_trips++;
	return mysql_query(db->mysql, statement) == 0 ? NULL :
	    connection_take_error(db, a, "savepoint");
}

struct problem *
db_savepoint(struct db *db, struct arena *a)
{
	return say(db, a, "SAVEPOINT part");
}

struct problem *
db_undo(struct db *db, struct arena *a)
{
	return say(db, a, "ROLLBACK TO SAVEPOINT part");
}

/* ---- snapshots ---- */

/* READ COMMITTED, the level of the session, has a new snapshot for each
 * statement; the first line holds for the next transaction only. */
static const char *const snapshot_begin_lines[] = {
	"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
	"START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
};

static struct problem *
snapshot_begin(struct db *db, struct arena *a)
{
	struct problem *p;
	size_t i;

	db->outcome = OUTCOME_NONE;
	if ((p = db_connect(db, a)) != NULL)
		return p;
	for (i = 0; i < NELEM(snapshot_begin_lines); i++) {
		db->round_trips++;
		if (mysql_query(db->mysql, snapshot_begin_lines[i]) != 0)
			return connection_take_error(db, a, "begin");
	}
	return NULL;
}

struct problem *
db_snapshot(struct db *db, struct arena *a,
    struct problem *(*work)(struct db *db, struct arena *a, void *state),
    void *state)
{
	struct problem *p;

	if (db->in_transaction)
		return problem_fault(a, "a transaction inside a transaction");
	if ((p = db_ask_guard(db, a, true)) != NULL)
		return p;
	p = snapshot_begin(db, a);
	if (p != NULL && db->outcome == OUTCOME_LOST) {
		db_disconnect(db);
		p = snapshot_begin(db, a);
	}
	if (p == NULL) {
		db->in_transaction = true;
		p = work(db, a, state);
		db->in_transaction = false;
	}
	transaction_roll_back(db);
	return p;
}
