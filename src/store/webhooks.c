/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/webhooks.h"

#include <string.h>

#include "base/json.h"
#include "store/outbox.h"

const char *
webhook_target(struct arena *a, const char *account_id, const char *id)
{
	return arena_printf(a, WEBHOOK_TARGET "%s/%s", account_id, id);
}

/* ---- telling ---- */

static bool
wants(struct json_object *document, const char *event, bool own)
{
	struct json_object *hooks = json_array_at(document, "hooks");
	size_t i, n = hooks == NULL ? 0 : json_object_array_length(hooks);
	const char *hook;

	if (json_false_at(document, "enabled") ||
	    (!own && json_false_at(document, "include_subaccounts")))
		return false;
	for (i = 0; i < n; i++) {
		hook = json_object_get_string(json_object_array_get_idx(hooks,
		    i));
		if (hook != NULL && strcmp(hook, event) == 0)
			return true;
	}
	return false;
}

static const char *
event_text(struct arena *a, const char *account_id, const char *event,
    struct json_object *what, int64_t now)
{
	struct json_object *json = json_object_new_object();
	const char *text;

	json_put_string(json, "event", event);
	json_put_string(json, "account_id", account_id);
	json_put_int(json, "timestamp", now);
	json_object_object_add(json, "data", json_object_get(what));
	text = json_canonical_text(a, json);
	json_object_put(json);
	return text;
}

struct problem *
webhook_tell(struct db *db, struct arena *a, const char *account_id,
    const char *event, struct json_object *what, int64_t now)
{
	const struct db_value args[] = { db_text(account_id) };
	struct outbox_message message = {
		.account_id = account_id,
		.message = event,
	};
	struct json_object *document;
	const struct db_cell *row;
	struct db_rows rows;
	struct problem *p;
	const char *error;
	size_t i;

	p = db_call(db, a, WEBHOOK_LIST, args, NELEM(args), &rows);
	for (i = 0; p == NULL && i < rows.count; i++) {
		row = db_row(&rows, i);
		document = json_parse(a, row[3].text, (size_t)row[3].number,
		    &error);
		if (document == NULL)
			return problem_fault(a, "webhook %s: %s", row[1].text,
			    error);
		if (!wants(document, event, row[2].number == 0))
			continue;
		if (message.document == NULL)
			message.document = event_text(a, account_id, event,
			    what, now);
		message.target = webhook_target(a, row[0].text, row[1].text);
		p = outbox_add(db, a, &message, now);
	}
	return p;
}

/* ---- attempts ---- */

struct problem *
webhook_attempt_list(struct db *db, struct arena *a, const char *account_id,
    const char *id, int64_t at, int64_t limit, struct webhook_attempts *out)
{
	const struct db_value args[] = {
		db_text(webhook_target(a, account_id, id)),
		db_int(at),
		db_int(limit),
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
