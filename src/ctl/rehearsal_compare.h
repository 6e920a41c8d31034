/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compares an account of the old system with what Reeve makes of it, as the JSON
 * that reports are made of.
 *
 *   {"account": {"id", "name"}, "old": {...}, "reeve": {...}, "logins": {...},
 *    "missing": [...], "differences": [{"of", ..., "old", "reeve", "counted",
 *    "rule", "why", "follows"}, ...]}
 *
 * A difference "follows" if another one explains it: an invoice differs because a
 * quantity does, a cascade because an account below counts more. "counted" is what
 * the dump has of a quantity, where import stores another figure. What the dump
 * does not have is missing, and is not compared.
 */
#ifndef REEVE_CTL_REHEARSAL_COMPARE_H
#define REEVE_CTL_REHEARSAL_COMPARE_H

#include "ctl/rehearsal_read.h"

/* A comparison under way. */
struct rehearsal_comparison {
	struct rehearsal *rehearsal;
	struct arena *arena;
	struct rehearsed *account;
	struct json_object *json;
	struct json_object *old;
	struct json_object *reeve;
	struct json_object *missing;
	struct json_object *differences;
	/* Categories whose quantities differ: they explain lines. */
	struct quantity_table differing;
	/* Quantities with cascades: of the old system, and as imported. */
	struct quantity_table old_cascade;
	struct quantity_table cascade;
	bool counts_accounts; /* the old system counts accounts */
	bool lacks_plan; /* one that is assigned is not in the dump */
	money_t impact; /* amounts that differ, all together */
	int64_t own;    /* differences that do not follow */
	int64_t following;
};

/*
 * Compares an account, adds it to the totals, and adds its result to
 * r->results, the worst first.
 */
void rehearsal_compare(struct rehearsal *r, struct arena *a,
    struct rehearsed *account);

/* Adds a difference. what: "quantity", "line", "balance", "month"; why may be
 * NULL. Returns it, for members of its own. */
struct json_object *rehearsal_differ(struct rehearsal_comparison *c,
    const char *what, const char *rule, const char *why, bool follows);

/* Notes what the dump does not have. */
void rehearsal_miss(struct rehearsal_comparison *c, const char *what);

/* Adds an amount that differs to the impact. */
void rehearsal_weigh(struct rehearsal_comparison *c, money_t old,
    money_t reeve);

/* Compares the invoices (rehearsal_invoice.c). */
void rehearsal_compare_invoices(struct rehearsal_comparison *c);

#endif
