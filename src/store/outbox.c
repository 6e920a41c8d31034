/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/outbox.h"

#include <string.h>

#include "base/json.h"

static const char *const states[] = {
	[OUTBOX_WAITING] = "waiting",
	[OUTBOX_DELIVERED] = "delivered",
	[OUTBOX_DEAD] = "dead",
};

const char *
outbox_state_name(enum outbox_state state)
{
	return states[state];
}

const char *
outbox_bookkeeper_target(struct arena *a, const struct bookkeeper *bookkeeper)
{
	return arena_printf(a, "bookkeeper/%s/%s", bookkeeper->vendor_id,
	    bookkeeper->id);
}

struct outbox_message
outbox_message_to_bookkeeper(struct arena *a,
    const struct bookkeeper *bookkeeper, enum bookkeeper_message message,
    struct json_object *document)
{
	return (struct outbox_message){
		.target = outbox_bookkeeper_target(a, bookkeeper),
		.message = bookkeeper_message_name(message),
		.bookkeeper = *bookkeeper,
		.document = json_canonical_text(a, document),
	};
}

const char *
outbox_queue(struct arena *a, const char *target)
{
	const char *end = strchr(target, '/');

	end = end == NULL ? NULL : strchr(end + 1, '/');
	return end == NULL ? target :
	    arena_strndup(a, target, (size_t)(end - target));
}

/* ---- adding ---- */

struct new_message {
	struct outbox_message message;
	int64_t now;
};

static const struct field new_parameters[] = {
	FIELD_AS("account", TEXT, struct new_message, message.account_id),
	FIELD_AS("audit", TEXT, struct new_message, message.audit_id),
	FIELD_AS("target", TEXT, struct new_message, message.target),
	FIELD_AS("message", TEXT, struct new_message, message.message),
	FIELD_AS("vendor", TEXT, struct new_message,
	    message.bookkeeper.vendor_id),
	FIELD_AS("bookkeeper", TEXT, struct new_message, message.bookkeeper.id),
	FIELD_AS("type", TEXT, struct new_message, message.bookkeeper.type),
	FIELD_AS("delivery", TEXT, struct new_message, message.delivery_id),
	FIELD_AS("document", TEXT, struct new_message, message.document),
	FIELD(INTEGER, struct new_message, now),
};

static const struct db_procedure outbox_add_call = {
	PROCEDURE(OUTBOX_ADD, "outbox_add", WRITE),
	TAKES(new_parameters),
};

struct problem *
store_outbox_add(struct db *db, struct arena *a,
    const struct outbox_message *message, int64_t now)
{
	struct new_message new = { *message, now };
	char fresh[ID_SIZE];

	if (new.message.delivery_id == NULL) {
		id_new(fresh);
		new.message.delivery_id = fresh;
	}
	return db_call(db, a, &outbox_add_call, &new, NULL);
}

/* ---- claiming ---- */

struct due_question {
	int64_t now;
	int64_t far;
};

static const struct field due_parameters[] = {
	FIELD(INTEGER, struct due_question, now),
	FIELD(INTEGER, struct due_question, far),
};

struct due_answer {
	bool due;
};

static const struct field due_columns[] = {
	FIELD(BOOL, struct due_answer, due),
};

static const struct db_procedure outbox_due_call = {
	PROCEDURE(OUTBOX_DUE, "outbox_due", READ),
	TAKES(due_parameters),
	GIVES(struct due_answer, due_columns),
};

struct problem *
store_outbox_due(struct db *db, struct arena *a, int64_t now, int64_t far,
    bool *due)
{
	const struct due_question question = { now, far };
	struct due_answer answer = { false };
	struct problem *p;

	p = db_call_for_row(db, a, &outbox_due_call, &question, &answer);
	*due = answer.due;
	return p;
}

static const char *const lanes[] = {
	[OUTBOX_TO_BOOKKEEPERS] = "bookkeeper",
	[OUTBOX_TO_WEBHOOKS] = "webhook",
	[OUTBOX_TO_SMARTHOST] = "mail",
};

struct claim {
	const char *claim;
	struct outbox_span span;
	struct outbox_turn turn;
};

static const struct field claim_parameters[] = {
	FIELD(TEXT, struct claim, claim),
	FIELD_AS("now", INTEGER, struct claim, span.now),
	FIELD_AS("until", INTEGER, struct claim, span.until),
	FIELD_AS("far", INTEGER, struct claim, span.far),
	FIELD_AS("overdue", INTEGER, struct claim, span.overdue),
	FIELD_WORD("lane", struct claim, turn.lane, lanes),
	FIELD_AS("after", TEXT, struct claim, turn.after),
	FIELD_AS("full", TEXT, struct claim, turn.full),
	FIELD_AS("resting", TEXT, struct claim, turn.resting),
};

