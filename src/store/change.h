/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one way by which anything changes what an account pays (architecture,
 * a change of services): lock, price the current and the proposed state,
 * refuse or commit both accounts' and ancestors' changes with their audit
 * entries and messages to bookkeepers. Inside a transaction of the caller's.
 */
#ifndef REEVE_STORE_CHANGE_H
#define REEVE_STORE_CHANGE_H

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
	bool cascades;        /* account quantities may change: those above too */
	const char *quote_id; /* it must be as this was; NULL: none */
	/*
	 * Makes *proposed, a copy of *current, what is wanted. It may refuse.
	 */
	struct problem *(*propose)(struct db *db, struct arena *a,
	    const struct service *current, struct service *proposed,
	    void *state);
	void *state;
};

/*
 * Does a change. *done: the services as they are now. Nothing is written when
 * nothing changes. Problems: those of propose; CHARGES with the annotated
 * invoices; QUOTE_DIFFERS; VALIDATION (overflow); those of the database.
 */
struct problem *change_commit(struct db *db, struct arena *a,
    const struct change *change, struct service *done) MUSTCHECK;

/*
 * The invoices of a proposal, with its changes against the current state;
 * nothing is written.
 */
struct problem *change_price(struct arena *a, const struct service *current,
    const struct service *proposed, bool explain, struct invoices *annotated)
    MUSTCHECK;

#endif
