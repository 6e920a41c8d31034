/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of fields that several aggregates have in common. */
#ifndef REEVE_STORE_SHARED_FIELDS_H
#define REEVE_STORE_SHARED_FIELDS_H

#include "store/field.h"

/* Arguments of a procedure about one account. */
struct of_account {
	const char *account_id;
};
extern const struct field of_account_parameters[1];

/* Arguments of a procedure about one record of an account. */
struct of_account_and_id {
	const char *account_id;
	const char *id;
};
extern const struct field of_account_and_id_parameters[2];

/* False: the record was there already. */
struct written {
	bool written;
};
extern const struct field written_columns[1];

#endif
