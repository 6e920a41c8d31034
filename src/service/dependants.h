/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Objects that something else still needs are not deleted. */
#ifndef REEVE_SERVICE_DEPENDANTS_H
#define REEVE_SERVICE_DEPENDANTS_H

#include "service/object_count.h"

/*
 * Checks the deletions among the changes of an account's objects. Problems:
 * CONFLICT (assigned plans, or services, name a bookkeeper: "plans" and the number
 * of "accounts" of the data).
 */
struct problem *dependants_check(struct db *db, struct arena *a,
    const char *account_id, const struct object_change *changes, size_t count)
    MUSTCHECK;

#endif
