/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moving an account, and all below it, below another. */
#ifndef REEVE_SERVICE_MOVE_H
#define REEVE_SERVICE_MOVE_H

#include "service/change.h"

/*
 * The quantities of the accounts above change with it; the trail of the account
 * says "moved". In a transaction of the caller's. Problems: VALIDATION of "to"
 * (it is the account or below it); FORBIDDEN (the master account);
 * BAD_IDENTIFIER (either of them); VALIDATION of "cascade" (overflow).
 */
struct problem *move_account(struct db *db, struct arena *a,
    const struct actor *actor, const char *account_id, const char *to_id)
    MUSTCHECK;

#endif
