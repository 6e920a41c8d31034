/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one way by which anything changes what an account pays (architecture,
 * a change of services): lock, price the current and the proposed state,
 * refuse or commit both accounts' and ancestors' changes with their audit
 * entries and messages to bookkeepers. Inside a transaction of the caller's.
 */
#ifndef REEVE_SERVICE_CHANGE_H
#define REEVE_SERVICE_CHANGE_H

#include "base/config.h"
#include "store/services.h"

/* Who asks for a change. Everything is lent. */
struct actor {
	const struct config *config;
	/* The "audit" of entries: crossbar_request, authentication, agent,
	 * request. */
	struct json_object *audit;
	/* An account above the one that is changed, in whose name it is done: its
	 * bill is shown and accepted as well. NULL: none. */
	const char *acting_id;
	bool accepted; /* charges that it causes */
	int64_t now;   /* Gregorian seconds */
};

/* What stands between an actor and a change that costs more. */
enum change_rule {
	CHANGE_COUNTED, /* what is counted: charges must be accepted, the payer
	                   must be in good standing */
	CHANGE_TERMS,   /* plans, overrides, quantities: charges must be accepted
	                   where prompt_service_changes is on */
	CHANGE_UNASKED  /* nothing: no one can confirm */
};

/* Made by change_by; the use case adds what stands below the line. */
struct change {
	const char *account_id;
	struct json_object *audit; /* as the actor's */
	int64_t now;          /* Gregorian seconds */
	bool ask;             /* refuse what would cost more, unless accepted: */
	bool accepted;
	bool stands;          /* the payer of what costs more must stand well, */
	bool needs_balance;   /* and have the money */
	bool audit_master;    /* the master account has entries too */
	bool prorate;         /* the rest of the month is billed by day */
	const char *acting_id; /* as the actor's */

	/* ---- what the use case adds ---- */
	/* The account's own table may change: the whole path is locked, and those
	 * above change with it. True of CHANGE_COUNTED already. */
	bool cascades;
	const char *quote_id; /* it must be as this was; NULL: none */
	struct json_object *note; /* members for "changes" of the entries, or NULL */
	/*
	 * Makes *proposed, a copy of *current, what is wanted. It may refuse.
	 */
	struct problem *(*propose)(struct db *db, struct arena *a,
	    const struct service *current, struct service *proposed,
	    void *state);
	/* Writes what else it is about, once nothing is in the way; or NULL. */
	struct problem *(*write)(struct db *db, struct arena *a,
	    const struct service *done, void *state);
	void *state;
};

/* A change of an account's services, to be completed by the use case. */
struct change change_by(const struct actor *actor, enum change_rule rule,
    const char *account_id);

/*
 * Does a change. *done: the services as they are now. Where nothing
 * changes, only write runs, and the note, if any, is audited.
 * Problems: those of propose and write;
 * CHARGES with the annotated invoices; BILLING_ISSUE; QUOTE_DIFFERS; VALIDATION
 * (overflow); those of the database.
 */
struct problem *change_commit(struct db *db, struct arena *a,
    const struct change *change, struct service *done) MUSTCHECK;

/*
 * An entry in an account's trail of something done to it that is not about its
 * services: with the change's note.
 */
struct problem *change_note(struct db *db, struct arena *a,
    const struct change *change, const struct service *service) MUSTCHECK;

#endif
