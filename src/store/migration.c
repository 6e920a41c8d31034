/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/migration.h"

#include <signal.h>
#include <string.h>

#include "base/gregorian.h"
#include "store/db_admin.h"
#include "store/migration_files.h"
#include "store/migration_grants.h"
#include "store/migration_lease.h"
#include "store/migration_programs.h"
#include "store/migration_routines.h"
#include "store/migration_schema.h"
#include "store/migration_secrets.h"
#include "store/schema_version.h"

/* The name under which the procedures' digest is stored. */
#define ROUTINES "routines"

/* Stored instead of it while they are changed. */
#define BEING_CHANGED "being changed"

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
	if ((p = migration_apply(m, file, name, text)) != NULL ||
	    (p = migration_use_secret(m, name)) != NULL ||
	    (p = migration_renew_lease(m)) != NULL)
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

static bool
is_upgrade(const struct migration *m, const char **files)
{
	const char *digest = applied_checksum(&m->applied, ROUTINES);

	if (digest == NULL) /* no program has used it */
		return false;
	if (strcmp(digest, m->routines_digest) != 0)
		return true;
	for (; *files != NULL; files++)
		if (applied_checksum(&m->applied,
		    migration_stem(m, *files)) == NULL)
			return true;
	return false;
}

/*
 * Keeps programs out while tables and procedures are changed. Each compares the
 * record of the procedures when it notes that it is there, so after the record
 * has become another, no further one comes; those that are there are looked for
 * before and after.
 */
static struct problem *
change_record(struct migration *m)
{
	struct problem *p;

	if ((p = record(m, ROUTINES, BEING_CHANGED)) != NULL ||
	    (p = migration_let_notes_arrive(m)) != NULL ||
	    (p = m->beside ? migration_await_programs(m) :
	    migration_refuse_programs(m)) != NULL)
		return p;
	return migration_heed_signals(m);
}

/* Nothing was changed: programs go on, unless another migrate has the lease. */
static struct problem *
put_record_back(struct migration *m, const char *digest)
{
	struct problem *p;

	if ((p = migration_renew_lease(m)) == NULL &&
	    (p = record(m, ROUTINES, digest)) == NULL)
		return NULL;
	return problem_text(m->arena, PROBLEM_UNAVAILABLE, "programs are kept "
	    "out of the database until you run reevectl migrate --beside (%s)",
	    p->log[0] != '\0' ? p->log : p->text);
}

static struct problem *
keep_programs_out(struct migration *m)
{
	const char *digest = applied_checksum(&m->applied, ROUTINES);
	struct problem *p, *back;
	sigset_t before;

	m->halfway = strcmp(digest, BEING_CHANGED) == 0;
	if (!m->beside && (p = migration_refuse_programs(m)) != NULL)
		return p;
	migration_hold_signals(&before);
	p = change_record(m);
	if (p != NULL && (back = put_record_back(m, digest)) != NULL)
		p = back;
	migration_release_signals(&before);
	return p;
}

static struct problem *
run_alone(struct migration *m, bool create)
{
	const char **files;
	struct problem *p;

	if ((p = migration_list_files(m, "schema", &files)) != NULL ||
	    (p = migration_call_needed(m, &migration_list_call, NULL,
	    &m->applied)) != NULL ||
	    (p = refuse_unknown(m, files)) != NULL ||
	    (p = apply_schema(m, files, true)) != NULL ||
	    (p = migration_read_routines(m)) != NULL ||
	    (p = migration_try_grants(m)) != NULL ||
	    (is_upgrade(m, files) && (p = keep_programs_out(m)) != NULL) ||
	    (p = migration_create_routines(m)) != NULL ||
	    (p = apply_schema(m, files, false)) != NULL ||
	    (p = migration_renew_lease(m)) != NULL ||
	    (p = migration_grant_all(m, create)) != NULL)
		return p;
	return record(m, ROUTINES, m->routines_digest);
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

	p = migration_call_needed(m, &migration_binlog_call, NULL, &found);
	if (p != NULL)
		return p;
	answer = db_first(&found);
	return answer != NULL && answer->refuses ?
	    problem_text(m->arena, PROBLEM_CONFLICT, "%s", statement_binlog) :
	    NULL;
}

struct problem *
migration_run(struct db *admin, struct arena *a, const struct config *config,
    const struct migration_wish *wish)
{
	struct migration m = {
		.db = admin, .arena = a, .config = config, .say = wish->say,
		.beside = wish->beside,
	};
	static const struct migration_template database = { "database.sql",
		AS_OWNER, NULL }, charset = { "charset.sql", AS_OWNER, NULL };
	bool create = wish->create;
	struct problem *p, *left;
	const char *text;

	if (create && (
	    (p = migration_run_template(&m, &database)) != NULL ||
	    (p = migration_create_users(&m)) != NULL))
		return p;
	if ((p = db_use_database(admin, a)) != NULL ||
	    (p = migration_run_template(&m, &charset)) != NULL ||
	    (p = migration_read_file(&m, "bootstrap.sql", &text)) != NULL ||
	    (p = migration_run_statements(&m, "bootstrap.sql", text)) != NULL ||
	    (p = refuse_statement_binlog(&m)) != NULL ||
	    (p = migration_take_lease(&m)) != NULL)
		return p;
	p = run_alone(&m, create);
	left = migration_give_lease_back(&m);
	return p != NULL ? p : left;
}

/* Why the database does not match this program; NULL: it does. */
static const char *
schema_difference(const struct db_result *applied)
{
	const char *sum;

	if (applied_checksum(applied, SCHEMA_NEWEST) == NULL)
		return "the database's tables are older than this program: run "
		       "reevectl migrate";
	if (applied->count > SCHEMA_COUNT + 1)
		return "the database's tables are newer than this program: "
		       "upgrade reeve, or start the program that is installed";
	sum = applied_checksum(applied, ROUTINES);
	if (sum != NULL && strcmp(sum, BEING_CHANGED) == 0)
		return "the database is being migrated, or a migrate stopped "
		       "halfway: then run reevectl migrate --beside";
	if (sum == NULL || strcmp(sum, ROUTINES_DIGEST) != 0)
		return "the database's procedures are not those of this "
		       "program: if they were upgraded, start the program of "
		       "their version, else run reevectl migrate";
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
		    "that this user may call (%s): run reevectl migrate, as it "
		    "is configured for this program", p->log);
		return NULL;
	}
	if (p != NULL || (*why = schema_difference(&applied)) != NULL)
		return p;
	p = db_call_for_row(db, a, &migration_binlog_call, NULL, &binlog);
	if (p == NULL && binlog.refuses)
		*why = statement_binlog;
	return p;
}
