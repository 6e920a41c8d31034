/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moving an account, and all below it, below another. */
#ifndef REEVE_SERVICE_MOVE_H
#define REEVE_SERVICE_MOVE_H

#include "service/change.h"

/*
 * The quantities of the accounts above change with it. *done: the account's
 * services as they are now. Problems: BAD_IDENTIFIER; CONFLICT (to is below it);
 * those of change_commit.
 */
struct problem *move_account(struct db *db, struct arena *a,
    const struct change *change, const char *to_id, struct service *done)
    MUSTCHECK;

#endif
