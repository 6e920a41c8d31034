/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Failed logins, by client and by the account they named (rules/accounts 13). */
#ifndef REEVE_STORE_LOGIN_FAILURES_H
#define REEVE_STORE_LOGIN_FAILURES_H

#include "store/db.h"

/* The subjects of a login: texts that are equal for what counts as one. */
struct login_subjects {
	const char *network; /* of the client */
	const char *name;    /* of the account, or its id; NULL: not named */
	const char *realm;   /* of the account; NULL: not given */
};

/* When all failures of a subject are forgotten, Gregorian seconds; 0: none. */
struct login_failures {
	int64_t network;
	int64_t account; /* of name and realm, the later of the two */
};

struct problem *store_login_failures(struct db *db, struct arena *a,
    const struct login_subjects *subjects, struct login_failures *out)
    MUSTCHECK;

/* How failures are forgotten: one each refill_s; most are remembered. */
struct login_memory {
	int64_t most;
	int64_t refill_s;
};

/* Counts a failure of each subject, in a transaction of its own. */
struct problem *store_login_fail(struct db *db, struct arena *a,
    const struct login_subjects *subjects, const struct login_memory *memory,
    int64_t now) MUSTCHECK;

#endif
