/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Users: made where nobody is asked, given passwords, taken over. */
#ifndef REEVE_SERVICE_USER_H
#define REEVE_SERVICE_USER_H

#include "service/change.h"
#include "store/objects.h"

struct new_user {
	const char *account_id;
	const char *id;
	struct json_object *document; /* with the password; lent */
};

/*
 * Makes a user, with what they log in with; as the API does, but for names,
 * which may be missing (user_document_name). Inside a transaction of the
 * caller's. Problems: those of object_batch_commit.
 */
struct problem *user_make(struct db *db, struct arena *a,
    const struct actor *actor, const struct new_user *user) MUSTCHECK;

/* A password for the user of a name. Problems: BAD_IDENTIFIER (user). */
struct problem *user_set_password(struct db *db, struct arena *a,
    const struct config *config, const char *account_id,
    const char *username, const char *password) MUSTCHECK;

/* A user as they were elsewhere. */
struct user_copy {
	const char *account_id;
	struct object *user; /* of any kind; its document is settled as a new
	                        user's */
	const char *md5;     /* credentials; NULL: none */
	const char *sha;
};

/*
 * Takes a user over, unless they are here; what they log in with, too, where a
 * secret is configured. *written: they were not here. Problems: VALIDATION (the
 * document), BAD_IDENTIFIER (account), CONFLICT (username).
 */
struct problem *user_take_over(struct db *db, struct arena *a,
    const struct config *config, const struct user_copy *copy, bool *written)
    MUSTCHECK;

#endif
