/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/migration.h"

#include <string.h>

#include "base/buffer.h"
#include "base/gregorian.h"
#include "store/db_admin.h"
#include "store/migration_files.h"
#include "store/schema_version.h"

#define LOCK_WAIT_S 60

/* The name under which the procedures' digest is stored. */
#define ROUTINES "routines"

/* ---- procedures ---- */

/* A migration that was applied. */
struct applied_migration {
	const char *name;
	const char *checksum;
};

static const struct field applied_columns[] = {
	FIELD(TEXT, struct applied_migration, name),
	FIELD(TEXT, struct applied_migration, checksum),
};

static const struct db_procedure migration_list_call = {
	PROCEDURE(MIGRATION_LIST, "migration_list", READ),
	GIVES(struct applied_migration, applied_columns),
};

struct binlog_answer {
	bool refuses;
};

static const struct field binlog_columns[] = {
	FIELD(BOOL, struct binlog_answer, refuses),
};

static const struct db_procedure migration_binlog_call = {
	PROCEDURE(MIGRATION_BINLOG, "migration_binlog", READ),
	GIVES(struct binlog_answer, binlog_columns),
};

struct lock_request {
	int64_t wait_s;
};

static const struct field lock_request_parameters[] = {
	FIELD_AS("wait", INTEGER, struct lock_request, wait_s),
};

struct lock_answer {
	bool taken;
};

static const struct field answer_columns[] = {
	FIELD(BOOL, struct lock_answer, taken),
};

static const struct db_procedure migration_lock_call = {
	PROCEDURE(MIGRATION_LOCK, "migration_lock", READ),
	TAKES(lock_request_parameters),
	GIVES(struct lock_answer, answer_columns),
};

static const struct db_procedure migration_unlock_call = {
	PROCEDURE(MIGRATION_UNLOCK, "migration_unlock", READ),
};

struct migration_record {
	struct applied_migration applied;
	int64_t now;
};

static const struct field migration_record_parameters[] = {
	FIELD_AS("name", TEXT, struct migration_record, applied.name),
	FIELD_AS("checksum", TEXT, struct migration_record, applied.checksum),
	FIELD(INTEGER, struct migration_record, now),
};

static const struct db_procedure migration_record_call = {
	PROCEDURE(MIGRATION_RECORD, "migration_record", WRITE),
	TAKES(migration_record_parameters),
};

/* ---- the steps ---- */

static const char *
drop_statement(struct migration *m, const char *name)
{
	return arena_printf(m->arena, "DROP PROCEDURE IF EXISTS %s", name);
}

#define NEEDED_ATTEMPTS 3

/*
 * Calls a procedure that the migration itself needs. A missing or broken one is
 * created first; another migrate may be doing the same, so the result of the
 * creation is ignored and only the call counts.
 */
static struct problem *
call_needed(struct migration *m, const struct db_procedure *procedure,
    const void *arguments, struct db_result *result)
{
	const char *name = procedure->name, *file, *text;
	struct problem *p, *unread;
	int attempt;

	file = arena_printf(m->arena, "routines/%s.sql", name);
	for (attempt = 0; ; attempt++) {
		p = db_call(m->db, m->arena, procedure, arguments, result);
		if (p == NULL || attempt == NEEDED_ATTEMPTS ||
		    (p->kind != PROBLEM_FAULT && !db_procedure_missing(m->db)))
			return p;
		if ((unread = migration_read_file(m, file, &text)) != NULL)
			return unread;
		if (p->kind == PROBLEM_FAULT &&
		    migration_run_statement(m, file, drop_statement(m, name)) != NULL)
			return p;
		(void)!migration_run_statement(m, file, migration_without_comments(m, text));
	}
}

static struct problem *
create_routines(struct migration *m, const char **digest)
{
	const char **files, *text, *name;
	struct buffer all;
	struct problem *p;

	if ((p = migration_list_files(m, "routines", &files)) != NULL)
		return p;
	buffer_init(&all, m->arena, 0);
	migration_say(m, "creating procedures of", "routines/");
	for (; *files != NULL; files++) {
		name = migration_stem(m, *files);
		p = migration_read_file(m, arena_printf(m->arena, "routines/%s", *files),
		    &text);
		if (p != NULL)
			return p;
		buffer_puts(&all, text);
		p = migration_run_statement(m, *files, drop_statement(m, name));
		if (p == NULL)
			p = migration_run_statement(m, *files, migration_without_comments(m, text));
		if (p != NULL)
			return p;
	}
	*digest = migration_checksum(m, all.text);
	return NULL;
}

/* The checksum of an applied migration; NULL: not applied. */
static const char *
applied_checksum(const struct db_result *applied, const char *name)
{
	const struct applied_migration *one = applied->rows;
	size_t i;

	for (i = 0; i < applied->count; i++)
		if (strcmp(one[i].name, name) == 0)
			return one[i].checksum;
	return NULL;
}

static struct problem *
record(struct migration *m, const char *name, const char *sum)
{
	const struct migration_record new = { { name, sum }, gregorian_now() };

	return db_call(m->db, m->arena, &migration_record_call, &new, NULL);
}

/* Applies a missing migration; compares the checksum of an applied one. */
static struct problem *
apply_schema_file(struct migration *m, const char *file, bool only_compare)
{
	const char *name = migration_stem(m, file), *text, *sum, *before;
	struct problem *p;

	p = migration_read_file(m, arena_printf(m->arena, "schema/%s", file), &text);
	if (p != NULL)
		return p;
	sum = migration_checksum(m, text);
	before = applied_checksum(&m->applied, name);
	if (before != NULL && strcmp(before, sum) != 0)
		return problem_text(m->arena, PROBLEM_CONFLICT,
		    "schema/%s was changed after it was applied: this sql/ is "
		    "not the one of this database", file);
	if (before != NULL || only_compare)
		return NULL;
	migration_say(m, "applying", file);
	if ((p = migration_run_statements(m, file, text)) != NULL)
		return p;
	return record(m, name, sum);
}

