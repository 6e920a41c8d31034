/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moves an account with its descendants to another parent. */
#ifndef REEVE_SERVICE_MOVE_H
#define REEVE_SERVICE_MOVE_H

#include "service/change.h"

/* Plans that the moved accounts were assigned by a former seller. */
enum move_plans {
	MOVE_PINS,   /* stay at the version that the account pays by */
	MOVE_REMOVES /* are unassigned */
};

/* "pin" or "remove". */
const char *move_plans_name(enum move_plans plans);

/* False: no treatment has this name. */
bool move_plans_named(const char *name, enum move_plans *out) MUSTCHECK;

/* A destination. Lent. */
struct move {
	const char *account_id;
	const char *to_id;
	enum move_plans plans;
	bool unique; /* its name has to be free there, as account_check_name */
};

/*
 * Updates the quantities of old and new ancestors; the account's trail says
 * "moved", and what became of plans. The caller opens the transaction.
 * Problems: VALIDATION of "to" (the account itself or a descendant) and of "name"
 * (another account there has it); FORBIDDEN
 * (the master account); BAD_IDENTIFIER (account_id or to_id); VALIDATION of
 * "cascade" (overflow).
 */
struct problem *move_account(struct db *db, struct arena *a,
    const struct actor *actor, const struct move *move) MUSTCHECK;

#endif
