/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The invoices of an account: one for each bookkeeper, with a line for each
 * item of its merged plan; and the changes between two states. Works on typed
 * values: documents are lent through. Pure.
 */
#ifndef REEVE_BILLING_INVOICE_H
#define REEVE_BILLING_INVOICE_H

#include "billing/line.h"
#include "billing/merged_plan.h"

/* Everything that decides what an account pays. */
struct billed_state {
	struct assigned_plans assigned;
	struct json_object *overrides; /* account-wide, or NULL */
	struct bookkeeper bookkeeper;  /* the account's default */
	struct quantities quantities;
};

/* A one-off charge for added quantities. */
struct activation {
	const char *category;
	const char *key; /* of the plan, not what the line shows */
	const char *name;
	int64_t billable;
	money_t rate;
	money_t total;
};

struct invoice {
	struct bookkeeper bookkeeper;
	struct json_object *plan; /* the merged {category: {item: ...}}, or NULL */
	size_t line_count;
	struct line *lines; /* by category and key */
	size_t activation_count;
	struct activation *activations;
	money_t today;     /* sum of activations */
	money_t recurring; /* sum of lines */
	bool prorates;     /* it has changes, and pro-ration is billed */
	money_t prorated;  /* sum of lines, for the rest of the month */
};

struct invoices {
	size_t count;
	struct invoice *invoices; /* by bookkeeper */
	struct merged_plans merged;
	money_t today;
	money_t recurring;
	money_t recurring_before; /* of annotated ones: the current invoices' */
	bool prorates;            /* pro-ration is billed */
	money_t prorated;
};

/*
 * Prices a state. Everything lives as long as the arena and what the state
 * lends. Problems: VALIDATION with code "overflow".
 */
struct problem *invoices_price(struct arena *a, const struct billed_state *state,
    bool explain, struct invoices *out) MUSTCHECK;

/*
 * The proposed invoices with their changes against the current ones. Removed
 * lines and invoices stay listed, at zero; new and larger ones have activation
 * charges; changed ones have their part of the month, where that is billed or
 * explained. Problems: as of invoices_price.
 */
struct problem *invoices_annotate(struct arena *a,
    const struct invoices *current, const struct invoices *proposed,
    const struct proration *proration, struct invoices *out) MUSTCHECK;

/*
 * Adds to the steps of priced lines, where they are kept, the amount for the
 * rest of the month of each line that may be pro-rated. Problems: as of
 * invoices_price.
 */
struct problem *invoices_explain_proration(struct arena *a,
    const struct proration *proration, struct invoices *invoices) MUSTCHECK;

bool invoice_has_changes(const struct invoice *invoice);
bool invoices_have_changes(const struct invoices *invoices);
/* True if the quantity of a line that is on both sides rose. */
bool invoices_have_additions(const struct invoices *invoices);
bool invoices_have_billable_additions(const struct invoices *invoices);
/*
 * True if something is due now (where it is billed, also for the rest of the
 * month) or recurring charges rise (rules/changes 8).
 */
bool invoices_cost_more(const struct invoices *annotated);

#endif
