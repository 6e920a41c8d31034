/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The programs that use the database that is migrated. Private to
 * store/migration*.c. */
#ifndef REEVE_STORE_MIGRATION_PROGRAMS_H
#define REEVE_STORE_MIGRATION_PROGRAMS_H

#include "store/migration_files.h"

/* Refuses with CONFLICT, and advice, while programs use the database. */
struct problem *migration_refuse_programs(struct migration *m) MUSTCHECK;

/* Waits until the programs that use the database have noticed that they may no
 * longer, or have not been seen for long enough. Says for whom it waits. */
struct problem *migration_await_programs(struct migration *m) MUSTCHECK;

/* A pause in which a note that was made at another node of a cluster arrives. */
void migration_let_notes_arrive(void);

#endif
