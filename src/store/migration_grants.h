/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The database users of the pool and of reevectl, and what they may call.
 * Private to store/migration*.c. */
#ifndef REEVE_STORE_MIGRATION_GRANTS_H
#define REEVE_STORE_MIGRATION_GRANTS_H

#include "store/migration_files.h"

/* Creates the users of the configuration, and sets their passwords. */
struct problem *migration_create_users(struct migration *m) MUSTCHECK;

/*
 * Grants EXECUTE on a procedure that was just created to those that the head of
 * its file names as callers, since a dropped procedure takes its grants along.
 * Where reevectl has no user of its own, that of the pool may call all.
 */
struct problem *migration_grant(struct migration *m,
    const struct migration_routine *routine) MUSTCHECK;

/* Finds out, before anything is changed, whether the users are there and this
 * one may grant. */
struct problem *migration_try_grants(struct migration *m) MUSTCHECK;

/* Makes the grants of all procedures right. create: takes all other rights from
 * the users, too. */
struct problem *migration_grant_all(struct migration *m, bool create) MUSTCHECK;

#endif
