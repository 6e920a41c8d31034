/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages that wait for delivery: written in the transaction of the change
 * they report, claimed one by one by couriers, and settled. An account's
 * messages to one target are a line, delivered in order: only the oldest can be
 * claimed, by one courier at a time. Knows nothing of what messages say or how
 * they travel.
 */
#ifndef REEVE_STORE_OUTBOX_H
#define REEVE_STORE_OUTBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ids.h"
#include "billing/bookkeeper.h"
#include "store/db.h"

struct outbox_message {
	int64_t id;
	const char *delivery_id; /* the same in every attempt */
	const char *account_id;
	const char *target;      /* the receiver */
	const char *message;     /* its kind */
	const char *audit_id;    /* the entry whose outcome is the answer; NULL:
	                            none */
	struct bookkeeper bookkeeper; /* members NULL: another receiver */
	const char *document;    /* canonical JSON */
	/* of one that is claimed */
	char claim[ID_SIZE];
	int64_t tries; /* with this one, since it was written or replayed */
	int64_t created; /* Gregorian seconds */
	int64_t since;   /* the same, or the first try after its replay */
	int64_t failing_since; /* its receiver takes none; 0: it does */
	bool paused;           /* and is left alone now */
};

/* The target of messages to a bookkeeper, "bookkeeper/VENDOR/ID". */
const char *outbox_bookkeeper_target(struct arena *a,
    const struct bookkeeper *bookkeeper);

/* A message to a bookkeeper, for outbox_add, whose account_id and audit_id are
 * still to be set; document is lent. */
struct outbox_message outbox_message_to_bookkeeper(struct arena *a,
    const struct bookkeeper *bookkeeper, enum bookkeeper_message message,
    struct json_object *document);

/* Leaves a message, with a delivery id of its own unless it has one. */
struct problem *store_outbox_add(struct db *db, struct arena *a,
    const struct outbox_message *message, int64_t now) MUSTCHECK;

/*
 * *due: there is a message to claim. Cheap, for callers that poll. No message is
 * due after the moment far: what is was left by a clock that was ahead, and can
 * be claimed.
 */
struct problem *store_outbox_due(struct db *db, struct arena *a, int64_t now,
    int64_t far, bool *due) MUSTCHECK;

enum outbox_lane {
	OUTBOX_TO_BOOKKEEPERS, /* and to whatever has no other lane */
	OUTBOX_TO_WEBHOOKS,
	OUTBOX_TO_SMARTHOST /* mail */
};

/* The messages to receivers of one kind and owner are a queue: its name is the
 * first two parts of their targets, "webhook/ACCOUNT". */
const char *outbox_queue(struct arena *a, const char *target);

/* The turn of a queue, one after the other of its lane. */
struct outbox_turn {
	enum outbox_lane lane;
	const char *after; /* the queue whose turn was last; "": none was; NULL:
	                      what has been due longest, of all lanes */
	const char *full;  /* JSON list of queues whose turn it is not */
	const char *resting; /* JSON list of targets that are passed over */
};

/* The moments of a claim, Gregorian seconds. */
struct outbox_span {
	int64_t now;
	int64_t until; /* then another courier may claim it */
	int64_t far;   /* as of store_outbox_due */
	int64_t overdue; /* what was left for a webhook until then is claimed
	                    in a pause, too: to be given up */
};

/* Claims a message. *out is NULL when nothing is due. Every claim counts as a
 * try. */
struct problem *store_outbox_claim(struct db *db, struct arena *a,
    const struct outbox_turn *turn, const struct outbox_span *span,
    struct outbox_message **out) MUSTCHECK;

/* Gives a claimed message back that was not sent, as if it had not been claimed;
 * it is due at a moment. Does nothing if the claim has run out. */
struct problem *store_outbox_release(struct db *db, struct arena *a,
    const struct outbox_message *message, int64_t due) MUSTCHECK;

enum outbox_state {
	OUTBOX_WAITING, /* to be tried again */
	OUTBOX_DELIVERED,
	OUTBOX_DEAD /* given up */
};

/* How an attempt ended. */
struct outbox_end {
	enum outbox_state state;
	bool broken_off;    /* by us: it does not count as a try */
	int64_t status;     /* HTTP status of the answer; 0: there was none */
	const char *reason; /* a word; NULL: none */
	const char *detail; /* for people; NULL: none */
	const char *outcome; /* new status of the audit entry, with reason and
	                        detail; NULL: unchanged */
	const char *results; /* JSON, with outcome */
	int64_t due; /* when a waiting message may be tried again */
};

/*
 * *failing: the receiver has not taken the last message. Problems: CONFLICT: the
 * claim has run out and another courier has the message; nothing was written.
 */
struct problem *store_outbox_settle(struct db *db, struct arena *a,
    const struct outbox_message *message, const struct outbox_end *end,
    int64_t now, bool *failing) MUSTCHECK;

/* Makes messages to an account's bookkeepers due now, even after a failed
 * attempt, and ends the pauses of these bookkeepers. */
struct problem *store_outbox_hasten(struct db *db, struct arena *a,
    const char *account_id, int64_t now) MUSTCHECK;

/* ---- receivers that keep failing ---- */

/* A message that a receiver did not take. */
struct outbox_failure {
	const char *target;
	int64_t from;    /* as many in a row pause it, and each later one */
	int64_t first_s; /* the first pause; each is twice as long as the last, */
	int64_t most_s;  /* this at most */
	int64_t now;
};

/* Notes a failure, which may pause the receiver, for all accounts. After a pause
 * one message tries. */
struct problem *store_outbox_pause(struct db *db, struct arena *a,
    const struct outbox_failure *failure) MUSTCHECK;

/* Ends the pause of a receiver, and forgets its failures. */
struct problem *store_outbox_resume(struct db *db, struct arena *a,
    const char *target) MUSTCHECK;

/* ---- for people ---- */

struct outbox_entry {
	struct outbox_message message; /* without document */
	enum outbox_state state;
	int64_t attempts; /* in all */
	int64_t due;      /* of its line; 0: nothing waits there */
	bool claimed;     /* a courier has its line */
	int64_t status;   /* of the last attempt, as in struct outbox_end */
	const char *reason;
	const char *detail;
};

struct outbox_list {
	size_t count;
	struct outbox_entry *entries;
};

/* "waiting", "dead"... */
const char *outbox_state_name(enum outbox_state state);

/* Selects undelivered messages. */
struct outbox_query {
	const char *account_id; /* NULL: of all */
	bool dead;     /* only those given up */
	int64_t after; /* the id after which to go on; 0: from the first */
	int64_t limit;
};

/* By id. */
struct problem *store_outbox_list(struct db *db, struct arena *a,
    const struct outbox_query *query, struct outbox_list *out) MUSTCHECK;

/* Makes a message that was given up wait again, and ends the pause of its
 * receiver. Problems: BAD_IDENTIFIER;
 * CONFLICT: it was not given up. */
struct problem *store_outbox_replay(struct db *db, struct arena *a, int64_t id,
    int64_t now) MUSTCHECK;

/* Deletes a batch of messages delivered until before. *purged: how many. */
struct problem *store_outbox_purge(
    struct db *db, struct arena *a, int64_t before, int64_t *purged) MUSTCHECK;

#endif
