/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Objects of accounts: saved, taken over. */
#ifndef REEVE_SERVICE_OBJECT_H
#define REEVE_SERVICE_OBJECT_H

#include "service/object_count.h"

/*
 * Writes changes, as counted. Problems: CONFLICT (an id or what it claims is
 * taken: VALIDATION "unique", naming what), BAD_IDENTIFIER.
 */
struct problem *objects_save(struct db *db, struct arena *a,
    const struct number_classes *classes, const struct service *proposed,
    const struct object_change *changes, size_t count, int64_t now) MUSTCHECK;

/*
 * Counts again what counts the users of an account that is taken over: whenever
 * these may have become more.
 */
struct problem *objects_import_dependent(struct db *db, struct arena *a,
    const char *account_id, const struct number_classes *classes) MUSTCHECK;

/* Takes one over from elsewhere. *written: it was not there. */
struct problem *object_take_over(struct db *db, struct arena *a,
    const char *account_id, const struct number_classes *classes,
    const struct object *object, bool *written) MUSTCHECK;

#endif
