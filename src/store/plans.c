/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/plans.h"

#include <string.h>

#include "base/json.h"

static struct problem *
plan_of_row(struct arena *a, const struct db_cell *row, struct plan *out)
{
	const char *error;

	out->id = row[0].text;
	out->version = row[1].number;
	out->newest = row[2].number;
	out->created = row[3].number;
	out->modified = row[4].number;
	out->document = json_parse(a, row[5].text, (size_t)row[5].number,
	    &error);
	return out->document != NULL ? NULL :
	    problem_fault(a, "plan %s: %s", out->id, error);
}

struct problem *
plan_show(struct db *db, struct arena *a, const char *vendor_id,
    const char *id, int64_t version, enum plan_lock lock, struct plan **out)
{
	const struct db_value args[] = {
		db_text(vendor_id),
		db_text(id),
		db_moment(version),
		db_int(lock),
	};
	struct db_rows rows;
	struct problem *p;

	*out = NULL;
	p = db_call(db, a, PLAN_SHOW, args, NELEM(args), &rows);
	if (p != NULL || rows.count == 0)
		return p;
	/* To the database an id with blanks behind it is the same. */
	if (strcmp(db_row(&rows, 0)[0].text, id) != 0)
		return NULL;
	*out = arena_alloc(a, sizeof(**out));
	return plan_of_row(a, db_row(&rows, 0), *out);
}

struct problem *
plan_list(struct db *db, struct arena *a, const char *vendor_id,
    const char *at, bool ascending, int64_t limit, struct plan_list *out)
{
	const struct db_value args[] = {
		db_text(vendor_id),
		db_text(at),
		db_int(ascending),
		db_int(limit),
	};
	struct db_rows rows;
	struct problem *p;
	size_t i;

	p = db_call(db, a, PLAN_LIST, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	out->count = rows.count;
	out->plans = arena_alloc(a, rows.count * sizeof(*out->plans));
	for (i = 0; i < rows.count && p == NULL; i++)
		p = plan_of_row(a, db_row(&rows, i), &out->plans[i]);
	return p;
}

struct problem *
plan_save(struct db *db, struct arena *a, const char *vendor_id,
    struct plan *plan, struct json_object *author, bool create, int64_t now)
{
	const char *name = json_string_at(plan->document, "name");
	const struct db_value args[] = {
		db_text(vendor_id),
		db_text(plan->id),
		db_text(name == NULL ? "" : name),
		db_text(json_canonical_text(a, plan->document)),
		author == NULL ? db_null() :
		    db_text(json_canonical_text(a, author)),
		db_int(create),
		db_int(now),
	};
	struct db_rows rows;
	struct problem *p;

	p = db_call(db, a, PLAN_SAVE, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	plan->version = plan->newest = db_row(&rows, 0)[0].number;
	plan->modified = now;
	if (create)
		plan->created = now;
	return NULL;
}

struct problem *
plan_delete(struct db *db, struct arena *a, const char *vendor_id,
    const char *id, int64_t now, int64_t *assigned)
{
	const struct db_value args[] = {
		db_text(vendor_id),
		db_text(id),
		db_int(now),
	};
	struct db_rows rows;
	struct problem *p;

	p = db_call(db, a, PLAN_DELETE, args, NELEM(args), &rows);
	if (p == NULL)
		*assigned = db_row(&rows, 0)[0].number;
	return p;
}

struct problem *
plan_import(struct db *db, struct arena *a, const char *account_id,
    const char *id, const char *name, const char *document, int64_t created,
    int64_t version, bool *written)
{
	const struct db_value args[] = {
		db_text(account_id),
		db_text(id),
		db_text(name),
		db_text(document),
		db_int(created),
		db_moment(version),
	};
	struct db_rows rows;
	struct problem *p;

	p = db_call(db, a, PLAN_IMPORT, args, NELEM(args), &rows);
	if (p == NULL)
		*written = db_row(&rows, 0)[0].number != 0;
	return p;
}
