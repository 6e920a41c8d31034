/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moves an account with its descendants to another parent. */
#ifndef REEVE_SERVICE_MOVE_H
#define REEVE_SERVICE_MOVE_H

#include "service/change.h"

/*
 * Updates the quantities of old and new ancestors; the account's trail says
 * "moved". The caller opens the transaction. Problems: VALIDATION of "to" (the
 * account itself or a descendant); FORBIDDEN (the master account);
 * BAD_IDENTIFIER (account_id or to_id); VALIDATION of "cascade" (overflow).
 */
struct problem *move_account(struct db *db, struct arena *a,
    const struct actor *actor, const char *account_id, const char *to_id)
    MUSTCHECK;

#endif
