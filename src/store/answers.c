/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/answers.h"

/* ---- taking ---- */

struct answer_turn {
	struct answer_request request;
	int64_t now;
};

static const struct field turn_parameters[] = {
	FIELD_AS("account", TEXT, struct answer_turn, request.account_id),
	FIELD_AS("name", TEXT, struct answer_turn, request.name),
	FIELD_AS("fingerprint", DIGEST, struct answer_turn,
	    request.fingerprint),
	FIELD(INTEGER, struct answer_turn, now),
	FIELD_AS("expires", INTEGER, struct answer_turn, request.expires),
};

struct remembered_answer {
	bool fresh; /* the request is new */
	bool same;  /* the fingerprints are equal */
	struct answer answer;
};

static const struct field remembered_columns[] = {
	FIELD(BOOL, struct remembered_answer, fresh),
	FIELD(BOOL, struct remembered_answer, same),
	FIELD_AS("status", INTEGER, struct remembered_answer, answer.status),
	FIELD_AS("entity", BOOL, struct remembered_answer, answer.entity),
	FIELD_AS("location", TEXT, struct remembered_answer, answer.location),
	FIELD_AS("body", TEXT, struct remembered_answer, answer.body),
	FIELD_AS("metadata", TEXT, struct remembered_answer, answer.metadata),
};

static const struct db_procedure answer_take_call = {
	PROCEDURE(ANSWER_TAKE, "answer_take", WRITE),
	TAKES(turn_parameters),
	GIVES(struct remembered_answer, remembered_columns),
};

struct problem *
store_answer_take(struct db *db, struct arena *a,
    const struct answer_request *request, int64_t now, struct answer **known)
{
	const struct answer_turn turn = { *request, now };
	struct remembered_answer *found = arena_alloc(a, sizeof(*found));
	struct problem *p;

	*known = NULL;
	p = db_call_for_row(db, a, &answer_take_call, &turn, found);
	if (p != NULL || found->fresh)
		return p;
	if (!found->same)
		return problem_new(a, PROBLEM_KEY_REUSED);
	*known = &found->answer;
	if ((*known)->body == NULL)
		(*known)->body = "{}";
	return NULL;
}

/* ---- keeping ---- */

struct kept_answer {
	const char *account_id;
	const char *name;
	struct answer answer;
};

static const struct field kept_parameters[] = {
	FIELD_AS("account", TEXT, struct kept_answer, account_id),
	FIELD(TEXT, struct kept_answer, name),
	FIELD_AS("status", INTEGER, struct kept_answer, answer.status),
	FIELD_AS("entity", BOOL, struct kept_answer, answer.entity),
	FIELD_AS("location", TEXT, struct kept_answer, answer.location),
	FIELD_AS("body", TEXT, struct kept_answer, answer.body),
	FIELD_AS("metadata", TEXT, struct kept_answer, answer.metadata),
};

static const struct db_procedure answer_keep_call = {
	PROCEDURE(ANSWER_KEEP, "answer_keep", WRITE),
	TAKES(kept_parameters),
};

struct problem *
store_answer_keep(struct db *db, struct arena *a,
    const struct answer_request *request, const struct answer *answer)
{
	const struct kept_answer kept = { request->account_id, request->name,
		*answer };

	return db_call(db, a, &answer_keep_call, &kept, NULL);
}

/* ---- asking ---- */

static const struct field note_parameters[] = {
	FIELD_AS("account", TEXT, struct request_note, account_id),
	FIELD(TEXT, struct request_note, id),
	FIELD(TEXT, struct request_note, name),
	FIELD(INTEGER, struct request_note, expires),
};

static const struct db_procedure request_note_call = {
	PROCEDURE(REQUEST_NOTE, "request_note", WRITE),
	TAKES(note_parameters),
};

struct problem *
store_request_note(struct db *db, struct arena *a,
    const struct request_note *note)
{
	return db_call(db, a, &request_note_call, note, NULL);
}

struct request_query {
	const char *account_id;
	const char *name;
	int64_t now;
};

static const struct field query_parameters[] = {
	FIELD_AS("account", TEXT, struct request_query, account_id),
	FIELD(TEXT, struct request_query, name),
	FIELD(INTEGER, struct request_query, now),
};

static const struct field outcome_columns[] = {
	FIELD(TEXT, struct request_outcome, state),
	FIELD_MAYBE("status", INTEGER, struct request_outcome, answer.status,
	    answered),
	FIELD_AS("entity", BOOL, struct request_outcome, answer.entity),
	FIELD_AS("location", TEXT, struct request_outcome, answer.location),
	FIELD_AS("body", TEXT, struct request_outcome, answer.body),
	FIELD_AS("metadata", TEXT, struct request_outcome, answer.metadata),
};

static const struct db_procedure request_show_call = {
	PROCEDURE(REQUEST_SHOW, "request_show", WRITE),
	TAKES(query_parameters),
	GIVES(struct request_outcome, outcome_columns),
};

struct problem *
store_request_show(struct db *db, struct arena *a, const char *account_id,
    const char *name, int64_t now, struct request_outcome *out)
{
	const struct request_query query = { account_id, name, now };

	return db_call_for_row(db, a, &request_show_call, &query, out);
}

/* ---- forgetting ---- */

struct purge {
	int64_t now;
};

static const struct field purge_parameters[] = {
	FIELD(INTEGER, struct purge, now),
};

static const struct db_procedure expired_purge_call = {
	PROCEDURE(EXPIRED_PURGE, "expired_purge", WRITE),
	TAKES(purge_parameters),
};

struct problem *
store_expired_purge(struct db *db, struct arena *a, int64_t now)
{
	const struct purge purge = { now };

	return db_call(db, a, &expired_purge_call, &purge, NULL);
}