static struct problem *
refuse_unknown(struct migration *m, const char **files)
{
	const struct applied_migration *applied = m->applied.rows;
	const char *name;
	size_t i, f;

	for (i = 0; i < m->applied.count; i++) {
		name = applied[i].name;
		if (strcmp(name, ROUTINES) == 0)
			continue;
		for (f = 0; files[f] != NULL; f++)
			if (strcmp(migration_stem(m, files[f]), name) == 0)
				break;
		if (files[f] == NULL)
			return problem_text(m->arena, PROBLEM_CONFLICT,
			    "the database has migration %s, which this version "
			    "does not know: it is newer; upgrade reeve", name);
	}
	return NULL;
}

/* Everything is compared before anything is changed. */
static struct problem *
apply_schema(struct migration *m, const char **files, bool only_compare)
{
	struct problem *p = NULL;

	for (; p == NULL && *files != NULL; files++)
		p = apply_schema_file(m, *files, only_compare);
	return p;
}

static struct problem *
run_locked(struct migration *m, bool create)
{
	const char *digest, **files;
	struct problem *p;

	if ((p = migration_list_files(m, "schema", &files)) != NULL ||
	    (p = call_needed(m, &migration_list_call, NULL,
	    &m->applied)) != NULL ||
	    (p = refuse_unknown(m, files)) != NULL ||
	    (p = apply_schema(m, files, true)) != NULL ||
	    (p = create_routines(m, &digest)) != NULL ||
	    (p = apply_schema(m, files, false)) != NULL ||
	    (p = record(m, ROUTINES, digest)) != NULL)
		return p;
	return create ? migration_run_template(m, "grants.sql") : NULL;
}

static struct problem *
take_lock(struct migration *m)
{
	const struct lock_request wish = { LOCK_WAIT_S };
	const struct lock_answer *answer;
	struct db_result found;
	struct problem *p;

	p = call_needed(m, &migration_lock_call, &wish, &found);
	if (p != NULL)
		return p;
	if ((answer = db_first(&found)) == NULL || !answer->taken)
		p = problem_text(m->arena, PROBLEM_UNAVAILABLE,
		    "another migrate has been running for %d s: try again when "
		    "it is done", LOCK_WAIT_S);
	return p;
}

static const char statement_binlog[] = "the database server has binlog_format "
    "= STATEMENT, with which it refuses every write of reeve: set it to ROW";

/* Refuses to begin where every write would fail. */
static struct problem *
refuse_statement_binlog(struct migration *m)
{
	const struct binlog_answer *answer;
	struct db_result found;
	struct problem *p;

	p = call_needed(m, &migration_binlog_call, NULL, &found);
	if (p != NULL)
		return p;
	answer = db_first(&found);
	return answer != NULL && answer->refuses ?
	    problem_text(m->arena, PROBLEM_CONFLICT, "%s", statement_binlog) :
	    NULL;
}

struct problem *
migration_run(struct db *admin, struct arena *a, const struct config *config,
    bool create, void (*report)(const char *text))
{
	struct migration m = {
		.db = admin, .arena = a, .config = config, .say = report,
	};
	struct problem *p, *unlock;
	const char *text;

	if (create && (p = migration_run_template(&m, "database.sql")) != NULL)
		return p;
	if ((p = db_use_database(admin, a)) != NULL ||
	    (p = migration_run_template(&m, "charset.sql")) != NULL ||
	    (p = migration_read_file(&m, "bootstrap.sql", &text)) != NULL ||
	    (p = migration_run_statements(&m, "bootstrap.sql", text)) != NULL ||
	    (p = refuse_statement_binlog(&m)) != NULL ||
	    (p = take_lock(&m)) != NULL)
		return p;
	p = run_locked(&m, create);
	unlock = db_call(admin, a, &migration_unlock_call, NULL, NULL);
	return p != NULL ? p : unlock;
}

/* Why the database does not match this program; NULL: it does. */
static const char *
schema_difference(const struct db_result *applied)
{
	const char *sum;

	if (applied_checksum(applied, SCHEMA_NEWEST) == NULL)
		return "the database's tables are older than this program: run "
		       "reevectl migrate";
	if ((sum = applied_checksum(applied, ROUTINES)) == NULL ||
	    strcmp(sum, ROUTINES_DIGEST) != 0)
		return "the database's procedures are not those of this "
		       "program: run reevectl migrate";
	if (applied->count > SCHEMA_COUNT + 1)
		return "the database's tables are newer than this program: "
		       "upgrade reeve";
	return NULL;
}

struct problem *
migration_check(struct db *db, struct arena *a, const char **why)
{
	struct binlog_answer binlog;
	struct db_result applied;
	struct problem *p;

	*why = NULL;
	p = db_call(db, a, &migration_list_call, NULL, &applied);
	if (p != NULL && db_procedure_missing(db)) {
		*why = arena_printf(a, "the database has no procedures of reeve "
		    "(%s): run reevectl migrate", p->log);
		return NULL;
	}
	if (p != NULL || (*why = schema_difference(&applied)) != NULL)
		return p;
	p = db_call_for_row(db, a, &migration_binlog_call, NULL, &binlog);
	if (p == NULL && binlog.refuses)
		*why = statement_binlog;
	return p;
}
