/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules for the documents of users. */
#ifndef REEVE_SERVICE_USER_DOCUMENT_H
#define REEVE_SERVICE_USER_DOCUMENT_H

#include <json-c/json.h>

#include "base/config.h"
#include "base/problem.h"

/*
 * Removes the password from a user's document; *password is NULL if there is
 * none. before: the current document, NULL for a new user. Credentials depend
 * on the username: a renamed user needs a new password. Usernames are made
 * lower case. place: prefix of fields in problems. Problems: VALIDATION.
 */
struct problem *user_document_settle(struct arena *a,
    struct json_object *before, struct json_object *document,
    const char *place, const char **password) MUSTCHECK;

/* Checks the length of a new password. place: as above. Problems: VALIDATION. */
struct problem *user_password_check(struct arena *a,
    const struct config *config, const char *password, const char *place)
    MUSTCHECK;

/* The names of the features that a user's document turns on, as lists show them;
 * nothing counts by them. The caller owns the list. */
struct json_object *user_document_features(struct json_object *document);

/*
 * Gives a user without a name the names that the schema requires: the username,
 * and "Admin" or "User".
 */
void user_document_name(struct arena *a, struct json_object *document);

#endif
