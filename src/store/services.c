/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/services.h"

#include <string.h>

#include "base/json.h"

struct problem *
plan_import(struct db *db, struct arena *a, const char *account_id,
    const char *id, const char *name, const char *document, int64_t created,
    bool *written)
{
	const struct db_value args[] = {
		db_text(account_id),
		db_text(id),
		db_text(name),
		db_text(document),
		db_int(created),
	};
	struct db_rows rows;
	struct problem *p;

	p = db_call(db, a, PLAN_IMPORT, args, NELEM(args), &rows);
	if (p == NULL)
		*written = db_row(&rows, 0)[0].number != 0;
	return p;
}

struct problem *
services_import(struct db *db, struct arena *a,
    const struct services *services, bool *written)
{
	const struct db_value args[] = {
		db_text(services->account_id),
		db_text(services->billing_id),
		db_text(services->standing),
		db_text(services->overrides),
		db_text(services->document),
		db_text(services->plans),
		db_text(services->quantities),
		db_int(services->modified),
	};
	struct db_rows rows;
	struct problem *p;

	p = db_call(db, a, SERVICE_IMPORT, args, NELEM(args), &rows);
	if (p == NULL)
		*written = db_row(&rows, 0)[0].number != 0;
	return p;
}

/* The object at key, made when it is not there. */
static struct json_object *
inner_object(struct json_object *outer, const char *key)
{
	struct json_object *inner;

	if (!json_object_object_get_ex(outer, key, &inner)) {
		inner = json_object_new_object();
		json_object_object_add(outer, key, inner);
	}
	return inner;
}

struct problem *
quantities_show(struct db *db, struct arena *a, const char *account_id,
    struct json_object **out)
{
	const struct db_value args[] = { db_text(account_id) };
	const struct db_cell *row;
	struct db_rows rows;
	struct problem *p;
	size_t i;

	p = db_call(db, a, SERVICE_QUANTITY_LIST, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	*out = json_own(a, json_object_new_object());
	inner_object(*out, "account");
	inner_object(*out, "cascade");
	inner_object(*out, "manual");
	for (i = 0; i < rows.count; i++) {
		row = db_row(&rows, i);
		json_object_object_add(
		    inner_object(inner_object(*out, row[0].text), row[1].text),
		    row[2].text, json_object_new_int64(row[3].number));
	}
	return NULL;
}

/* A stored document as a tree of its own; {} when it cannot be read. */
static struct json_object *
stored_tree(struct arena *a, const struct db_cell *cell)
{
	const char *error;
	struct json_object *tree = json_parse(a, cell->text,
	    (size_t)cell->number, &error);

	return tree == NULL ? json_object_new_object() : json_object_get(tree);
}

struct problem *
assignments_show(struct db *db, struct arena *a, const char *account_id,
    struct json_object **out)
{
	const struct db_value args[] = { db_text(account_id) };
	struct json_object *plan;
	const struct db_cell *row;
	struct db_rows rows;
	struct problem *p;
	size_t i;

	p = db_call(db, a, SERVICE_ASSIGNMENT_LIST, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	*out = json_own(a, json_object_new_object());
	for (i = 0; i < rows.count; i++) {
		row = db_row(&rows, i);
		plan = inner_object(*out, row[0].text);
		json_object_object_add(plan, "vendor_id",
		    json_object_new_string(row[1].text));
		json_object_object_add(plan, "overrides",
		    stored_tree(a, &row[2]));
		if (row[3].text != NULL)
			json_object_object_add(plan, "contract",
			    stored_tree(a, &row[3]));
	}
	return NULL;
}
