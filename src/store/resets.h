/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Links by which users recover their passwords (rules/accounts 26, 27). */
#ifndef REEVE_STORE_RESETS_H
#define REEVE_STORE_RESETS_H

#include "store/auth.h"

/* The account and the name that somebody gives who forgot the password. */
struct recovery_claim {
	const char *account_id;  /* these three: NULL: not given */
	const char *realm;       /* in lower case */
	const char *name_key;    /* store_account_name_key */
	const char *username;    /* in lower case */
	int64_t now;             /* Gregorian seconds */
};

/* The user that a claim is about. */
struct recovering_user {
	const char *account_id;
	const char *user_id;
	const char *email; /* NULL: none */
};

/* *out is NULL when there is no such user, or the user or the account is not in
 * use. What stands first decides, if it leads
 * to such a user. */
struct problem *store_recovery_find(struct db *db, struct arena *a,
    const struct recovery_claim *claim, struct recovering_user **out) MUSTCHECK;

/* A reset to be left; its digest is set by the store. */
struct new_reset {
	const char *id; /* what the link names */
	const struct recovering_user *user;
	const char *soon;  /* these two: the address as subjects that count, of */
	const char *often; /* one mail and of many (store/login_failures.h) */
	int64_t gap_s;  /* from one reset of the user, or to the address, to the
	                   next */
	int64_t most;   /* that may wait, of each */
	int64_t now;    /* Gregorian seconds */
	int64_t expires;
};

/* *added: false: one was left a moment ago, as many wait as may, or the user has
 * changed. Problems: FAULT (no secret is configured). */
struct problem *store_reset_add(struct db *db, struct arena *a,
    const struct new_reset *reset, bool *added) MUSTCHECK;

/* A reset that waits. */
struct found_reset {
	struct login login; /* of its user, without a verifier */
	unsigned char digest[DIGEST_BYTES];
};

/* *out is NULL when id names none, or one that was redeemed or has expired, or its
 * user is disabled. */
struct problem *store_reset_find(struct db *db, struct arena *a, const char *id,
    int64_t now, struct found_reset **out) MUSTCHECK;

/* Redeems it: all resets of the user go, and all tokens. *taken: false: somebody
 * else was first, or the user has changed; nothing is done. */
struct problem *store_reset_take(struct db *db, struct arena *a,
    const struct found_reset *reset, int64_t now, bool *taken) MUSTCHECK;

#endif
