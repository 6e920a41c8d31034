/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines of invoices in the form before 4.3, for clients and bookkeepers of that
 * time: they rely on every field, so none is left out. A writing end.
 * Pure.
 */
#ifndef REEVE_BILLING_EARLIER_LINE_H
#define REEVE_BILLING_EARLIER_LINE_H

#include "billing/invoice.h"

struct json_object;

/* The member for these terms in a stored message to a bookkeeper, beside the
 * "invoice" they belong to. */
#define EARLIER_TERMS "earlier_terms"

/*
 * The terms of items' plans that earlier lines show and an invoice's document
 * does not: an element for each line, in their order, with "activation_charge"
 * and "exceptions" where the plan has them. NULL: no plan has either. The
 * caller owns it.
 */
struct json_object *earlier_terms(const struct invoice *invoice);

/*
 * Adds the lines of an invoice's document, "items", to {category: {item:
 * {...}}}; terms: as of earlier_terms. Of two lines that show the same item the
 * last one stays, but a removed line replaces none. Both are lent.
 */
void earlier_lines_add(struct json_object *out, struct json_object *lines,
    struct json_object *terms);

/* Adds the lines of an invoice that is in memory. */
void earlier_invoice_add(struct json_object *out,
    const struct invoice *invoice);

#endif
