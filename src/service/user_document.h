/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is special about the documents of users. */
#ifndef REEVE_SERVICE_USER_DOCUMENT_H
#define REEVE_SERVICE_USER_DOCUMENT_H

#include <json-c/json.h>

#include "base/problem.h"

/*
 * Takes the password out of the document of a user who was before (NULL: a new
 * one); *password is NULL where there is none. What users log in with is made
 * of their name, too: who is called otherwise needs a new one. User names are
 * made lower case. place: in front of the fields named. Problems: VALIDATION.
 */
struct problem *user_document_settle(struct arena *a,
    struct json_object *before, struct json_object *document,
    const char *place, const char **password) MUSTCHECK;

/*
 * Names a user whom nobody named, as the schema wants it: by what they log in
 * with, and "Admin" or "User".
 */
void user_document_name(struct arena *a, struct json_object *document);

#endif
