/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The members of users and accounts by which people are reached and named. */
#ifndef REEVE_SERVICE_CONTACT_CHECK_H
#define REEVE_SERVICE_CONTACT_CHECK_H

#include <json-c/json.h>

#include "base/problem.h"

/*
 * Checks email, timezone and username of a document: mail can be sent to the
 * address (base/mail_address.h), and the name has no control characters. What it had before (NULL: nothing) may
 * stay, so that an imported document can be changed otherwise; a text without
 * characters is none, and the zone "inherit" is the account's. place: prefix of
 * fields in problems. Problems: VALIDATION "format".
 */
struct problem *contact_check(struct arena *a, struct json_object *before,
    struct json_object *document, const char *place) MUSTCHECK;

#endif
