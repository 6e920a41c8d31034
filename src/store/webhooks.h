/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Webhooks: events told to whoever wants to know, as messages of the outbox, in
 * the transaction of what they tell.
 */
#ifndef REEVE_STORE_WEBHOOKS_H
#define REEVE_STORE_WEBHOOKS_H

#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

#define EVENT_SERVICES_CHANGED "services.changed"
#define EVENT_STANDING_CHANGED "standing.changed"
#define EVENT_TOPUP_SUCCEEDED "topup.succeeded"
#define EVENT_TOPUP_FAILED "topup.failed"

/* "webhook/ACCOUNT/ID". */
#define WEBHOOK_TARGET "webhook/"
const char *webhook_target(struct arena *a, const char *account_id,
    const char *id);

/*
 * Leaves a message for every webhook of an account, and of those above it, that
 * wants an event. what: what happened, lent. In a transaction of the caller's.
 */
struct problem *webhook_tell(struct db *db, struct arena *a,
    const char *account_id, const char *event, struct json_object *what,
    int64_t now) MUSTCHECK;

/* An attempt to tell one. */
struct webhook_attempt {
	int64_t place; /* in the list, newest highest */
	const char *delivery_id;
	const char *account_id; /* of the event */
	const char *event;
	const char *state; /* of the message: "waiting", "delivered", "dead" */
	int64_t created;   /* of the message, Gregorian seconds */
	int64_t attempt;   /* 1, 2, 3... */
	int64_t begun;
	int64_t ended;  /* 0: it is under way, or the courier died */
	int64_t status; /* of HTTP; 0: there was no answer */
	const char *reason; /* NULL: none */
	const char *detail;
};

struct webhook_attempts {
	size_t count;
	struct webhook_attempt *attempts;
};

/* Up to limit attempts, newest first, from a place on (0: the newest). */
struct problem *webhook_attempt_list(struct db *db, struct arena *a,
    const char *account_id, const char *id, int64_t at, int64_t limit,
    struct webhook_attempts *out) MUSTCHECK;

/* Messages that were given up wait again: all, or the one of a delivery_id. */
struct problem *webhook_replay(struct db *db, struct arena *a,
    const char *account_id, const char *id, const char *delivery_id,
    int64_t now, int64_t *replayed) MUSTCHECK;

#endif
