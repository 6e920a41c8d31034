/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/ledgers.h"

struct problem *
ledger_import(struct db *db, struct arena *a, const struct ledger *ledger,
    bool *written)
{
	char amount[MONEY_TEXT_SIZE];
	struct db_rows rows;
	struct problem *p;

	money_format(ledger->amount, amount);

	const struct db_value args[] = {
		db_text(ledger->account_id),
		db_text(ledger->id),
		db_text(ledger->debit ? "debit" : "credit"),
		db_text(ledger->service),
		db_text(ledger->source_id),
		db_text(amount),
		db_text(ledger->usage_type),
		ledger->has_usage ? db_int(ledger->usage_quantity) : db_null(),
		db_text(ledger->usage_unit),
		db_moment(ledger->period_start),
		db_moment(ledger->period_end),
		db_int(ledger->created),
		db_int(ledger->recorded),
		db_text(ledger->document),
	};

	p = db_call(db, a, LEDGER_IMPORT, args, NELEM(args), &rows);
	if (p == NULL)
		*written = db_row(&rows, 0)[0].number != 0;
	return p;
}
