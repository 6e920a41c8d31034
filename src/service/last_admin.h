/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An account that has an admin keeps one: somebody must be able to make another. */
#ifndef REEVE_SERVICE_LAST_ADMIN_H
#define REEVE_SERVICE_LAST_ADMIN_H

#include "service/object_count.h"

/*
 * Checks changes of users that are saved but not committed. Problems: CONFLICT
 * (they demote, disable or delete the last admin who is enabled).
 */
struct problem *last_admin_check(struct db *db, struct arena *a,
    const char *account_id, const struct object_change *changes, size_t count)
    MUSTCHECK;

#endif
