/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The processes that use the database, and whether they may. Each notes itself
 * in the database while it works, which tells migrate that it is there, and
 * learns that way that the procedures are no longer those it was built for.
 */
#ifndef REEVE_STORE_PROGRAMS_H
#define REEVE_STORE_PROGRAMS_H

#include "store/db.h"

enum program {
	PROGRAM_POOL,
	PROGRAM_COURIER,
	PROGRAM_COMMAND /* that takes long: a call may take minutes */
};

/*
 * From now on this process is noted while it uses the database. Each use fails
 * with UNAVAILABLE, and changes nothing, while the database is being migrated
 * and after its procedures became others.
 */
void store_program_join(struct db *db, enum program program);

/* Notes this process if it is time to: for one that has nothing to do. */
void store_program_rest(struct db *db, struct arena *a);

/* Forgets this process, unless it is not noted or not connected. */
void store_program_leave(struct db *db, struct arena *a);

/* Forgets processes that were killed long ago. */
struct problem *store_program_purge(struct db *db, struct arena *a) MUSTCHECK;

/* A process that uses the database. */
struct program_user {
	const char *host;
	int64_t process;
	const char *name;
	int64_t seconds; /* for which it is noted */
};

/* Lists them: rows are struct program_user. None in a database of a version that
 * noted none. */
struct problem *store_program_list(struct db *db, struct arena *a,
    struct db_result *users) MUSTCHECK;

#endif
