/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Recovery of passwords by e-mail: a user who forgot theirs asks, gets a link,
 * and redeems it for a login that must be followed by a new password. A stranger
 * who asks learns nothing of users and accounts.
 */
#ifndef REEVE_SERVICE_RECOVERY_H
#define REEVE_SERVICE_RECOVERY_H

#include "service/change.h"
#include "service/login.h"

#define RECOVERY_LIFE_S 3600
/* A mail that was not sent by then, or a link that still waits, is enough. */
#define RECOVERY_GAP_S 300
#define RECOVERY_MOST 3 /* links that wait, of one user or at one address */

/* The asker, and the user it is about. Texts from outside. */
struct recovery_ask {
	const char *network;      /* of the client */
	const char *account_id;   /* these three: NULL: not given; an id
	                             alone decides */
	const char *realm;
	const char *account_name;
	const char *username;
	const char *ui_url; /* where the pages are; used if its host is one of
	                       ours. NULL: not given */
	int64_t now;        /* Gregorian seconds */
};

/*
 * Counts an ask against its client and the account that it names. *wait_s: 0: it
 * may go on; else after these seconds, and nothing was counted. Problems: those of
 * the database.
 */
struct problem *recovery_limit(struct db *db, struct arena *a,
    const struct config *config, const struct recovery_ask *ask,
    int64_t *wait_s) MUSTCHECK;

/*
 * Leaves a mail with a link if there is such a user, in use, with an address, and
 * the mail would not be one too many. *outcome, for the log: the
 * user, or why there is no mail.
 * Problems: those of the database.
 */
struct problem *recovery_ask(struct db *db, struct arena *a,
    const struct config *config, const struct recovery_ask *ask,
    const char **outcome) MUSTCHECK;

/* A link is redeemed. */
struct recovery {
	const char *reset_id;
	struct token_terms terms;
	/* Makes the actor of the change of the user, who is known then. */
	struct actor (*actor_of)(struct arena *a, const struct login *login,
	    void *state);
	void *state;

	/* ---- set by recovery_redeem ---- */
	const struct login *login;
	char token[TOKEN_SIZE];
};

/*
 * Exchanges the id of a link for a token; the user's other tokens end, and
 * require_password_update is set in the user's document. Problems:
 * INVALID_CREDENTIALS (it names none, was redeemed or has expired; the user is
 * not in use); those of login_check_account.
 */
struct problem *recovery_redeem(struct db *db, struct arena *a,
    struct recovery *recovery) MUSTCHECK;

/* ---- links ---- */

/*
 * The link that a mail names: on the pages of a domain (NULL: there is none) or
 * of the configured ui_url ("": none), at the path of asked if its host is one of
 * these. NULL: there is no place that it could lead to. Pure.
 */
const char *recovery_link(struct arena *a, const char *ui_url,
    const char *domain, const char *asked, const char *reset_id);

#endif
