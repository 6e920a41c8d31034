/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The limit on guessing (rules/accounts 13): failed logins count, for the
 * client, which is refused when it has too many, and for the account they name,
 * whose logins are delayed. A login that succeeds counts nowhere.
 *
 * A login is checked first and counted when it has failed, so those that are
 * checked at the same moment all go on: the limit is passed by one less than
 * there are workers at most. Each of them counts.
 */
#ifndef REEVE_SERVICE_LOGIN_LIMIT_H
#define REEVE_SERVICE_LOGIN_LIMIT_H

#include "store/login_failures.h"

/* An attempt to log in. */
struct login_attempt {
	const char *network;      /* of the client (http/client.h) */
	const char *account_id;   /* as the client named it; NULL: not given */
	const char *account_name; /* likewise, without an id */
	const char *realm;        /* likewise */
	int64_t now;              /* Gregorian seconds */
};

struct login_limit {
	int64_t refused_s; /* the client must wait this long; 0: it need not */
	bool delayed;      /* the account has too many failures */
};

struct problem *login_limit_check(struct db *db, struct arena *a,
    const struct config *config, const struct login_attempt *attempt,
    struct login_limit *out) MUSTCHECK;

/* Counts a failure. */
struct problem *login_limit_fail(struct db *db, struct arena *a,
    const struct config *config, const struct login_attempt *attempt)
    MUSTCHECK;

/* A text of any length from outside as a subject: its digest is what is stored,
 * behind the kind. */
const char *login_limit_subject(struct arena *a, const char *kind,
    const char *text);

/*
 * Seconds until a subject may fail once more; 0: it may now. Its failures are
 * all forgotten at that time (Gregorian seconds). Pure.
 */
int64_t login_limit_wait_s(const struct config *config, int64_t forgotten,
    int64_t now);

#endif
