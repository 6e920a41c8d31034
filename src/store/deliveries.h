/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages that wait or were given up, for the owners of their receivers. */
#ifndef REEVE_STORE_DELIVERIES_H
#define REEVE_STORE_DELIVERIES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/page_query.h"
#include "store/db.h"

enum delivery_state { DELIVERY_WAITING, DELIVERY_FAILED };

struct delivery {
	int64_t place; /* in the list; the newest has the highest */
	const char *delivery_id;
	const char *account_id;    /* that the message is about */
	const char *account_name;  /* NULL: it is no longer below */
	const char *owner;         /* the account of the receiver */
	const char *owner_name;    /* NULL: of mail */
	const char *target;
	const char *bookkeeper_id; /* NULL: for no bookkeeper */
	const char *message;       /* its kind */
	enum delivery_state state;
	int64_t created;  /* Gregorian seconds */
	int64_t attempts;
	int64_t due;      /* 0: it does not wait */
	int64_t status;   /* of HTTP; 0: there was no answer */
	const char *reason; /* NULL: none */
	const char *detail;
	const char *audit_id; /* of the change; NULL: of none */
	const char *receiver_name; /* NULL: it is not there any longer, or mail */
	const char *url;
};

struct deliveries {
	size_t count;
	struct delivery *deliveries;
};

struct delivery_query {
	const char *owner; /* an account */
	bool below;        /* with the receivers of all accounts below it; of the
	                      master account: all messages, mail too */
	enum delivery_state state;
};

/* Always newest first. */
struct problem *store_delivery_list(struct db *db, struct arena *a,
    const struct delivery_query *of, const struct page_query *query,
    struct deliveries *out) MUSTCHECK;

/*
 * Makes a message that was given up wait again, in its old place. Problems:
 * BAD_IDENTIFIER: unknown, or its receiver is neither the owner's nor of an
 * account below; CONFLICT: it was not given up.
 */
struct problem *store_delivery_replay(struct db *db, struct arena *a,
    const char *owner, const char *delivery_id, int64_t now) MUSTCHECK;

#endif
