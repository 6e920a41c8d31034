/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Synchronizations that somebody waits for: what is due is delivered now. */
#ifndef REEVE_COURIER_SYNCHRONIZATION_H
#define REEVE_COURIER_SYNCHRONIZATION_H

#include "service/synchronization.h"

/*
 * Begins a synchronization and delivers what is due, as any courier does, until
 * nothing of it is pending or synchronization_timeout is over. Not inside a
 * transaction. *out: what is known then. Problems: those of
 * synchronization_begin.
 */
struct problem *courier_synchronize(struct db *db, struct arena *a,
    const struct actor *actor, const char *account_id,
    struct synchronization *out) MUSTCHECK;

#endif
