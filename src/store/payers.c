/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/payers.h"

#include "store/field.h"

struct far_query {
	const char *after;
	int64_t limit;
};

static const struct field far_parameters[] = {
	FIELD(TEXT, struct far_query, after),
	FIELD(INTEGER, struct far_query, limit),
};

static const struct field far_columns[] = {
	FIELD(TEXT, struct far_payer, account_id),
	FIELD(TEXT, struct far_payer, account_name),
	FIELD(TEXT, struct far_payer, payer_id),
	FIELD(TEXT, struct far_payer, payer_name),
};

static const struct db_procedure payer_far_list_call = {
	PROCEDURE(PAYER_FAR_LIST, "payer_far_list", READ),
	TAKES(far_parameters),
	GIVES(struct far_payer, far_columns),
};

struct problem *
store_payers_far(struct db *db, struct arena *a, const char *after,
    int64_t limit, struct far_payers *out)
{
	const struct far_query query = { after, limit };
	struct db_result found;
	struct problem *p = db_call(
	    db, a, &payer_far_list_call, &query, &found);

	out->count = p == NULL ? found.count : 0;
	out->rows = p == NULL ? found.rows : NULL;
	return p;
}
