/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/programs.h"

#include <stdio.h>
#include <unistd.h>

#include "base/machine.h"
#include "store/schema_version.h"

/* Three times that after which the guard is asked again. */
#define NOTED_S 30
/* Of what may take minutes: a command, or an answer to a slow client. */
#define LONG_NOTED_S 300

struct program_kind {
	const char *name;
	int64_t seconds;
};

static const struct program_kind kinds[] = {
	[PROGRAM_POOL] = { "reeve", NOTED_S },
	[PROGRAM_COURIER] = { "reeve-courier", NOTED_S },
	[PROGRAM_COMMAND] = { "reevectl", LONG_NOTED_S },
};

static const struct field user_columns[] = {
	FIELD(TEXT, struct program_user, host),
	FIELD(INTEGER, struct program_user, process),
	FIELD(TEXT, struct program_user, name),
	FIELD(INTEGER, struct program_user, seconds),
};

static const struct db_procedure program_list_call = {
	PROCEDURE(PROGRAM_LIST, "program_list", READ),
	GIVES(struct program_user, user_columns),
};

struct program_note {
	struct program_user user;
	const char *digest;
};

static const struct field note_parameters[] = {
	FIELD_AS("host", TEXT, struct program_note, user.host),
	FIELD_AS("process", INTEGER, struct program_note, user.process),
	FIELD_AS("name", TEXT, struct program_note, user.name),
	FIELD(TEXT, struct program_note, digest),
	FIELD_AS("seconds", INTEGER, struct program_note, user.seconds),
};

struct program_verdict {
	bool fits;
};

static const struct field verdict_columns[] = {
	FIELD(BOOL, struct program_verdict, fits),
};

static const struct db_procedure program_note_call = {
	PROCEDURE(PROGRAM_NOTE, "program_note", WRITE),
	TAKES(note_parameters),
	GIVES(struct program_verdict, verdict_columns),
};

static const struct field leave_parameters[] = {
	FIELD(TEXT, struct program_user, host),
	FIELD(INTEGER, struct program_user, process),
};

static const struct db_procedure program_leave_call = {
	PROCEDURE(PROGRAM_LEAVE, "program_leave", WRITE),
	TAKES(leave_parameters),
};

static const struct db_procedure program_purge_call = {
	PROCEDURE(PROGRAM_PURGE, "program_purge", WRITE),
};

struct problem *
store_program_purge(struct db *db, struct arena *a)
{
	return db_call(db, a, &program_purge_call, NULL, NULL);
}

struct problem *
store_program_list(struct db *db, struct arena *a, struct db_result *users)
{
	struct problem *p = db_call(db, a, &program_list_call, NULL, users);

	return p != NULL && db_procedure_missing(db) ? NULL : p;
}

static struct program_user
user_describe(struct arena *a, const struct program_kind *kind)
{
	return (struct program_user){ machine_name(a), getpid(), kind->name,
		kind->seconds };
}

static struct problem *
guard(struct db *db, struct arena *a, const struct db_use *use, bool *refused)
{
	struct program_note note = { user_describe(a, use->state),
		ROUTINES_DIGEST };
	struct program_verdict verdict;
	struct problem *p;

	if (use->lasts)
		note.user.seconds = LONG_NOTED_S;
	p = db_call_for_row(db, a, &program_note_call, &note, &verdict);
	if (p != NULL || verdict.fits)
		return p;
	*refused = true;
	p = problem_new(a, PROBLEM_UNAVAILABLE);
	snprintf(p->log, sizeof(p->log), "the database's procedures are not "
	    "those of this program: it is being migrated, or was: start the "
	    "program of its version");
	return p;
}

void
store_program_join(struct db *db, enum program program)
{
	db_guard_with(db, guard, (void *)&kinds[program]);
}

void
store_program_rest(struct db *db, struct arena *a)
{
	/* The next use meets the same problem. */
	(void)!db_ask_guard(db, a, false);
}

void
store_program_leave(struct db *db, struct arena *a)
{
	const struct program_user user = user_describe(a, &kinds[0]);

	if (!db_is_guarded(db))
		return;
	db_guard_with(db, NULL, NULL);
	/* If it fails, the note expires. */
	(void)!db_call(db, a, &program_leave_call, &user, NULL);
}
