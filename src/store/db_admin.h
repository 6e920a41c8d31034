/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The administrator's connection, and the steps of migrations that call no
 * procedure. */
#ifndef REEVE_STORE_DB_ADMIN_H
#define REEVE_STORE_DB_ADMIN_H

#include "store/db.h"

/*
 * A connection as the administrator, opened when first needed. No database is
 * chosen, because it may not exist yet.
 */
struct db *db_new_admin(const struct config *config);

/*
 * Sends one statement of a file of sql/, never a text built from input.
 */
struct problem *db_run_file_statement(struct db *db, struct arena *a,
    const char *statement) MUSTCHECK;

/* Of the statement that failed last: did it wait for a lock in vain, or was it
 * chosen to end a deadlock? */
bool db_waited_for_lock(const struct db *db);

/* The same: was the connection lost, so that it may have been done? */
bool db_is_lost(const struct db *db);

/* The same: does the server say that what the statement makes is there already,
 * or that what it drops is gone? */
bool db_is_made_already(const struct db *db);

/* The same: had the user none of the rights that were to be taken? */
bool db_had_no_grant(const struct db *db);

/* Chooses the configured database. */
struct problem *db_use_database(struct db *db, struct arena *a) MUSTCHECK;

/* The text as a quoted SQL string, for placeholders of files in sql/. */
struct problem *db_quote(struct db *db, struct arena *a, const char *text,
    const char **quoted) MUSTCHECK;

#endif
