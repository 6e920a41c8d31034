/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/shared_fields.h"

const struct field of_account_parameters[1] = {
	FIELD_AS("account", TEXT, struct of_account, account_id),
};

const struct field of_account_and_id_parameters[2] = {
	FIELD_AS("account", TEXT, struct of_account_and_id, account_id),
	FIELD(TEXT, struct of_account_and_id, id),
};

const struct field written_columns[1] = {
	FIELD(BOOL, struct written, written),
};
