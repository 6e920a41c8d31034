/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/due.h"

/* ---- accounts ---- */

static const char *const since_words[] = {
	[DUE_OF_ALL] = "account",
	[DUE_OF_ARRIVAL] = "arrival",
	[DUE_OF_LEDGER] = "ledger",
	[DUE_OF_PAYMENTS] = "payment",
	[DUE_OF_TOPUPS] = "topup",
	[DUE_OF_PRICING] = "pricing",
};

static const struct field query_parameters[] = {
	FIELD(TEXT, struct due_query, task),
	FIELD(TEXT, struct due_query, period),
	FIELD_WORD("since", struct due_query, of, since_words),
	FIELD_AS("account", TEXT, struct due_query, account_id),
	FIELD(TEXT, struct due_query, after),
	FIELD(INTEGER, struct due_query, limit),
};

static const struct field account_columns[] = {
	FIELD(TEXT, struct due_account, id),
	FIELD(TEXT, struct due_account, name),
	FIELD(INTEGER, struct due_account, since),
	FIELD_AS("last_period", TEXT, struct due_account, last),
	FIELD_AS("first_period", TEXT, struct due_account, first),
};

static const struct db_procedure due_account_list_call = {
	PROCEDURE(DUE_ACCOUNT_LIST, "due_account_list", READ),
	TAKES(query_parameters),
	GIVES(struct due_account, account_columns),
};

struct problem *
store_due_account_list(struct db *db, struct arena *a,
    const struct due_query *query, struct due_accounts *out)
{
	struct db_result found;
	struct problem *p;

	p = db_call(db, a, &due_account_list_call, query, &found);
	*out = (struct due_accounts){ found.count, found.rows };
	return p;
}

/* ---- marks ---- */

struct mark_record {
	struct due_mark mark;
	int64_t now;
};

static const struct field mark_parameters[] = {
	FIELD_AS("account", TEXT, struct mark_record, mark.account_id),
	FIELD_AS("task", TEXT, struct mark_record, mark.task),
	FIELD_AS("period", TEXT, struct mark_record, mark.period),
	FIELD(INTEGER, struct mark_record, now),
};

struct mark_result {
	bool taken;
};

static const struct field mark_columns[] = {
	FIELD(BOOL, struct mark_result, taken),
};

static const struct db_procedure due_take_call = {
	PROCEDURE(DUE_TAKE, "due_take", WRITE),
	TAKES(mark_parameters),
	GIVES(struct mark_result, mark_columns),
};

struct problem *
store_due_take(struct db *db, struct arena *a, const struct due_mark *mark,
    int64_t now, bool *taken)
{
	const struct mark_record made = { *mark, now };
	struct mark_result result = { false };
	struct problem *p;

	p = db_call_for_row(db, a, &due_take_call, &made, &result);
	*taken = result.taken;
	return p;
}

/* ---- runs ---- */

const char *const due_result_words[DUE_RESULTS] = {
	[DUE_NEVER] = "never",
	[DUE_RUNNING] = "running",
	[DUE_WELL] = "well",
	[DUE_ACCOUNTS_FAILED] = "accounts failed",
	[DUE_BROKEN_OFF] = "broken off",
};

struct run_note {
	enum due_result result;
	int64_t now;
};

static const struct field note_parameters[] = {
	FIELD_WORD("result", struct run_note, result, due_result_words),
	FIELD(INTEGER, struct run_note, now),
};

static const struct db_procedure due_run_note_call = {
	PROCEDURE(DUE_RUN_NOTE, "due_run_note", WRITE),
	TAKES(note_parameters),
};

struct problem *
store_due_run_note(struct db *db, struct arena *a, enum due_result result,
    int64_t now)
{
	const struct run_note note = { result, now };

	return db_call(db, a, &due_run_note_call, &note, NULL);
}
