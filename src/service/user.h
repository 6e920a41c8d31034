/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Users: created without confirmation of charges, given passwords, imported. */
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
 * Creates a user with their credentials, as the API does, except that names may
 * be missing (user_document_name). The caller opens the transaction. Problems:
 * those of object_batch_commit.
 */
struct problem *user_make(struct db *db, struct arena *a,
    const struct actor *actor, const struct new_user *user) MUSTCHECK;

/* Sets the password of a user. Problems: BAD_IDENTIFIER (user),
 * VALIDATION (the password is too short). */
struct problem *user_set_password(struct db *db, struct arena *a,
    const struct config *config, const char *account_id,
    const char *username, const char *password) MUSTCHECK;

/* A user of another system, to be imported. */
struct user_copy {
	const char *account_id;
	struct object *user; /* the document is settled as a new user's */
	const char *md5;     /* credentials; NULL: none */
	const char *sha;
};

/*
 * Settles the document of a user that is imported: the names that it lacks are
 * added, and a password is dropped. Problems: VALIDATION (the document).
 */
struct problem *user_copy_settle(struct arena *a, const struct user_copy *copy)
    MUSTCHECK;

/*
 * Imports a user unless they exist, with their credentials if a secret is
 * configured. *written: they did not exist. Problems: VALIDATION (the
 * document), BAD_IDENTIFIER (account), CONFLICT (username).
 */
struct problem *user_take_over(struct db *db, struct arena *a,
    const struct config *config, const struct user_copy *copy, bool *written)
    MUSTCHECK;

/* *has: the user has the credential that the copy has for a method ("md5" or
 * "sha"), or cannot be asked: the copy has none, or they are disabled. */
struct problem *user_has_credential(struct db *db, struct arena *a,
    const struct config *config, const struct user_copy *copy,
    const char *method, bool *has) MUSTCHECK;

/* Replaces an imported user, and the credentials that the copy has. Problems:
 * VALIDATION (the document), those of object_replace. */
struct problem *user_replace(struct db *db, struct arena *a,
    const struct config *config, const struct user_copy *copy) MUSTCHECK;

#endif
