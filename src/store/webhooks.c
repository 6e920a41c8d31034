/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/webhooks.h"

#include "base/json.h"

const char *
webhook_target(struct arena *a, const char *account_id, const char *id)
{
	return arena_printf(a, WEBHOOK_TARGET "%s/%s", account_id, id);
}

struct problem *
webhook_list(struct db *db, struct arena *a, const char *account_id,
    struct webhook_list *out)
{
	const struct db_value args[] = { db_text(account_id) };
	const struct db_cell *row;
	struct webhook *webhook;
	struct db_rows rows;
	struct problem *p;
	const char *error;
	size_t i;

	p = db_call(db, a, WEBHOOK_LIST, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	out->count = rows.count;
	out->webhooks = arena_alloc(a, rows.count * sizeof(*out->webhooks));
	for (i = 0; i < rows.count; i++) {
		row = db_row(&rows, i);
		webhook = &out->webhooks[i];
		webhook->account_id = row[0].text;
		webhook->id = row[1].text;
		webhook->depth = row[2].number;
		webhook->document = json_parse(a, row[3].text,
		    (size_t)row[3].number, &error);
		if (webhook->document == NULL)
			return problem_fault(a, "webhook %s: %s", webhook->id,
			    error);
	}
	return NULL;
}

/* ---- attempts ---- */

struct problem *
webhook_attempt_list(struct db *db, struct arena *a, const char *account_id,
    const char *id, const struct page_query *query,
    struct webhook_attempts *out)
{
	const struct db_value args[] = {
		db_text(webhook_target(a, account_id, id)),
		db_int(query->start.sequence),
		db_int(query->limit),
	};
	const struct db_cell *row;
	struct db_rows rows;
	struct problem *p;
	size_t i;

	p = db_call(db, a, WEBHOOK_ATTEMPT_LIST, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	out->count = rows.count;
	out->attempts = arena_alloc(a, rows.count * sizeof(*out->attempts));
	for (i = 0; i < rows.count; i++) {
		row = db_row(&rows, i);
		out->attempts[i] = (struct webhook_attempt){
			.place = row[0].number,
			.delivery_id = row[1].text,
			.account_id = row[2].text,
			.event = row[3].text,
			.state = row[4].text,
			.created = row[5].number,
			.attempt = row[6].number,
			.begun = row[7].number,
			.ended = row[8].number,
			.status = row[9].number,
			.reason = row[10].text,
			.detail = row[11].text,
		};
	}
	return NULL;
}

struct problem *
webhook_replay(struct db *db, struct arena *a, const char *account_id,
    const char *id, const char *delivery_id, int64_t now, int64_t *replayed)
{
	const struct db_value args[] = {
		db_text(webhook_target(a, account_id, id)),
		db_text(delivery_id == NULL ? "" : delivery_id),
		db_int(now),
	};
	struct db_rows rows;
	struct problem *p;

	p = db_call(db, a, WEBHOOK_REPLAY, args, NELEM(args), &rows);
	if (p == NULL)
		*replayed = db_row(&rows, 0)[0].number;
	return p;
}
