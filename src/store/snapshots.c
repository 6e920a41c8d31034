/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/snapshots.h"

#include "base/json.h"
#include "billing/quantity_document.h"
#include "store/field.h"

/* ---- what changed ---- */

static const char *const scope_words[QUANTITY_SCOPE__MAX] = {
	[QUANTITY_ACCOUNT] = "account",
	[QUANTITY_CASCADE] = "cascade",
	[QUANTITY_MANUAL] = "manual",
};

struct change_query {
	const char *account_id;
	int64_t from;
};

static const struct field change_parameters[] = {
	FIELD_AS("account", TEXT, struct change_query, account_id),
	FIELD(INTEGER, struct change_query, from),
};

static const struct field change_columns[] = {
	FIELD_WORD("scope", struct quantity_change, scope, scope_words),
	FIELD(TEXT, struct quantity_change, category),
	FIELD(TEXT, struct quantity_change, item),
	FIELD(INTEGER, struct quantity_change, difference),
};

static const struct db_procedure quantity_change_list_call = {
	PROCEDURE(QUANTITY_CHANGE_LIST, "quantity_change_list", READ),
	TAKES(change_parameters),
	GIVES(struct quantity_change, change_columns),
};

struct problem *
quantity_change_list(struct db *db, struct arena *a, const char *account_id,
    int64_t from, struct quantity_changes *out)
{
	const struct change_query query = { account_id, from };
	struct db_result found;
	struct problem *p;

	p = db_run(db, a, &quantity_change_list_call, &query, &found);
	*out = (struct quantity_changes){ found.count, found.rows };
	return p;
}

/* ---- what was kept ---- */

struct problem *
snapshot_save(struct db *db, struct arena *a, const char *account_id,
    int64_t start, const struct quantity_table quantities[QUANTITY_SCOPE__MAX])
{
	char ended[GREGORIAN_MONTH_SIZE], began[GREGORIAN_MONTH_SIZE];
	struct json_object *document = json_own(a,
	    quantity_tables_json(quantities));

	gregorian_month(start - 1, ended);
	gregorian_month(start, began);

	const struct db_value args[] = {
		db_text(account_id),
		db_text(ended),
		db_text(began),
		db_text(json_canonical_text(a, document)),
	};

	return db_call(db, a, SNAPSHOT_SAVE, args, NELEM(args), NULL);
}

/* Of the tables that were kept, the account's own. */
static struct problem *
read_own(struct arena *a, const struct db_cell *cell,
    struct quantity_table *out)
{
	struct quantity_table tables[QUANTITY_SCOPE__MAX] = { { 0 } };
	struct json_object *document;
	const char *error;

	if (cell->text == NULL)
		return NULL;
	document = json_parse(a, cell->text, (size_t)cell->number, &error);
	if (document == NULL)
		return problem_fault(a, "a snapshot cannot be read: %s", error);
	if (quantity_tables_read(a, document, "", QUANTITY_KEPT, tables) != NULL)
		return problem_fault(a, "a snapshot has no quantities");
	*out = tables[QUANTITY_ACCOUNT];
	return NULL;
}

struct problem *
snapshot_list(struct db *db, struct arena *a, const char *top,
    const char *from, const char *to, const char *after_account,
    const char *after_month, int64_t limit, struct snapshots *out)
{
	const struct db_value args[] = {
		db_text(top),
		db_text(from),
		db_text(to),
		db_text(after_account),
		db_text(after_month),
		db_int(limit),
	};
	const struct db_cell *row;
	struct snapshot *one;
	struct db_rows rows;
	struct problem *p;
	size_t i;

	p = db_call(db, a, SNAPSHOT_LIST, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	out->count = rows.count;
	out->snapshots = arena_alloc(a, rows.count * sizeof(*out->snapshots));
	for (i = 0; i < rows.count && p == NULL; i++) {
		row = db_row(&rows, i);
		one = &out->snapshots[i];
		one->account_id = row[0].text;
		one->month = row[1].text;
		if ((p = read_own(a, &row[2], &one->began)) == NULL)
			p = read_own(a, &row[3], &one->ended);
	}
	return p;
}
