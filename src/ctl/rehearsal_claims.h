/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names that only one document can have: realms, user names, phone numbers. Of
 * those that claim the same one import takes the first and leaves out the others:
 * that of the higher account, or of the earlier batch; in a batch the older one.
 */
#ifndef REEVE_CTL_REHEARSAL_CLAIMS_H
#define REEVE_CTL_REHEARSAL_CLAIMS_H

#include "ctl/rehearsal.h"

/* A document that claims a name. */
struct rehearsal_claimant {
	const char *account_id;
	const char *object; /* noun/id; "": the account itself */
	const char *turn;   /* when import takes it, among others: sorts as text */
	const struct import_item *item;
};

/* Notes a claim: "realm/NAME", or that of object_claim(). */
void rehearsal_claim(struct rehearsal *r, struct arena *a, const char *name,
    const struct rehearsal_claimant *claimant);

/* After all documents were taken and the tree is settled: leaves out those that
 * come too late, and says so; accounts first, with their descendants, whose
 * documents then claim nothing. */
void rehearsal_claims_settle(struct rehearsal *r);

#endif
