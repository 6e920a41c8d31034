/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Synchronizations that a client waits for: due messages are delivered now. */
#ifndef REEVE_COURIER_SYNCHRONIZATION_H
#define REEVE_COURIER_SYNCHRONIZATION_H

#include "service/synchronization.h"

/*
 * Begins a synchronization and delivers due messages, as any courier does,
 * until none of its own is pending or synchronization_timeout has passed; at
 * once if the process may not wait (base/places.h), or as soon as only messages
 * to receivers with open breakers (base/breakers.h) are pending. Not inside a
 * transaction. *out is its state then. Problems: those of
 * synchronization_begin.
 */
struct problem *courier_synchronize(struct db *db, struct arena *a,
    const struct actor *actor, const char *account_id,
    struct synchronization *out) MUSTCHECK;

#endif
