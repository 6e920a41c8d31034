/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/objects.h"

#include <string.h>

#include "base/json.h"

static struct problem *
object_of_row(struct arena *a, const struct db_cell *row, struct object *out)
{
	const char *error;

	out->noun = row[0].text;
	out->kind = kind_of_noun(row[0].text);
	out->id = row[1].text;
	out->created = row[2].number;
	out->modified = row[3].number;
	out->document = json_parse(a, row[4].text, (size_t)row[4].number,
	    &error);
	return out->document != NULL ? NULL :
	    problem_fault(a, "%s %s: %s", out->noun, out->id, error);
}

static struct problem *
load_list(struct db *db, struct arena *a, enum procedure procedure,
    const struct db_value *args, size_t count, struct object_list *out)
{
	struct problem *p;
	struct db_rows rows;
	size_t i;

	p = db_call(db, a, procedure, args, count, &rows);
	if (p != NULL)
		return p;
	out->count = rows.count;
	out->objects = arena_alloc(a, rows.count * sizeof(*out->objects));
	for (i = 0; i < rows.count && p == NULL; i++)
		p = object_of_row(a, db_row(&rows, i), &out->objects[i]);
	return p;
}

struct problem *
object_show(struct db *db, struct arena *a, const char *account_id,
    const struct kind *kind, const char *id, struct object **out)
{
	const struct db_value args[] = {
		db_text(account_id),
		db_text(kind->noun),
		db_text(id),
	};
	struct object_list list;
	struct problem *p;

	p = load_list(db, a, OBJECT_SHOW, args, NELEM(args), &list);
	/* To the database an id with blanks behind it is the same. */
	*out = p == NULL && list.count > 0 &&
	    strcmp(list.objects[0].id, id) == 0 ? &list.objects[0] : NULL;
	return p;
}

struct problem *
object_by_claim(struct db *db, struct arena *a, const struct kind *kind,
    const char *claimed, struct object **out)
{
	const struct db_value args[] = {
		db_text(arena_printf(a, "%s/%s", kind->noun,
		    arena_lower(a, claimed))),
	};
	struct object_list list;
	struct problem *p;

	p = load_list(db, a, OBJECT_BY_CLAIM, args, NELEM(args), &list);
	*out = p == NULL && list.count > 0 ? &list.objects[0] : NULL;
	return p;
}

struct problem *
object_list(struct db *db, struct arena *a, const char *account_id,
    const struct kind *kind, const struct page_query *query,
    struct object_list *out)
{
	const struct db_value args[] = {
		db_text(account_id),
		db_text(kind->noun),
		db_text(query->start.id),
		db_int(query->ascending),
		db_int(query->limit),
	};

	return load_list(db, a, OBJECT_LIST, args, NELEM(args), out);
}

struct problem *
object_scan(struct db *db, struct arena *a, const char *account_id,
    const struct object *after, int64_t limit, struct object_list *out)
{
	const struct db_value args[] = {
		db_text(account_id),
		db_text(after == NULL ? "" : after->noun),
		db_text(after == NULL ? "" : after->id),
		db_int(limit),
	};

	return load_list(db, a, OBJECT_SCAN, args, NELEM(args), out);
}

/* ---- writing ---- */

struct problem *
object_save(struct db *db, struct arena *a, const struct object_record *record,
    bool create, int64_t now)
{
	const struct db_value args[] = {
		db_text(record->account_id),
		db_text(record->kind->noun),
		db_text(record->id),
		db_text(record->claim),
		db_text(json_canonical_text(a, record->document)),
		db_text(record->sources),
		create ? db_int(1) : db_null(),
		db_int(now),
	};

	return db_call(db, a, OBJECT_SAVE, args, NELEM(args), NULL);
}

struct problem *
object_delete(struct db *db, struct arena *a, const char *account_id,
    const struct kind *kind, const char *id)
{
	const struct db_value args[] = {
		db_text(account_id),
		db_text(kind->noun),
		db_text(id),
	};

	return db_call(db, a, OBJECT_DELETE, args, NELEM(args), NULL);
}

struct problem *
object_import(struct db *db, struct arena *a,
    const struct object_record *record, int64_t created, int64_t modified,
    bool *written)
{
	const struct db_value args[] = {
		db_text(record->account_id),
		db_text(record->kind->noun),
		db_text(record->id),
		db_text(record->claim),
		db_text(json_canonical_text(a, record->document)),
		db_text(record->sources),
		db_int(created),
		db_int(modified),
	};
	struct db_rows rows;
	struct problem *p;

	p = db_call(db, a, OBJECT_IMPORT, args, NELEM(args), &rows);
	if (p == NULL)
		*written = db_row(&rows, 0)[0].number != 0;
	return p;
}

struct problem *
user_save(struct db *db, struct arena *a, const struct user *user,
    bool credentials, int64_t now)
{
	const struct db_value args[] = {
		db_text(user->account_id),
		db_text(user->id),
		db_text(user->username),
		db_text(user->first_name),
		db_text(user->last_name),
		db_text(user->email),
		db_text(user->priv_level),
		db_int(user->enabled),
		db_int(credentials),
		db_int(now),
	};

	return db_call(db, a, USER_SAVE, args, NELEM(args), NULL);
}

/* ---- sources of quantities ---- */

struct problem *
source_save(struct db *db, struct arena *a, const char *account_id,
    const char *source, const char *sources)
{
	const struct db_value args[] = {
		db_text(account_id),
		db_text(source),
		db_text(sources),
	};

	return db_call(db, a, SOURCE_SAVE, args, NELEM(args), NULL);
}

struct problem *
source_explain(struct db *db, struct arena *a, const char *account_id,
    const char *source, const char *sources)
{
	const struct db_value args[] = {
		db_text(account_id),
		db_text(source),
		db_text(sources),
	};

	return db_call(db, a, SOURCE_EXPLAIN, args, NELEM(args), NULL);
}

struct problem *
source_replace(struct db *db, struct arena *a, const char *account_id,
    bool begin, const char *sources)
{
	const struct db_value args[] = {
		db_text(account_id),
		db_int(begin),
		db_text(sources),
	};

	return db_call(db, a, SOURCE_REPLACE, args, NELEM(args), NULL);
}

struct problem *
source_import_list(struct db *db, struct arena *a, const char *account_id,
    struct source_list *out)
{
	const struct db_value args[] = { db_text(account_id) };
	const struct db_cell *row;
	struct db_rows rows;
	struct problem *p;
	size_t i;

	p = db_call(db, a, SOURCE_IMPORT_LIST, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	out->count = rows.count;
	out->items = arena_alloc(a, rows.count * sizeof(*out->items));
	for (i = 0; i < rows.count; i++) {
		row = db_row(&rows, i);
		out->items[i] = (struct source_item){
			.category = row[1].text,
			.item = row[2].text,
			.n = row[3].number,
		};
	}
	return NULL;
}
