/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/status.h"

struct status_query {
	int64_t most;
};

static const struct field query_parameters[] = {
	FIELD(INTEGER, struct status_query, most),
};

static const struct field status_columns[] = {
	FIELD(INTEGER, struct status, bookkeepers),
	FIELD(INTEGER, struct status, bookkeepers_since),
	FIELD(INTEGER, struct status, webhooks),
	FIELD(INTEGER, struct status, webhooks_since),
	FIELD(INTEGER, struct status, mails),
	FIELD(INTEGER, struct status, mails_since),
	FIELD(INTEGER, struct status, due),
	FIELD(INTEGER, struct status, dead),
	FIELD(INTEGER, struct status, payments),
	FIELD_WORD("run_result", struct status, run_result, due_result_words),
	FIELD(INTEGER, struct status, run_at),
};

static const struct db_procedure status_show_call = {
	PROCEDURE(STATUS_SHOW, "status_show", READ),
	TAKES(query_parameters),
	GIVES(struct status, status_columns),
};

struct problem *
store_status_show(struct db *db, struct arena *a, int64_t most,
    struct status *out)
{
	const struct status_query query = { most };

	return db_call_for_row(db, a, &status_show_call, &query, out);
}
