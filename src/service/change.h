/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one way by which anything changes what an account pays (architecture,
 * a change of services): lock, price the current and the proposed state,
 * refuse or commit both accounts' and ancestors' changes with their audit
 * entries and messages to bookkeepers. Inside a transaction of the caller's.
 */
#ifndef REEVE_SERVICE_CHANGE_H
#define REEVE_SERVICE_CHANGE_H

#include "store/services.h"

/* Who asked for it, and how: the "audit" of entries (domain.md 9.5). */
struct change_cause {
	struct json_object *audit; /* crossbar_request, authentication, agent,
	                              request; the arena's */
	int64_t now;               /* Gregorian seconds */
};

struct change {
	const char *account_id;
	struct change_cause cause;
	bool ask;             /* refuse what would cost more, unless accepted: */
	bool accepted;
	bool audit_master;    /* the master account has entries too */
	bool needs_balance;   /* where stands: as much as it costs, too (Q25) */
	bool prorate;         /* the rest of the month is billed by day */
	bool cascades;        /* account quantities may change: those above too */
	const char *quote_id; /* it must be as this was; NULL: none */
	bool stands; /* what costs more needs a payer in good standing */
	/* An account above, in whose name it is done: its bill is shown and
	 * accepted, too (Q29). NULL: none. */
	const char *acting_id;
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

/*
 * Does a change. *done: the services as they are now. Nothing is written when
 * nothing changes, but what write does, and an entry of the note if there is one.
 * Problems: those of propose and write;
 * CHARGES with the annotated invoices; BILLING_ISSUE; QUOTE_DIFFERS; VALIDATION
 * (overflow); those of the database.
 */
struct problem *change_commit(struct db *db, struct arena *a,
    const struct change *change, struct service *done) MUSTCHECK;

/*
 * An entry in an account's trail of something done to it that is not about its
 * services: change's cause and note.
 */
struct problem *change_note(struct db *db, struct arena *a,
    const struct change *change, const struct service *service) MUSTCHECK;

#endif
