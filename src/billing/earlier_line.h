/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines of invoices in the form of before 4.3, for clients and bookkeepers of
 * that time: they count on every field, so none is left out. A writing end.
 * Pure.
 */
#ifndef REEVE_BILLING_EARLIER_LINE_H
#define REEVE_BILLING_EARLIER_LINE_H

#include "billing/invoice.h"

struct json_object;

/* The member that has these terms in a message that waits for its bookkeeper,
 * beside the "invoice" they belong to. */
#define EARLIER_TERMS "earlier_terms"

/*
 * What earlier lines say of an item's plan and an invoice's document does not:
 * an element for each line, in their order, with "activation_charge" and
 * "exceptions" where the plan has them. NULL: no plan has either. The caller's.
 */
struct json_object *earlier_terms(const struct invoice *invoice);

/*
 * Adds the lines of an invoice's document, "items", to {category: {item:
 * {...}}}; terms: as above. Of two lines that show the same item the last one
 * stays, but a removed line replaces none. Both are lent.
 */
void earlier_lines_add(struct json_object *out, struct json_object *lines,
    struct json_object *terms);

/* The same of an invoice that is at hand. */
void earlier_invoice_add(struct json_object *out,
    const struct invoice *invoice);

#endif
