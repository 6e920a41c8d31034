/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Events: told to the webhooks that want them, as messages of the outbox, in the
 * transaction of what they tell.
 */
#ifndef REEVE_SERVICE_EVENT_H
#define REEVE_SERVICE_EVENT_H

#include "service/part.h"

#define EVENT_SERVICES_CHANGED "services.changed"
#define EVENT_STANDING_CHANGED "standing.changed"
#define EVENT_TOPUP_SUCCEEDED "topup.succeeded"
#define EVENT_TOPUP_FAILED "topup.failed"

struct event {
	const char *name;       /* EVENT_... */
	const char *account_id; /* where it happened */
	struct json_object *what; /* lent */
	int64_t now;            /* Gregorian seconds */
};

/* Leaves a message for every webhook of the account, and of those above it, that
 * wants the event. In a transaction of the caller's. */
struct problem *event_tell(struct db *db, struct arena *a,
    const struct event *event) MUSTCHECK;

/* The events of a change: services and standing, where they changed. */
struct problem *event_tell_change(const struct part *part,
    const struct invoices *annotated) MUSTCHECK;

#endif
