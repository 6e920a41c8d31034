/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/migration_schema.h"

#include <string.h>
#include <strings.h>

#include "store/db_admin.h"
#include "store/migration_lease.h"
#include "store/migration_routines.h"

/* How far a file has come: statements done, and begun, and of those the
 * checksum. */
struct migration_step {
	const char *name;
	int64_t done;
	int64_t begun;
	const char *checksum;
};

static const struct field step_parameters[] = {
	FIELD(TEXT, struct migration_step, name),
	FIELD(INTEGER, struct migration_step, done),
	FIELD(INTEGER, struct migration_step, begun),
	FIELD(TEXT, struct migration_step, checksum),
};

static const struct field step_columns[] = {
	FIELD(INTEGER, struct migration_step, done),
	FIELD(INTEGER, struct migration_step, begun),
	FIELD(TEXT, struct migration_step, checksum),
};

static const struct field name_parameters[] = {
	FIELD(TEXT, struct migration_step, name),
};

static const struct db_procedure migration_progress_call = {
	PROCEDURE(MIGRATION_PROGRESS, "migration_progress", READ),
	TAKES(name_parameters),
	GIVES(struct migration_step, step_columns),
};

/* The same; it is held until the transaction ends. */
static const struct db_procedure migration_hold_call = {
	PROCEDURE(MIGRATION_HOLD, "migration_hold", WRITE),
	TAKES(name_parameters),
	GIVES(struct migration_step, step_columns),
};

static const struct db_procedure migration_advance_call = {
	PROCEDURE(MIGRATION_ADVANCE, "migration_advance", WRITE),
	TAKES(step_parameters),
};

/* A statement of a file. */
struct statement {
	struct migration *migration;
	const char *file;
	const char *text;
	int64_t number;       /* from 1 */
	const char *name;     /* of the migration */
	const char *before;   /* checksum of the statements before it */
	const char *checksum; /* the same, with it */
};

static struct problem *
advance(const struct statement *s, int64_t done, int64_t begun)
{
	const struct migration_step step = { s->name, done, begun,
		begun < s->number ? s->before : s->checksum };
	struct migration *m = s->migration;

	return db_call(m->db, m->arena, &migration_advance_call, &step, NULL);
}

/* True of statements that a transaction can hold; the others commit by
 * themselves. */
static bool
is_of_rows(const char *text)
{
	static const char *const verbs[] = {
		"INSERT", "UPDATE", "DELETE", "REPLACE", "WITH"
	};
	size_t i;

	text += strspn(text, " \n\t");
	for (i = 0; i < NELEM(verbs); i++)
		if (strncasecmp(text, verbs[i], strlen(verbs[i])) == 0)
			return true;
	return false;
}

static bool
is_same(const struct migration_step *x, const struct migration_step *y)
{
	return x->done == y->done && x->begun == y->begun &&
	    strcmp(x->checksum, y->checksum) == 0;
}

/* Another migrate may have run it while this one waited: the lease expires, and
 * only the progress, held until the rows are committed, tells. */
static struct problem *
change_rows(struct db *db, struct arena *a, void *state)
{
	const struct statement *s = state;
	const struct migration_step of = { .name = s->name },
	    after = { s->name, s->number, s->number, s->checksum };
	struct migration_step now;
	struct problem *p;

	p = db_call_for_row(db, a, &migration_hold_call, &of, &now);
	if (p != NULL || is_same(&now, &after))
		return p;
	if (now.done != s->number - 1)
		return problem_text(a, PROBLEM_CONFLICT, "another migrate is "
		    "further in schema/%s: run it again", s->file);
	p = db_run_file_statement(db, a, s->text);
	return p != NULL ? p : advance(s, s->number, s->number);
}

/* Another attempt may meet the same lock: it is tried as others are. */
static struct problem *
run_on_rows(struct statement *s)
{
	struct migration *m = s->migration;
	struct problem *p;
	int attempt = 0;

	do {
		p = db_transaction(m->db, m->arena, change_rows, s);
	} while (migration_may_try_again(m, s->file, p, &attempt));
	return p == NULL || p->kind == PROBLEM_CONFLICT ? p :
	    migration_blame(m, s->file, s->text, p);
}

/*
 * Begun tells that a migrate before this one ended within the statement: then it
 * may have been done, and is if the server says that what it makes is there.
 */
static struct problem *
run_on_tables(struct statement *s, bool begun)
{
	struct migration *m = s->migration;
	struct problem *p, *forgotten;

	if (!begun && (p = advance(s, s->number - 1, s->number)) != NULL)
		return p;
	p = migration_run_statement(m, s->file, s->text);
	if (p != NULL && begun && db_is_made_already(m->db))
		p = NULL;
	if (p == NULL)
		return (p = migration_renew_lease(m)) != NULL ? p :
		    advance(s, s->number, s->number);
	/* If the server refused it, it did nothing. */
	if (!begun && !db_is_lost(m->db) &&
	    (forgotten = advance(s, s->number - 1, s->number - 1)) != NULL)
		return forgotten;
	return p;
}

static struct problem *
run_one(struct statement *s, const struct migration_step *before)
{
	struct problem *p;

	if (s->number <= before->done)
		return NULL;
	if ((p = migration_renew_lease(s->migration)) != NULL)
		return p;
	return is_of_rows(s->text) ? run_on_rows(s) :
	    run_on_tables(s, s->number <= before->begun);
}

static struct problem *
read_progress(struct migration *m, const char *name,
    struct migration_step *step)
{
	const struct migration_step of = { .name = name };
	const struct migration_step *found;
	struct db_result rows;
	struct problem *p;

	*step = (struct migration_step){ 0 };
	p = db_call(m->db, m->arena, &migration_progress_call, &of, &rows);
	if (p == NULL && (found = db_first(&rows)) != NULL)
		*step = *found;
	return p;
}

struct problem *
migration_apply(struct migration *m, const char *file, const char *name,
    const char *text)
{
	struct statement s = { .migration = m, .file = file, .name = name,
		.before = migration_checksum(m, "") };
	char *next = migration_without_comments(m, text);
	struct migration_step before;
	struct problem *p;

	if ((p = read_progress(m, name, &before)) != NULL)
		return p;
	while (p == NULL && (s.text = migration_next_statement(&next)) != NULL) {
		s.number++;
		s.checksum = migration_checksum(m, arena_printf(m->arena,
		    "%s%s", s.before, s.text));
		if (s.number == before.begun &&
		    strcmp(s.checksum, before.checksum) != 0)
			return problem_text(m->arena, PROBLEM_CONFLICT,
			    "schema/%s was changed after it was applied in "
			    "part (%lld statements): put them back", file,
			    (long long)before.begun);
		if (s.number == before.done + 1 && before.done > 0)
			migration_say(m, "going on behind the last statement "
			    "that was done in", file);
		p = run_one(&s, &before);
		s.before = s.checksum;
	}
	return p;
}
