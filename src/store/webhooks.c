/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/webhooks.h"

#include "store/shared_fields.h"

const char *
store_webhook_target(struct arena *a, const char *account_id, const char *id)
{
	return arena_printf(a, WEBHOOK_TARGET "%s/%s", account_id, id);
}

/* ---- webhooks ---- */

static const struct field webhook_columns[] = {
	FIELD(TEXT, struct webhook, account_id),
	FIELD(TEXT, struct webhook, id),
	FIELD(INTEGER, struct webhook, depth),
	FIELD(JSON, struct webhook, document),
};

static const struct db_procedure webhook_list_call = {
	PROCEDURE(WEBHOOK_LIST, "webhook_list", READ),
	TAKES(account_ref_parameters),
	GIVES(struct webhook, webhook_columns),
};

struct problem *
store_webhook_list(struct db *db, struct arena *a, const char *account_id,
    struct webhook_list *out)
{
	const struct account_ref of = { account_id };
	struct db_result found;
	struct problem *p = db_call(db, a, &webhook_list_call, &of, &found);

	*out = (struct webhook_list){ found.count, found.rows };
	return p;
}

/* ---- attempts ---- */

struct attempt_page {
	const char *target;
	struct page_query query;
};

static const struct field page_parameters[] = {
	FIELD(TEXT, struct attempt_page, target),
	FIELD_AS("at", INTEGER, struct attempt_page, query.start.sequence),
	FIELD_AS("limit", INTEGER, struct attempt_page, query.limit),
};

static const struct field attempt_columns[] = {
	FIELD(INTEGER, struct webhook_attempt, place),
	FIELD(TEXT, struct webhook_attempt, delivery_id),
	FIELD(TEXT, struct webhook_attempt, account_id),
	FIELD_AS("message", TEXT, struct webhook_attempt, event),
	FIELD(TEXT, struct webhook_attempt, state),
	FIELD(INTEGER, struct webhook_attempt, created),
	FIELD(INTEGER, struct webhook_attempt, attempt),
	FIELD(INTEGER, struct webhook_attempt, begun),
	FIELD(NONZERO, struct webhook_attempt, ended),
	FIELD_AS("http_status", NONZERO, struct webhook_attempt, status),
	FIELD(TEXT, struct webhook_attempt, reason),
	FIELD(TEXT, struct webhook_attempt, detail),
};

static const struct db_procedure webhook_attempt_list_call = {
	PROCEDURE(WEBHOOK_ATTEMPT_LIST, "webhook_attempt_list", READ),
	TAKES(page_parameters),
	GIVES(struct webhook_attempt, attempt_columns),
};

struct problem *
store_webhook_attempt_list(struct db *db, struct arena *a, const char *target,
    const struct page_query *query, struct webhook_attempts *out)
{
	const struct attempt_page page = { target, *query };
	struct db_result found;
	struct problem *p;

	p = db_call(db, a, &webhook_attempt_list_call, &page, &found);
	*out = (struct webhook_attempts){ found.count, found.rows };
	return p;
}

/* ---- replay ---- */

struct replay {
	const char *target;
	const char *delivery_id;
	int64_t now;
};

static const struct field replay_parameters[] = {
	FIELD(TEXT, struct replay, target),
	FIELD_AS("delivery", TEXT, struct replay, delivery_id),
	FIELD(INTEGER, struct replay, now),
};

struct replay_result {
	int64_t replayed;
};

static const struct field replay_columns[] = {
	FIELD(INTEGER, struct replay_result, replayed),
};

static const struct db_procedure webhook_replay_call = {
	PROCEDURE(WEBHOOK_REPLAY, "webhook_replay", WRITE),
	TAKES(replay_parameters),
	GIVES(struct replay_result, replay_columns),
};

struct problem *
store_webhook_replay(struct db *db, struct arena *a, const char *target,
    const char *delivery_id, int64_t now, int64_t *replayed)
{
	const struct replay replay = { target,
		delivery_id == NULL ? "" : delivery_id, now };
	struct replay_result result = { 0 };
	struct problem *p;

	p = db_call_for_row(db, a, &webhook_replay_call, &replay, &result);
	*replayed = result.replayed;
	return p;
}
