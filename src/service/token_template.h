/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The template of an account's tokens: what those of its logins may be used for,
 * chosen by method and user when they are made (base/token_rules.h).
 */
#ifndef REEVE_SERVICE_TOKEN_TEMPLATE_H
#define REEVE_SERVICE_TOKEN_TEMPLATE_H

#include "service/change.h"

struct template_edit {
	const char *account_id;
	const char *template; /* JSON as it was written; NULL: none from now on */
	/* May refuse. Called with the current one, NULL: none, locked. */
	struct problem *(*check)(const char *current, void *state);
	void *state;
};

/*
 * Changes the template, with an audit entry, and ends the tokens that would have
 * other rules now. The caller opens the transaction. Problems: BAD_IDENTIFIER
 * (account); those of check.
 */
struct problem *template_change(struct db *db, struct arena *a,
    const struct actor *actor, const struct template_edit *change) MUSTCHECK;

#endif
