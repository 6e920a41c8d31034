/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/snapshots.h"

#include "base/json.h"
#include "billing/quantity_document.h"
#include "store/field.h"

/* ---- changes ---- */

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
store_quantity_change_list(struct db *db, struct arena *a,
    const char *account_id, int64_t from, struct quantity_changes *out)
{
	const struct change_query query = { account_id, from };
	struct db_result found;
	struct problem *p;

	p = db_call(db, a, &quantity_change_list_call, &query, &found);
	*out = (struct quantity_changes){ found.count, found.rows };
	return p;
}

/* ---- snapshots ---- */

struct new_snapshot {
	const char *account_id;
	const char *ended; /* months, "YYYYMM" */
	const char *began;
	struct json_object *quantities;
};

static const struct field new_parameters[] = {
	FIELD_AS("account", TEXT, struct new_snapshot, account_id),
	FIELD(TEXT, struct new_snapshot, ended),
	FIELD(TEXT, struct new_snapshot, began),
	FIELD(JSON, struct new_snapshot, quantities),
};

static const struct db_procedure snapshot_save_call = {
	PROCEDURE(SNAPSHOT_SAVE, "snapshot_save", WRITE),
	TAKES(new_parameters),
};

struct problem *
store_snapshot_save(struct db *db, struct arena *a, const char *account_id,
    int64_t start, const struct quantity_table quantities[QUANTITY_SCOPE__MAX])
{
	char ended[GREGORIAN_MONTH_SIZE], began[GREGORIAN_MONTH_SIZE];
	const struct new_snapshot new = { account_id, ended, began,
		json_own(a, quantity_tables_json(quantities)) };

	gregorian_month(start - 1, ended);
	gregorian_month(start, began);
	return db_call(db, a, &snapshot_save_call, &new, NULL);
}

static const struct field query_parameters[] = {
	FIELD_AS("top", TEXT, struct snapshot_query, top_id),
	FIELD(TEXT, struct snapshot_query, from),
	FIELD(TEXT, struct snapshot_query, to),
	FIELD(TEXT, struct snapshot_query, after_account),
	FIELD(TEXT, struct snapshot_query, after_month),
	FIELD(INTEGER, struct snapshot_query, limit),
};

struct snapshot_row {
	const char *account_id;
	const char *month;
	struct json_object *began;
	struct json_object *ended;
};

static const struct field row_columns[] = {
	FIELD(TEXT, struct snapshot_row, account_id),
	FIELD(TEXT, struct snapshot_row, month),
	FIELD_AS("bom", JSON, struct snapshot_row, began),
	FIELD_AS("eom", JSON, struct snapshot_row, ended),
};

static const struct db_procedure snapshot_list_call = {
	PROCEDURE(SNAPSHOT_LIST, "snapshot_list", READ),
	TAKES(query_parameters),
	GIVES(struct snapshot_row, row_columns),
};

/* The account's own table of a stored document; document NULL: none. */
static struct problem *
read_own(struct arena *a, struct json_object *document,
    struct quantity_table *out)
{
	struct quantity_table tables[QUANTITY_SCOPE__MAX] = { { 0 } };

	if (document == NULL)
		return NULL;
	if (quantity_tables_read(a, document, "", QUANTITY_KEPT, tables) != NULL)
		return problem_fault(a, "a snapshot has no quantities");
	*out = tables[QUANTITY_ACCOUNT];
	return NULL;
}

struct problem *
store_snapshot_list(struct db *db, struct arena *a,
    const struct snapshot_query *query, struct snapshots *out)
{
	const struct snapshot_row *row;
	struct snapshot *one;
	struct db_result found;
	struct problem *p = db_call(db, a, &snapshot_list_call, query, &found);
	size_t i;

	out->count = found.count;
	out->snapshots = arena_alloc(a, found.count * sizeof(*out->snapshots));
	row = found.rows;
	for (i = 0; p == NULL && i < found.count; i++, row++) {
		one = &out->snapshots[i];
		one->account_id = row->account_id;
		one->month = row->month;
		if ((p = read_own(a, row->began, &one->began)) == NULL)
			p = read_own(a, row->ended, &one->ended);
	}
	return p;
}
