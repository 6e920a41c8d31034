/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Invoices as clients are shown them: with the names of their bookkeepers. */
#ifndef REEVE_SERVICE_SHOWN_INVOICES_H
#define REEVE_SERVICE_SHOWN_INVOICES_H

#include "billing/invoice.h"
#include "store/db.h"

struct json_object;

/* Appends an account's invoice to a list, which the caller owns. asked: its
 * charges are to be accepted. */
struct problem *shown_invoice_add(struct db *db, struct arena *a,
    const char *account_id, const struct invoice *invoice, bool asked,
    struct json_object *list) MUSTCHECK;

/* All of them. *list is the arena's. */
struct problem *shown_invoices(struct db *db, struct arena *a,
    const char *account_id, const struct invoices *invoices,
    struct json_object **list) MUSTCHECK;

#endif
