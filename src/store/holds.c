/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/holds.h"

#include "store/shared_fields.h"

static const struct field hold_parameters[] = {
	FIELD_AS("account", TEXT, struct hold, account_id),
	FIELD_AS("payer", TEXT, struct hold, payer_id),
	FIELD(MONEY, struct hold, fall),
	FIELD(MONEY, struct hold, rise),
	FIELD(MONEY, struct hold, today),
};

struct hold_result {
	money_t available;
};

static const struct field hold_columns[] = {
	FIELD(MONEY, struct hold_result, available),
};

static const struct db_procedure hold_save_call = {
	PROCEDURE(HOLD_SAVE, "hold_save", WRITE),
	TAKES(hold_parameters),
	GIVES(struct hold_result, hold_columns),
};

struct problem *
store_hold_save(struct db *db, struct arena *a, const struct hold *hold,
    money_t *available)
{
	struct hold_result result = { 0 };
	struct problem *p;

	p = db_call_for_row(db, a, &hold_save_call, hold, &result);
	*available = result.available;
	return p;
}

static const struct db_procedure hold_release_call = {
	PROCEDURE(HOLD_RELEASE, "hold_release", WRITE),
	TAKES(account_ref_parameters),
};

struct problem *
store_hold_release(struct db *db, struct arena *a, const char *account_id)
{
	const struct account_ref of = { account_id };

	return db_call(db, a, &hold_release_call, &of, NULL);
}
