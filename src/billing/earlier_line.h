/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines of invoices as they were before 4.3, for clients and bookkeepers of that
 * time: they reckon with every field, so none is left out. A writing end. Pure.
 */
#ifndef REEVE_BILLING_EARLIER_LINE_H
#define REEVE_BILLING_EARLIER_LINE_H

struct json_object;

/*
 * Adds a line, as an invoice has it, to {category: {item: {...}}}; one without
 * category or item is left out. activation_charge: of one, NULL: 0. exceptions:
 * the items that "_all" leaves out, NULL: none. All are lent.
 */
void earlier_line_add(struct json_object *items, struct json_object *line,
    struct json_object *activation_charge, struct json_object *exceptions);

#endif
