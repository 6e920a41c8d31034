/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Applies a file of sql/schema/ statement by statement. The database remembers
 * after which one it stopped, so the next migrate goes on there. Private to
 * store/migration*.c.
 */
#ifndef REEVE_STORE_MIGRATION_SCHEMA_H
#define REEVE_STORE_MIGRATION_SCHEMA_H

#include "store/migration_files.h"

/* Runs those statements of the file that were not run yet. name: under which it
 * is remembered. */
struct problem *migration_apply(struct migration *m, const char *file,
    const char *name, const char *text) MUSTCHECK;

#endif
