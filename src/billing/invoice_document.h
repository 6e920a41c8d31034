/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Invoices and their lines as the API shows them and audit entries keep them.
 * A writing end. Pure. The caller owns the results.
 */
#ifndef REEVE_BILLING_INVOICE_DOCUMENT_H
#define REEVE_BILLING_INVOICE_DOCUMENT_H

#include "billing/invoice.h"

struct json_object *line_json(const struct line *line);

/* with_plan: with the merged plan. */
struct json_object *invoice_json(const struct invoice *invoice, bool with_plan);

/* An invoice whose charges are to be accepted: each item has its discount as a
 * number, and one-off charges are items, too, so that the items add up to what
 * is due now and what recurs. */
struct json_object *invoice_asked_json(struct arena *a,
    const struct invoice *invoice);

struct json_object *invoices_json(const struct invoices *invoices);

#endif
