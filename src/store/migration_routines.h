/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The procedures of sql/routines/ in the database. Private to
 * store/migration*.c. */
#ifndef REEVE_STORE_MIGRATION_ROUTINES_H
#define REEVE_STORE_MIGRATION_ROUTINES_H

#include "store/migration_files.h"

struct migration_routine {
	const char *name;
	const char *checksum;
	const char *text; /* of the file */
};

/*
 * Calls a procedure that the migration itself needs. A missing or broken one is
 * created first; another migrate may be doing the same, so the result of the
 * creation is ignored and only the call counts.
 */
struct problem *migration_call_needed(struct migration *m,
    const struct db_procedure *procedure, const void *arguments,
    struct db_result *result) MUSTCHECK;

/* Reads the files; m->routines_digest is that of all of them. */
struct problem *migration_read_routines(struct migration *m) MUSTCHECK;

/*
 * Drops and creates each procedure that is missing, is not that of its file, or
 * was created by another user or with other settings. The others stay, so that
 * the programs that call them notice nothing.
 */
struct problem *migration_create_routines(struct migration *m) MUSTCHECK;

#endif
