/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantity tables for tests, written as quoted documents. */
#ifndef REEVE_T_UNIT_QUOTED_TABLE_H
#define REEVE_T_UNIT_QUOTED_TABLE_H

#include "billing/quantity_document.h"

#include "quoted.h"

static inline struct quantity_table
quoted_table(struct arena *a, const char *text)
{
	struct quantity_table table = { .count = 0 };

	cr_assert_null(quantity_table_read(a, quoted(a, text), "",
	    QUANTITY_KEPT, &table), "%s", text);
	return table;
}

static inline void
assert_table(struct arena *a, const char *wanted,
    const struct quantity_table *table, const char *label)
{
	assert_json(a, wanted, json_own(a, quantity_table_json(table)), label);
}

#endif
