/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/imported.h"

static const struct field note_parameters[] = {
	FIELD_AS("account", TEXT, struct imported, account_id),
	FIELD(TEXT, struct imported, kind),
	FIELD(TEXT, struct imported, id),
	FIELD(INTEGER, struct imported, state),
};

static const struct db_procedure imported_note_call = {
	PROCEDURE(IMPORTED_NOTE, "imported_note", WRITE),
	TAKES(note_parameters),
};

struct problem *
store_imported_note(struct db *db, struct arena *a,
    const struct imported *document)
{
	return db_call(db, a, &imported_note_call, document, NULL);
}

static const struct field key_parameters[] = {
	FIELD_AS("account", TEXT, struct imported, account_id),
	FIELD(TEXT, struct imported, kind),
	FIELD(TEXT, struct imported, id),
};

static const struct field state_columns[] = {
	FIELD(INTEGER, struct imported, state),
};

static const struct db_procedure imported_show_call = {
	PROCEDURE(IMPORTED_SHOW, "imported_show", READ),
	TAKES(key_parameters),
	GIVES(struct imported, state_columns),
};

struct problem *
store_imported_show(struct db *db, struct arena *a, struct imported *document,
    bool *found)
{
	const struct imported *row;
	struct db_result result;
	struct problem *p;

	*found = false;
	p = db_call(db, a, &imported_show_call, document, &result);
	if (p != NULL || (row = db_first(&result)) == NULL)
		return p;
	document->state = row->state;
	*found = true;
	return NULL;
}

static const struct db_procedure imported_forget_call = {
	PROCEDURE(IMPORTED_FORGET, "imported_forget", WRITE),
	TAKES(key_parameters),
};

struct problem *
store_imported_forget(struct db *db, struct arena *a,
    const struct imported *document)
{
	return db_call(db, a, &imported_forget_call, document, NULL);
}

struct list_query {
	struct imported after;
	int64_t limit;
};

static const struct field list_parameters[] = {
	FIELD_AS("account", TEXT, struct list_query, after.account_id),
	FIELD_AS("kind", TEXT, struct list_query, after.kind),
	FIELD_AS("id", TEXT, struct list_query, after.id),
	FIELD(INTEGER, struct list_query, limit),
};

static const struct field list_columns[] = {
	FIELD(TEXT, struct imported, kind),
	FIELD(TEXT, struct imported, id),
	FIELD(INTEGER, struct imported, state),
};

static const struct db_procedure imported_list_call = {
	PROCEDURE(IMPORTED_LIST, "imported_list", READ),
	TAKES(list_parameters),
	GIVES(struct imported, list_columns),
};

struct problem *
store_imported_list(struct db *db, struct arena *a,
    const struct imported *after, int64_t limit, struct imported_list *out)
{
	const struct list_query query = { *after, limit };
	struct db_result found;
	struct problem *p;

	p = db_call(db, a, &imported_list_call, &query, &found);
	*out = (struct imported_list){ found.count, found.rows };
	return p;
}
