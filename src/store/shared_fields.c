/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/shared_fields.h"

const struct field account_ref_parameters[1] = {
	FIELD_AS("account", TEXT, struct account_ref, account_id),
};

const struct field record_ref_parameters[2] = {
	FIELD_AS("account", TEXT, struct record_ref, account_id),
	FIELD(TEXT, struct record_ref, id),
};

const struct field write_result_columns[1] = {
	FIELD(BOOL, struct write_result, written),
};
