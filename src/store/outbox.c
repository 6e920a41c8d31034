/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/outbox.h"

#include <string.h>

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

static enum outbox_state
state_named(const char *name)
{
	size_t i;

	for (i = 0; i < NELEM(states); i++)
		if (strcmp(states[i], name) == 0)
			return (enum outbox_state)i;
	return OUTBOX_WAITING;
}

const char *
outbox_target_bookkeeper(struct arena *a, const struct bookkeeper *bookkeeper)
{
	return arena_printf(a, "bookkeeper/%s/%s", bookkeeper->vendor_id,
	    bookkeeper->id);
}

struct problem *
outbox_add(struct db *db, struct arena *a,
    const struct outbox_message *message, int64_t now)
{
	char fresh[ID_SIZE];
	const struct db_value args[] = {
		db_text(message->account_id),
		db_text(message->audit_id),
		db_text(message->target),
		db_text(message->message),
		db_text(message->bookkeeper.vendor_id),
		db_text(message->bookkeeper.id),
		db_text(message->bookkeeper.type),
		db_text(message->delivery_id != NULL ? message->delivery_id :
		    (id_new(fresh), fresh)),
		db_text(message->document),
		db_int(now),
	};

	return db_call(db, a, OUTBOX_ADD, args, NELEM(args), NULL);
}

struct problem *
outbox_due(struct db *db, struct arena *a, int64_t now, bool *due)
{
	const struct db_value args[] = { db_int(now) };
	struct db_rows rows;
	struct problem *p;

	p = db_call(db, a, OUTBOX_DUE, args, NELEM(args), &rows);
	*due = p == NULL && rows.count > 0 && db_row(&rows, 0)[0].number != 0;
	return p;
}

struct problem *
outbox_claim(struct db *db, struct arena *a, int64_t now, int64_t until,
    struct outbox_message **out)
{
	struct outbox_message *m = arena_alloc(a, sizeof(*m));
	const struct db_cell *row;
	struct db_rows rows;
	struct problem *p;

	*out = NULL;
	id_new(m->claim);

	const struct db_value args[] = {
		db_text(m->claim),
		db_int(now),
		db_int(until),
	};

	p = db_call(db, a, OUTBOX_CLAIM, args, NELEM(args), &rows);
	if (p != NULL || rows.count == 0)
		return p;
	row = db_row(&rows, 0);
	m->id = row[0].number;
	m->delivery_id = row[1].text;
	m->account_id = row[2].text;
	m->target = row[3].text;
	m->message = row[4].text;
	m->audit_id = row[5].text;
	m->bookkeeper = (struct bookkeeper){
		.vendor_id = row[6].text,
		.id = row[7].text,
		.type = row[8].text,
	};
	m->created = row[9].number;
	m->tries = row[10].number;
	m->document = row[11].text;
	*out = m;
	return NULL;
}

struct problem *
outbox_settle(struct db *db, struct arena *a,
    const struct outbox_message *message, const struct outbox_end *end,
    int64_t now)
{
	const struct db_value args[] = {
		db_int(message->id),
		db_text(message->claim),
		db_text(states[end->state]),
		db_int(!end->broken_off),
		end->status == 0 ? db_null() : db_int(end->status),
		db_text(end->reason),
		db_text(end->detail),
		db_text(end->outcome),
		db_text(end->results),
		db_int(end->due),
		db_int(now),
	};

	return db_call(db, a, OUTBOX_SETTLE, args, NELEM(args), NULL);
}

struct problem *
outbox_hasten(struct db *db, struct arena *a, const char *account_id,
    int64_t now)
{
	const struct db_value args[] = { db_text(account_id), db_int(now) };

	return db_call(db, a, OUTBOX_HASTEN, args, NELEM(args), NULL);
}

struct problem *
outbox_rest(struct db *db, struct arena *a, const char *target, int64_t until)
{
	const struct db_value args[] = { db_text(target), db_int(until) };

	return db_call(db, a, OUTBOX_REST, args, NELEM(args), NULL);
}

struct problem *
outbox_list(struct db *db, struct arena *a, const char *account_id, bool dead,
    int64_t after, int64_t limit, struct outbox_list *out)
{
	const struct db_value args[] = {
		db_text(account_id),
		db_int(dead),
		db_int(after),
		db_int(limit),
	};
	const struct db_cell *row;
	struct db_rows rows;
	struct problem *p;
	size_t i;

	p = db_call(db, a, OUTBOX_LIST, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	out->count = rows.count;
	out->entries = arena_alloc(a, rows.count * sizeof(*out->entries));
	for (i = 0; i < rows.count; i++) {
		row = db_row(&rows, i);
		out->entries[i] = (struct outbox_entry){
			.message = {
				.id = row[0].number,
				.delivery_id = row[1].text,
				.account_id = row[2].text,
				.target = row[3].text,
				.message = row[4].text,
				.audit_id = row[5].text,
				.created = row[7].number,
			},
			.state = state_named(row[6].text),
			.attempts = row[8].number,
			.due = row[9].number,
			.claimed = row[10].number != 0,
			.status = row[11].number,
			.reason = row[12].text,
			.detail = row[13].text,
		};
	}
	return NULL;
}

struct problem *
outbox_replay(struct db *db, struct arena *a, int64_t id, int64_t now)
{
	const struct db_value args[] = { db_int(id), db_int(now) };

	return db_call(db, a, OUTBOX_REPLAY, args, NELEM(args), NULL);
}

struct problem *
outbox_purge(struct db *db, struct arena *a, int64_t before, int64_t *purged)
{
	const struct db_value args[] = { db_int(before) };
	struct db_rows rows;
	struct problem *p;

	*purged = 0;
	p = db_call(db, a, OUTBOX_PURGE, args, NELEM(args), &rows);
	if (p == NULL && rows.count > 0)
		*purged = db_row(&rows, 0)[0].number;
	return p;
}
