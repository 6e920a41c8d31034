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

/* Chooses the configured database. */
struct problem *db_use_database(struct db *db, struct arena *a) MUSTCHECK;

/* The text as a quoted SQL string, for placeholders of files in sql/. */
struct problem *db_quote(struct db *db, struct arena *a, const char *text,
    const char **quoted) MUSTCHECK;

#endif
