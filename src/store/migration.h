/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Brings a database to the schema and procedures of this version, and tells
 * whether it has them (sql/README).
 */
#ifndef REEVE_STORE_MIGRATION_H
#define REEVE_STORE_MIGRATION_H

#include <stdbool.h>

#include "store/db.h"

/*
 * Does the database hold what this program was built with, and does its server
 * take writes? *why says what is wrong and what to do; NULL: all is well.
 */
struct problem *migration_check(struct db *db, struct arena *a,
    const char **why) MUSTCHECK;

/*
 * Applies, over an administrator's connection, what is missing of
 * config->sql_dir, under a lock, and creates every procedure anew. create:
 * also the database and the application's user. say(text) reports each step;
 * it may be NULL. Problems carry the file and what to do in their text.
 */
struct problem *migration_run(struct db *admin, struct arena *a,
    const struct config *config, bool create, void (*say)(const char *text))
    MUSTCHECK;

#endif
