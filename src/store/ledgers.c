/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/ledgers.h"

#include <string.h>

#include "base/json.h"

#define SCAN_PAGE 500 /* entries read at a time */

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

/* after: the last id read, of the caller's arena. */
static struct problem *
scan_page(struct db *db, struct arena *page, struct arena *a,
    const char *account_id, const char **after, ledger_fn *fn, void *state,
    bool *more)
{
	const struct db_value args[] = {
		db_text(account_id),
		db_text(*after),
		db_int(SCAN_PAGE),
	};
	struct json_object *document;
	const struct db_cell *row;
	struct db_rows rows;
	struct problem *p;
	const char *error;
	size_t i;

	p = db_call(db, page, LEDGER_SCAN, args, NELEM(args), &rows);
	*more = p == NULL && rows.count == SCAN_PAGE;
	for (i = 0; p == NULL && i < rows.count; i++) {
		row = db_row(&rows, i);
		document = json_parse(page, row[3].text, (size_t)row[3].number,
		    &error);
		if (document == NULL)
			return problem_fault(page, "ledger entry %s: %s",
			    row[0].text, error);
		if (!fn(state, account_id, row[0].text,
		    strcmp(row[1].text, "debit") == 0, row[2].number, document))
			*more = false;
		*after = arena_strdup(a, row[0].text);
	}
	return p;
}

struct problem *
ledger_each(struct db *db, struct arena *a, const char *account_id,
    ledger_fn *fn, void *state)
{
	struct arena *page = arena_new(256 * 1024);
	const char *after = "";
	struct problem *p;
	bool more;

	do {
		p = scan_page(db, page, a, account_id, &after, fn, state, &more);
		if (p != NULL)
			p = problem_copy(a, p);
		arena_reset(page);
	} while (p == NULL && more);
	arena_free(&page);
	return p;
}
