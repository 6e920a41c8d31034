/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * E-mails: left in the outbox, sealed, for couriers to bring to the smarthost.
 * What they say, and in which language, is the caller's.
 */
#ifndef REEVE_SERVICE_MAIL_H
#define REEVE_SERVICE_MAIL_H

#include "store/outbox.h"

/* "mail/smarthost/N": one of 16 receivers, by the address, so that a mailbox that
 * takes nothing holds up few others. */
#define MAIL_TARGET "mail/"

struct mail {
	const char *to;      /* an address */
	const char *subject; /* UTF-8, as text is */
	const char *text;
	int64_t lasts_s; /* of no use later, since it was left; 0: always */
};

/* True if there is a smarthost. */
bool mail_is_on(const struct config *config);

/* The account that a mail is about, and a word for lists of messages. */
struct mail_occasion {
	const char *account_id;
	const char *name;
	int64_t now;
};

/* Leaves a mail, in the transaction of what it tells. Problems: FAULT (no secret
 * is configured). */
struct problem *mail_leave(struct db *db, struct arena *a,
    const struct mail_occasion *occasion, const struct mail *mail) MUSTCHECK;

/* The mail in a message; its strings are the arena's. False: neither secret opens
 * it. */
bool mail_open(struct arena *a, const struct config *config,
    const struct outbox_message *message, struct mail *out) MUSTCHECK;

#endif
