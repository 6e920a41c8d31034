/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/due.h"

struct problem *
due_account_list(struct db *db, struct arena *a, const char *task,
    const char *period, enum due_of of, const char *account_id,
    const char *after, int64_t limit, struct due_accounts *out)
{
	static const char *const names[] = {
		[DUE_OF_ALL] = "account",
		[DUE_OF_ARRIVAL] = "arrival",
		[DUE_OF_LEDGER] = "ledger",
		[DUE_OF_PAYMENTS] = "payment",
	};
	const struct db_value args[] = {
		db_text(task),
		db_text(period),
		db_text(names[of]),
		db_text(account_id),
		db_text(after),
		db_int(limit),
	};
	const struct db_cell *row;
	struct db_rows rows;
	struct problem *p;
	size_t i;

	p = db_call(db, a, DUE_ACCOUNT_LIST, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	out->count = rows.count;
	out->accounts = arena_alloc(a, rows.count * sizeof(*out->accounts));
	for (i = 0; i < rows.count; i++) {
		row = db_row(&rows, i);
		out->accounts[i] = (struct due_account){
			.id = row[0].text,
			.name = row[1].text,
			.since = row[2].number,
			.last = row[3].text,
			.first = row[4].text,
		};
	}
	return NULL;
}

struct problem *
due_take(struct db *db, struct arena *a, const char *account_id,
    const char *task, const char *period, int64_t now, bool *taken)
{
	const struct db_value args[] = {
		db_text(account_id),
		db_text(task),
		db_text(period),
		db_int(now),
	};
	struct db_rows rows;
	struct problem *p;

	p = db_call(db, a, DUE_TAKE, args, NELEM(args), &rows);
	if (p == NULL)
		*taken = db_row(&rows, 0)[0].number != 0;
	return p;
}
