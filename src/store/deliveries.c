/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/deliveries.h"

static const char *const states[] = {
	[DELIVERY_WAITING] = "waiting",
	[DELIVERY_FAILED] = "dead",
};

struct delivery_page {
	struct delivery_query of;
	struct page_query query;
};

static const struct field page_parameters[] = {
	FIELD_AS("owner", TEXT, struct delivery_page, of.owner),
	FIELD_AS("below", BOOL, struct delivery_page, of.below),
	FIELD_WORD("state", struct delivery_page, of.state, states),
	FIELD_AS("at", INTEGER, struct delivery_page, query.start.sequence),
	FIELD_AS("limit", INTEGER, struct delivery_page, query.limit),
};

static const struct field delivery_columns[] = {
	FIELD(INTEGER, struct delivery, place),
	FIELD(TEXT, struct delivery, delivery_id),
	FIELD(TEXT, struct delivery, account_id),
	FIELD(TEXT, struct delivery, account_name),
	FIELD(TEXT, struct delivery, owner),
	FIELD(TEXT, struct delivery, owner_name),
	FIELD(TEXT, struct delivery, target),
	FIELD(TEXT, struct delivery, bookkeeper_id),
	FIELD(TEXT, struct delivery, message),
	FIELD_WORD("state", struct delivery, state, states),
	FIELD(INTEGER, struct delivery, created),
	FIELD(INTEGER, struct delivery, attempts),
	FIELD(NONZERO, struct delivery, due),
	FIELD_AS("http_status", NONZERO, struct delivery, status),
	FIELD(TEXT, struct delivery, reason),
	FIELD(TEXT, struct delivery, detail),
	FIELD(TEXT, struct delivery, audit_id),
	FIELD(TEXT, struct delivery, receiver_name),
	FIELD(TEXT, struct delivery, url),
};

static const struct db_procedure delivery_list_call = {
	PROCEDURE(DELIVERY_LIST, "delivery_list", READ),
	TAKES(page_parameters),
	GIVES(struct delivery, delivery_columns),
};

struct problem *
store_delivery_list(struct db *db, struct arena *a,
    const struct delivery_query *of, const struct page_query *query,
    struct deliveries *out)
{
	const struct delivery_page page = { *of, *query };
	struct db_result found;
	struct problem *p = db_call(db, a, &delivery_list_call, &page, &found);

	*out = (struct deliveries){ found.count, found.rows };
	return p;
}

struct replay {
	const char *owner;
	const char *delivery_id;
	int64_t now;
};

static const struct field replay_parameters[] = {
	FIELD(TEXT, struct replay, owner),
	FIELD_AS("delivery", TEXT, struct replay, delivery_id),
	FIELD(INTEGER, struct replay, now),
};

static const struct db_procedure delivery_replay_call = {
	PROCEDURE(DELIVERY_REPLAY, "delivery_replay", WRITE),
	TAKES(replay_parameters),
};

struct problem *
store_delivery_replay(struct db *db, struct arena *a, const char *owner,
    const char *delivery_id, int64_t now)
{
	const struct replay replay = { owner, delivery_id, now };

	return db_call(db, a, &delivery_replay_call, &replay, NULL);
}