static const struct field message_columns[] = {
	FIELD(INTEGER, struct outbox_message, id),
	FIELD(TEXT, struct outbox_message, delivery_id),
	FIELD(TEXT, struct outbox_message, account_id),
	FIELD(TEXT, struct outbox_message, target),
	FIELD(TEXT, struct outbox_message, message),
	FIELD(TEXT, struct outbox_message, audit_id),
	FIELD_AS("vendor_id", TEXT, struct outbox_message,
	    bookkeeper.vendor_id),
	FIELD_AS("bookkeeper_id", TEXT, struct outbox_message, bookkeeper.id),
	FIELD_AS("bookkeeper_type", TEXT, struct outbox_message,
	    bookkeeper.type),
	FIELD(INTEGER, struct outbox_message, created),
	FIELD(INTEGER, struct outbox_message, since),
	FIELD(INTEGER, struct outbox_message, tries),
	FIELD(NONZERO, struct outbox_message, failing_since),
	FIELD(BOOL, struct outbox_message, paused),
	FIELD(TEXT, struct outbox_message, document),
};

static const struct db_procedure outbox_claim_call = {
	PROCEDURE(OUTBOX_CLAIM, "outbox_claim", WRITE),
	TAKES(claim_parameters),
	GIVES(struct outbox_message, message_columns),
};

struct problem *
store_outbox_claim(struct db *db, struct arena *a,
    const struct outbox_turn *turn, const struct outbox_span *span,
    struct outbox_message **out)
{
	char fresh[ID_SIZE];
	const struct claim claim = { fresh, *span, *turn };
	struct db_result found;
	struct problem *p;

	id_new(fresh);
	p = db_call(db, a, &outbox_claim_call, &claim, &found);
	*out = p == NULL ? db_first(&found) : NULL;
	if (*out != NULL)
		memcpy((*out)->claim, fresh, sizeof(fresh));
	return p;
}

/* ---- giving back ---- */

struct release {
	int64_t id;
	const char *claim;
	int64_t due;
};

static const struct field release_parameters[] = {
	FIELD(INTEGER, struct release, id),
	FIELD(TEXT, struct release, claim),
	FIELD(INTEGER, struct release, due),
};

static const struct db_procedure outbox_release_call = {
	PROCEDURE(OUTBOX_RELEASE, "outbox_release", WRITE),
	TAKES(release_parameters),
};

struct problem *
store_outbox_release(struct db *db, struct arena *a,
    const struct outbox_message *message, int64_t due)
{
	const struct release release = { message->id, message->claim, due };

	return db_call(db, a, &outbox_release_call, &release, NULL);
}

/* ---- settling ---- */

struct settlement {
	int64_t id;
	const char *claim;
	struct outbox_end end;
	bool counts;
	int64_t now;
};

static const struct field settlement_parameters[] = {
	FIELD(INTEGER, struct settlement, id),
	FIELD(TEXT, struct settlement, claim),
	FIELD_WORD("state", struct settlement, end.state, states),
	FIELD(BOOL, struct settlement, counts),
	FIELD_AS("http", NONZERO, struct settlement, end.status),
	FIELD_AS("reason", TEXT, struct settlement, end.reason),
	FIELD_AS("detail", TEXT, struct settlement, end.detail),
	FIELD_AS("outcome", TEXT, struct settlement, end.outcome),
	FIELD_AS("results", TEXT, struct settlement, end.results),
	FIELD_AS("due", INTEGER, struct settlement, end.due),
	FIELD(INTEGER, struct settlement, now),
};

struct settled {
	bool failing;
};

static const struct field settled_columns[] = {
	FIELD(BOOL, struct settled, failing),
};

static const struct db_procedure outbox_settle_call = {
	PROCEDURE(OUTBOX_SETTLE, "outbox_settle", WRITE),
	TAKES(settlement_parameters),
	GIVES(struct settled, settled_columns),
};

struct problem *
store_outbox_settle(struct db *db, struct arena *a,
    const struct outbox_message *message, const struct outbox_end *end,
    int64_t now, bool *failing)
{
	const struct settlement settlement = {
		.id = message->id,
		.claim = message->claim,
		.end = *end,
		.counts = !end->broken_off,
		.now = now,
	};
	struct settled settled = { false };
	struct problem *p = db_call_for_row(db, a, &outbox_settle_call,
	    &settlement, &settled);

	*failing = settled.failing;
	return p;
}

/* ---- due times ---- */

struct hasten_request {
	const char *account_id;
	int64_t now;
};

static const struct field hasten_parameters[] = {
	FIELD_AS("account", TEXT, struct hasten_request, account_id),
	FIELD(INTEGER, struct hasten_request, now),
};

static const struct db_procedure outbox_hasten_call = {
	PROCEDURE(OUTBOX_HASTEN, "outbox_hasten", WRITE),
	TAKES(hasten_parameters),
};

