/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Events for webhooks: messages of the outbox, written in the transaction that
 * they report.
 */
#ifndef REEVE_SERVICE_EVENT_H
#define REEVE_SERVICE_EVENT_H

#include "service/part.h"

#define EVENT_SERVICES_CHANGED "services.changed"
#define EVENT_STANDING_CHANGED "standing.changed"
#define EVENT_TOPUP_SUCCEEDED "topup.succeeded"
#define EVENT_TOPUP_FAILED "topup.failed"
#define EVENT_WEBHOOK_FAILED "webhook.failed"

struct event {
	const char *name;       /* EVENT_... */
	const char *account_id; /* the account it concerns */
	struct json_object *what; /* lent */
	int64_t now;            /* Gregorian seconds */
};

/* Writes a message for each webhook of the account and its ancestors that
 * subscribes to the event. The caller opens the transaction. */
struct problem *event_tell(struct db *db, struct arena *a,
    const struct event *event) MUSTCHECK;

/* Writes the events of a change: services and standing, if they changed. */
struct problem *event_tell_change(const struct part *part,
    const struct invoices *annotated) MUSTCHECK;

#endif
