/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Brings a database to the schema and procedures of this version, and checks
 * that it has them (sql/README).
 */
#ifndef REEVE_STORE_MIGRATION_H
#define REEVE_STORE_MIGRATION_H

#include <stdbool.h>

#include "store/db.h"

/*
 * Checks that the database has the schema and procedures of this program, and
 * that its server accepts writes. *why says what is wrong and what to do;
 * NULL: all is well.
 */
struct problem *migration_check(struct db *db, struct arena *a,
    const char **why) MUSTCHECK;

struct migration_wish {
	bool create; /* also the database, and the users of pool and reevectl */
	bool beside; /* programs that use the database are kept out of it from
	                now on; without this, they are a reason to refuse */
	void (*say)(const char *text); /* reports each step; may be NULL */
};

/*
 * Applies the missing migrations of config->sql_dir over an administrator's
 * connection, one at a time in a cluster (a lease), and creates the procedures
 * that differ. Where reevectl has a user of its own, grants each procedure to
 * its callers. A statement that meets a lock is run again some times. What was
 * done is remembered statement by statement, so that another run goes on where
 * one stopped. If programs use the database and there is something to change, it
 * is CONFLICT and nothing was changed. The text of a problem names the file and
 * what to do.
 */
struct problem *migration_run(struct db *admin, struct arena *a,
    const struct config *config, const struct migration_wish *wish) MUSTCHECK;

#endif