struct problem *
store_outbox_hasten(struct db *db, struct arena *a, const char *account_id,
    int64_t now)
{
	const struct hasten_request haste = { account_id, now };

	return db_call(db, a, &outbox_hasten_call, &haste, NULL);
}

/* ---- receivers that keep failing ---- */

static const struct field pause_parameters[] = {
	FIELD(TEXT, struct outbox_failure, target),
	FIELD(INTEGER, struct outbox_failure, from),
	FIELD_AS("first", INTEGER, struct outbox_failure, first_s),
	FIELD_AS("most", INTEGER, struct outbox_failure, most_s),
	FIELD(INTEGER, struct outbox_failure, now),
};

static const struct db_procedure outbox_pause_call = {
	PROCEDURE(OUTBOX_PAUSE, "outbox_pause", WRITE),
	TAKES(pause_parameters),
};

struct problem *
store_outbox_pause(
    struct db *db, struct arena *a, const struct outbox_failure *failure)
{
	return db_call(db, a, &outbox_pause_call, failure, NULL);
}

struct receiver_name {
	const char *target;
};

static const struct field resume_parameters[] = {
	FIELD(TEXT, struct receiver_name, target),
};

static const struct db_procedure outbox_resume_call = {
	PROCEDURE(OUTBOX_RESUME, "outbox_resume", WRITE),
	TAKES(resume_parameters),
};

struct problem *
store_outbox_resume(struct db *db, struct arena *a, const char *target)
{
	const struct receiver_name name = { target };

	return db_call(db, a, &outbox_resume_call, &name, NULL);
}

/* ---- for people ---- */

static const struct field query_parameters[] = {
	FIELD_AS("account", TEXT, struct outbox_query, account_id),
	FIELD(BOOL, struct outbox_query, dead),
	FIELD(INTEGER, struct outbox_query, after),
	FIELD(INTEGER, struct outbox_query, limit),
};

static const struct field entry_columns[] = {
	FIELD_AS("id", INTEGER, struct outbox_entry, message.id),
	FIELD_AS("delivery_id", TEXT, struct outbox_entry, message.delivery_id),
	FIELD_AS("account_id", TEXT, struct outbox_entry, message.account_id),
	FIELD_AS("target", TEXT, struct outbox_entry, message.target),
	FIELD_AS("message", TEXT, struct outbox_entry, message.message),
	FIELD_AS("audit_id", TEXT, struct outbox_entry, message.audit_id),
	FIELD_WORD("state", struct outbox_entry, state, states),
	FIELD_AS("created", INTEGER, struct outbox_entry, message.created),
	FIELD(INTEGER, struct outbox_entry, attempts),
	FIELD(NONZERO, struct outbox_entry, due),
	FIELD(BOOL, struct outbox_entry, claimed),
	FIELD_AS("http_status", NONZERO, struct outbox_entry, status),
	FIELD(TEXT, struct outbox_entry, reason),
	FIELD(TEXT, struct outbox_entry, detail),
};

static const struct db_procedure outbox_list_call = {
	PROCEDURE(OUTBOX_LIST, "outbox_list", READ),
	TAKES(query_parameters),
	GIVES(struct outbox_entry, entry_columns),
};

struct problem *
store_outbox_list(struct db *db, struct arena *a,
    const struct outbox_query *query, struct outbox_list *out)
{
	struct db_result found;
	struct problem *p = db_call(db, a, &outbox_list_call, query, &found);

	*out = (struct outbox_list){ found.count, found.rows };
	return p;
}

struct replay {
	int64_t id;
	int64_t now;
};

static const struct field replay_parameters[] = {
	FIELD(INTEGER, struct replay, id),
	FIELD(INTEGER, struct replay, now),
};

static const struct db_procedure outbox_replay_call = {
	PROCEDURE(OUTBOX_REPLAY, "outbox_replay", WRITE),
	TAKES(replay_parameters),
};

struct problem *
store_outbox_replay(struct db *db, struct arena *a, int64_t id, int64_t now)
{
	const struct replay replay = { id, now };

	return db_call(db, a, &outbox_replay_call, &replay, NULL);
}

struct purge {
	int64_t before;
};

static const struct field purge_parameters[] = {
	FIELD(INTEGER, struct purge, before),
};

struct purge_result {
	int64_t purged;
};

static const struct field purge_columns[] = {
	FIELD(INTEGER, struct purge_result, purged),
};

static const struct db_procedure outbox_purge_call = {
	PROCEDURE(OUTBOX_PURGE, "outbox_purge", WRITE),
	TAKES(purge_parameters),
	GIVES(struct purge_result, purge_columns),
};

struct problem *
store_outbox_purge(
    struct db *db, struct arena *a, int64_t before, int64_t *purged)
{
	const struct purge purge = { before };
	struct purge_result result = { 0 };
	struct problem *p;

	p = db_call_for_row(db, a, &outbox_purge_call, &purge, &result);
	*purged = result.purged;
	return p;
}
