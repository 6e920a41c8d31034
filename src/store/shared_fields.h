/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of fields that several aggregates have in common. */
#ifndef REEVE_STORE_SHARED_FIELDS_H
#define REEVE_STORE_SHARED_FIELDS_H

#include "store/field.h"

/* Arguments of a procedure about one account. */
struct account_ref {
	const char *account_id;
};
extern const struct field account_ref_parameters[1];

/* Arguments of a procedure about one record of an account. */
struct record_ref {
	const char *account_id;
	const char *id;
};
extern const struct field record_ref_parameters[2];

/* False: the record was there already. */
struct write_result {
	bool written;
};
extern const struct field write_result_columns[1];

#endif
