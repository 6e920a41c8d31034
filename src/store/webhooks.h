/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Webhooks of accounts, and the attempts to deliver events to them. */
#ifndef REEVE_STORE_WEBHOOKS_H
#define REEVE_STORE_WEBHOOKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/page_query.h"
#include "store/db.h"

/* "webhook/ACCOUNT/ID". */
#define WEBHOOK_TARGET "webhook/"
const char *store_webhook_target(struct arena *a, const char *account_id,
    const char *id);

struct webhook {
	const char *account_id; /* the account that owns it */
	const char *id;
	int64_t depth; /* steps up to the owner; 0: the account's own */
	struct json_object *document;
};

struct webhook_list {
	size_t count;
	struct webhook *webhooks;
};

/* The webhooks of an account and of its ancestors. */
struct problem *store_webhook_list(struct db *db, struct arena *a,
    const char *account_id, struct webhook_list *out) MUSTCHECK;

/* An attempt to deliver an event to a webhook. */
struct webhook_attempt {
	int64_t place; /* in the list; the newest has the highest */
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

/* Attempts to deliver to a target, always newest first. */
struct problem *store_webhook_attempt_list(struct db *db, struct arena *a,
    const char *target, const struct page_query *query,
    struct webhook_attempts *out) MUSTCHECK;

/* Makes messages that were given up wait again: all, or that of delivery_id. */
struct problem *store_webhook_replay(struct db *db, struct arena *a,
    const char *target, const char *delivery_id, int64_t now,
    int64_t *replayed) MUSTCHECK;

#endif
