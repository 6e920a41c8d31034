/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of sql/, and their statements, for a migration. Private to
 * store/migration*.c. */
#ifndef REEVE_STORE_MIGRATION_FILES_H
#define REEVE_STORE_MIGRATION_FILES_H

#include "store/db.h"

struct migration_routine;

struct migration {
	struct db *db;
	struct arena *arena;
	const struct config *config;
	void (*say)(const char *text);
	struct db_result applied; /* of struct applied_migration */
	struct migration_routine *routines; /* ended by one without a name */
	const char *routines_digest;
	bool beside;              /* programs are told to leave */
	bool halfway;             /* one before this stopped while it changed */
	const char *owner;        /* of the lease */
	int64_t renewed_ms;       /* when the lease was taken or renewed */
};

/* Reports a step. */
void migration_say(const struct migration *m, const char *what,
    const char *name);

/* The text of a file, named by its path below sql_dir. */
struct problem *migration_read_file(struct migration *m, const char *name,
    const char **text) MUSTCHECK;

/* The names of *.sql in a folder below sql_dir, sorted, ended by NULL. */
struct problem *migration_list_files(struct migration *m, const char *folder,
    const char ***out) MUSTCHECK;

/* The name of a file without ".sql". */
const char *migration_stem(const struct migration *m, const char *file);

/* The SHA-256 of a text, in hex. */
const char *migration_checksum(struct migration *m, const char *text);

/* A text without its comment lines: servers refuse a statement of comments
 * only. */
char *migration_without_comments(struct migration *m, const char *text);

/* Puts file and statement into a problem's text, and returns it. */
struct problem *migration_blame(struct migration *m, const char *file,
    const char *statement, struct problem *p) MUSTCHECK;

/* True if a statement met a lock and should be run again, which it says. Attempts
 * are counted from 0. */
bool migration_may_try_again(const struct migration *m, const char *file,
    const struct problem *p, int *attempt) MUSTCHECK;

/* The next statement, ended in place; each ends with ';' at the end of a line.
 * NULL: there is none. */
const char *migration_next_statement(char **rest);

/* Runs a statement of a file, again after a wait for a lock; a problem's text
 * names both. */
struct problem *migration_run_statement(struct migration *m, const char *file,
    const char *statement) MUSTCHECK;

/* Runs the statements of a file's text. */
struct problem *migration_run_statements(struct migration *m,
    const char *file, const char *text) MUSTCHECK;

/* A file below sql_dir, and what its placeholders stand for. */
struct migration_template {
	const char *file;
	enum database_user user;
	const char *procedure; /* NULL: of none */
};

/* Runs a file with its placeholders filled in. */
struct problem *migration_run_template(struct migration *m,
    const struct migration_template *template) MUSTCHECK;

#endif
