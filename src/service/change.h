/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The only way to change what an account pays (doc/architecture 7):
 * lock, price the current and the proposed state, refuse, or commit the changes
 * of the account and its ancestors with their audit entries and messages to
 * bookkeepers. The caller opens the transaction.
 */
#ifndef REEVE_SERVICE_CHANGE_H
#define REEVE_SERVICE_CHANGE_H

#include "base/config.h"
#include "store/services.h"

/* The originator of a change. Everything is lent. */
struct actor {
	const struct config *config;
	/* The "audit" of entries: crossbar_request, authentication, agent,
	 * request, operator, change_reason. */
	struct json_object *audit;
	/* An ancestor of the changed account, in whose name the change is made:
	 * its own bill may have to be accepted (ask_charges). NULL: none. */
	const char *acting_id;
	bool accepted; /* the charges of the change */
	int64_t now;   /* Gregorian seconds */
};

/* The conditions for a change that raises costs. */
enum change_rule {
	CHANGE_COUNTED, /* objects: charges must be accepted if
	                   prompt_service_changes is on, the payer must be in
	                   good standing */
	CHANGE_TERMS,   /* plans, overrides, quantities: the same for charges */
	CHANGE_UNASKED  /* none: nobody can confirm */
};

/* Initialized by change_by; the use case sets the second half. */
struct change {
	const char *account_id;
	struct json_object *audit; /* as the actor's */
	int64_t now;          /* Gregorian seconds */
	bool must_accept;     /* refuse higher charges unless accepted: */
	bool asks_owner;      /* those of the account */
	bool asks_actor;      /* those of acting_id */
	bool accepted;
	bool needs_standing;  /* the payer of an increase must be in good
	                         standing */
	bool holds;           /* charges are held of the payers' balances */
	bool needs_balance;   /* the payer's balance must cover the increase */
	bool audit_master;    /* the master account has entries too */
	bool prorate;         /* the rest of the month is prorated */
	const char *acting_id; /* as the actor's */

	/* ---- set by the use case ---- */
	/* The account's own table may change: the whole path is locked, and the
	 * ancestors change with it. CHANGE_COUNTED implies it. */
	bool cascades;
	const char *quote_id; /* the change must match this quote; NULL: none */
	struct json_object *note; /* members for "changes" of the entries, or NULL */
	/*
	 * Edits *proposed, initially a copy of *current. It may refuse.
	 */
	struct problem *(*propose)(struct db *db, struct arena *a,
	    const struct service *current, struct service *proposed,
	    void *state);
	/* Writes other rows of the change after it was admitted; or NULL. */
	struct problem *(*write)(struct db *db, struct arena *a,
	    const struct service *done, void *state);
	void *state;
};

/* Initializes a change of an account's services. */
struct change change_by(const struct actor *actor, enum change_rule rule,
    const char *account_id);

/*
 * Commits a change. *done: the new services. If nothing changes, only write
 * runs, and the note, if any, is audited. Problems: those of propose and write;
 * CHARGES with the annotated invoices; BILLING_ISSUE; QUOTE_DIFFERS; VALIDATION
 * (overflow); those of the database.
 */
struct problem *change_commit(struct db *db, struct arena *a,
    const struct change *change, struct service *done) MUSTCHECK;

/*
 * Writes an audit entry with the change's note, for a change that does not
 * concern the account's services.
 */
struct problem *change_note(struct db *db, struct arena *a,
    const struct change *change, const struct service *service) MUSTCHECK;

#endif
