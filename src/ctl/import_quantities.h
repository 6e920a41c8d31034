/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The quantities of a services document of any age, under the names that this
 * version counts by (doc/compatibility, "Counting"). */
#ifndef REEVE_CTL_IMPORT_QUANTITIES_H
#define REEVE_CTL_IMPORT_QUANTITIES_H

#include <json-c/json.h>

#include "base/attr.h"
#include "billing/quantity_table.h"

struct import_quantities {
	struct quantity_table tables[QUANTITY_SCOPE__MAX];
	bool flat;        /* of before 4.3, or none: no scope is named, so the
	                     document states no cascade: that of the account is
	                     the sum over its descendants (enum services_sum) */
	const char *note; /* the parts that are not taken; NULL: none */
};

/* Returns the reason why they cannot be read; NULL: they are. Everything is the
 * arena's. */
const char *import_quantities_read(struct arena *a,
    struct json_object *document, struct import_quantities *out) MUSTCHECK;

#endif
