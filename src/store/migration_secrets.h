/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The steps of migrations that need the configured secret, and so cannot be SQL.
 * Each is the end of a file of sql/schema and is done before the file is noted
 * as applied: once, and again from its start if it was broken off. Private to
 * store/migration*.c.
 */
#ifndef REEVE_STORE_MIGRATION_SECRETS_H
#define REEVE_STORE_MIGRATION_SECRETS_H

#include "store/migration_files.h"

/* Does the step of the file of a name, if it has one. Problems: CONFLICT (no
 * secret is configured, and there is something to do). */
struct problem *migration_use_secret(struct migration *m, const char *name)
    MUSTCHECK;

#endif
