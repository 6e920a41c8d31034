/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of figures: what lists of customers show of an account, written where it
 * changes (rules/customers). */
#ifndef REEVE_STORE_FIGURES_H
#define REEVE_STORE_FIGURES_H

#include "store/db.h"

/*
 * Writes what invoices add up to, and standings. figures: JSON [{"account",
 * "recurring"}, ...]; month: YYYYMM of the change. The caller holds the lock of
 * their services, and has written everything that locks audit_head.
 */
struct problem *store_figures_save(struct db *db, struct arena *a,
    const char *figures, const char *month) MUSTCHECK;

/* The monthly charges of an account and its ancestors are not known from now on. */
struct problem *store_figures_forget(struct db *db, struct arena *a,
    const char *account_id) MUSTCHECK;

/* Writes the row and the months again, but what the account pays a month. */
struct problem *store_figures_rebuild(struct db *db, struct arena *a,
    const char *account_id) MUSTCHECK;

struct figures_check {
	const char *wrong;     /* the first wrong figure, by its name; or NULL */
	const char *recurring; /* as a text; NULL: not known */
};

/* *out is NULL when there is no such account. */
struct problem *store_figures_verify(struct db *db, struct arena *a,
    const char *account_id, struct figures_check **out) MUSTCHECK;

#endif
