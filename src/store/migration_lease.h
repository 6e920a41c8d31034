/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lease by which one migrate at a time works on a database, from whatever
 * node of a cluster. It expires unless it is renewed, so one that has died keeps
 * nobody waiting. Private to store/migration*.c.
 */
#ifndef REEVE_STORE_MIGRATION_LEASE_H
#define REEVE_STORE_MIGRATION_LEASE_H

#include "store/migration_files.h"

/* Waits until the lease is free, and takes it; says for whom it waits. Problems:
 * UNAVAILABLE after an hour. */
struct problem *migration_take_lease(struct migration *m) MUSTCHECK;

/* Renews the lease between statements, if it is time to. Problems: CONFLICT,
 * another has it: a statement took longer than the lease lasts. */
struct problem *migration_keep_lease(struct migration *m) MUSTCHECK;

/* Renews it at once: before something is recorded. Problems: the same. */
struct problem *migration_renew_lease(struct migration *m) MUSTCHECK;

struct problem *migration_give_lease_back(struct migration *m) MUSTCHECK;

#endif
