/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The programs that use the database that is migrated. Private to
 * store/migration*.c. */
#ifndef REEVE_STORE_MIGRATION_PROGRAMS_H
#define REEVE_STORE_MIGRATION_PROGRAMS_H

#include <signal.h>

#include "store/migration_files.h"

/* Refuses with CONFLICT, and advice, while programs use the database. */
struct problem *migration_refuse_programs(struct migration *m) MUSTCHECK;

/* Waits until the programs that use the database have noticed that they may no
 * longer, or have not been seen for long enough. Says for whom it waits. Problems:
 * as migration_heed_signals. */
struct problem *migration_await_programs(struct migration *m) MUSTCHECK;

/* A pause in which a note that was made at another node of a cluster arrives.
 * Problems: as migration_heed_signals. */
struct problem *migration_let_notes_arrive(struct migration *m) MUSTCHECK;

/* Holds the signals that end a process (SIGHUP, SIGINT, SIGTERM) back, for the
 * functions above and below to look for them. */
void migration_hold_signals(sigset_t *before);
void migration_release_signals(const sigset_t *before);

/* Problems: UNAVAILABLE, one of these signals came. */
struct problem *migration_heed_signals(struct migration *m) MUSTCHECK;

#endif
