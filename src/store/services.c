/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/services.h"

#include <string.h>

#include "base/json.h"

#define LOAD_ATTEMPTS 20

/* ---- loading ---- */

/* A stored document; {} for none, NULL and a fault when it cannot be read. */
static struct problem *
stored_tree(struct arena *a, const struct db_cell *cell,
    struct json_object **out)
{
	const char *error;

	if (cell->text == NULL) {
		*out = json_own(a, json_object_new_object());
		return NULL;
	}
	*out = json_parse(a, cell->text, (size_t)cell->number, &error);
	return *out != NULL ? NULL :
	    problem_fault(a, "a stored document cannot be read: %s", error);
}

static struct problem *
load_account(struct db *db, struct arena *a, const char *account_id,
    enum service_lock lock, struct service *out)
{
	const struct db_value args[] = { db_text(account_id), db_int(lock) };
	const struct db_cell *row;
	struct db_rows rows;
	struct problem *p;

	p = db_call(db, a, SERVICE_SHOW, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	if (rows.count == 0)
		return problem_bad_identifier(a, account_id);
	row = db_row(&rows, 0);
	*out = (struct service){
		.account_id = account_id,
		.billing_id = row[0].text,
		.standing = row[1].text,
		.reason = row[2].text,
		.has_reason_code = row[3].text != NULL,
		.reason_code = row[3].number,
		.version = row[6].number,
		.account_name = row[7].text,
		.reseller_id = row[8].text,
		.is_reseller = row[9].number != 0,
		.is_master = row[10].number != 0,
		.is_enabled = row[11].number != 0,
	};
	if ((p = stored_tree(a, &row[4], &out->overrides)) == NULL)
		p = stored_tree(a, &row[5], &out->document);
	return p;
}

static struct problem *
plan_of_row(struct arena *a, const struct db_cell *row,
    struct assigned_plan *out)
{
	struct problem *p;

	*out = (struct assigned_plan){
		.id = row[0].text,
		.vendor_id = row[1].text,
		.pinned = row[4].number,
		.version = row[5].number,
	};
	if ((p = stored_tree(a, &row[2], &out->overrides)) != NULL)
		return p;
	if (row[3].text != NULL &&
	    (p = stored_tree(a, &row[3], &out->contract)) != NULL)
		return p;
	return row[6].text == NULL ? NULL :
	    stored_tree(a, &row[6], &out->document);
}

static struct problem *
load_plans(struct db *db, struct arena *a, struct service *out)
{
	const struct db_value args[] = { db_text(out->account_id) };
	struct db_rows rows;
	struct problem *p;
	size_t i;

	p = db_call(db, a, SERVICE_ASSIGNMENT_LIST, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	out->plans.count = rows.count;
	out->plans.plans = arena_alloc(a,
	    rows.count * sizeof(*out->plans.plans));
	for (i = 0; i < rows.count && p == NULL; i++)
		p = plan_of_row(a, db_row(&rows, i), &out->plans.plans[i]);
	return p;
}

/* Rows of scope, category, item, quantity, put where scope says. */
static void
fill_tables(struct arena *a, const struct db_rows *rows, struct service *out)
{
	enum quantity_scope scope;
	const struct db_cell *row;
	size_t i;

	for (i = 0; i < rows->count; i++) {
		row = db_row(rows, i);
		if (quantity_scope_named(row[0].text, &scope))
			quantity_table_set(a, &out->quantities[scope],
			    row[1].text, row[2].text, row[3].number);
	}
}

/* *version: of the services that the quantities belong to. */
static struct problem *
load_quantities(struct db *db, struct arena *a, struct service *out,
    int64_t *version)
{
	const struct db_value args[] = { db_text(out->account_id) };
	struct db_rows rows;
	struct problem *p;

	p = db_call(db, a, SERVICE_QUANTITY_LIST, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	fill_tables(a, &rows, out);
	*version = rows.count > 0 ? db_row(&rows, 0)[3].number : 0;
	return NULL;
}

struct problem *
service_load(struct db *db, struct arena *a, const char *account_id,
    enum service_lock lock, struct service *out)
{
	int64_t version = 0;
	struct problem *p;
	int attempt;

	/*
	 * Without a lock a change may come between the calls: what is loaded
	 * must all be of one version, or its price would be nobody's.
	 */
	for (attempt = 0; attempt < LOAD_ATTEMPTS; attempt++) {
		if ((p = load_account(db, a, account_id, lock, out)) != NULL ||
		    (p = load_plans(db, a, out)) != NULL ||
		    (p = load_quantities(db, a, out, &version)) != NULL)
			return p;
		if (version == out->version)
			return NULL;
	}
	return problem_new(a, PROBLEM_UNAVAILABLE);
}

static struct json_object *
copy_tree(struct arena *a, struct json_object *tree)
{
	struct json_object *copy = NULL;

	if (tree != NULL)
		json_object_deep_copy(tree, &copy, NULL);
	return json_own(a, copy);
}

void
service_copy(struct arena *a, const struct service *from, struct service *to)
{
	enum quantity_scope scope;

	*to = *from;
	to->overrides = copy_tree(a, from->overrides);
	for (scope = 0; scope < QUANTITY_SCOPE__MAX; scope++)
		quantity_table_copy(a, &from->quantities[scope],
		    &to->quantities[scope]);
	to->plans.plans = arena_alloc(a,
	    from->plans.count * sizeof(*to->plans.plans));
	if (from->plans.count > 0)
		memcpy(to->plans.plans, from->plans.plans,
		    from->plans.count * sizeof(*to->plans.plans));
}

/* ---- comparing ---- */

static bool
quantities_equal(const struct service *a, const struct service *b)
{
	enum quantity_scope scope;

	for (scope = 0; scope < QUANTITY_SCOPE__MAX; scope++)
		if (!quantity_table_equal(&a->quantities[scope],
		    &b->quantities[scope]))
			return false;
	return true;
}

static bool
plan_equal(const struct assigned_plan *a, const struct assigned_plan *b)
{
	return strcmp(a->id, b->id) == 0 &&
	    strcmp(a->vendor_id, b->vendor_id) == 0 && a->pinned == b->pinned &&
	    a->version == b->version &&
	    json_object_equal(a->overrides, b->overrides) &&
	    json_object_equal(a->contract, b->contract);
}

static bool
plans_equal(const struct assigned_plans *a, const struct assigned_plans *b)
{
	size_t i;

	if (a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++)
		if (!plan_equal(&a->plans[i], &b->plans[i]))
			return false;
	return true;
}

static bool
text_equal(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool
standing_equal(const struct service *a, const struct service *b)
{
	return strcmp(a->standing, b->standing) == 0 &&
	    text_equal(a->reason, b->reason) &&
	    a->has_reason_code == b->has_reason_code &&
	    a->reason_code == b->reason_code;
}

bool
service_equal(const struct service *a, const struct service *b)
{
	return quantities_equal(a, b) &&
	    strcmp(a->billing_id, b->billing_id) == 0 &&
	    standing_equal(a, b) && plans_equal(&a->plans, &b->plans) &&
	    json_object_equal(a->overrides, b->overrides);
}

/* ---- saving ---- */

static const char *
plans_text(struct arena *a, const struct assigned_plans *plans)
{
	const struct assigned_plan *plan;
	struct json_writer w;
	struct buffer text;
	size_t i;

	buffer_init(&text, a, 0);
	json_writer_init(&w, &text);
	json_begin_array(&w);
	for (i = 0; i < plans->count; i++) {
		plan = &plans->plans[i];
		json_begin_array(&w);
		json_string(&w, plan->id);
		json_string(&w, plan->vendor_id);
		json_string(&w, plan->overrides == NULL ? "{}" :
		    json_canonical_text(a, plan->overrides));
		json_string(&w, plan->contract == NULL ? NULL :
		    json_canonical_text(a, plan->contract));
		if (plan->pinned == 0)
			json_string(&w, NULL);
		else
			json_int(&w, plan->pinned);
		if (plan->version == 0)
			json_string(&w, NULL);
		else
			json_int(&w, plan->version);
		json_end(&w);
	}
	json_end(&w);
	return text.text;
}

static void
write_difference(struct json_writer *w, enum quantity_scope scope,
    const struct quantity_pair *d)
{
	json_begin_array(w);
	json_string(w, quantity_scope_name(scope));
	json_string(w, d->category);
	json_string(w, d->item);
	if (d->is)
		json_int(w, d->after);
	else
		json_string(w, NULL);
	json_end(w);
}

/* The rows that differ, as service_save takes them; NULL: none. */
static const char *
quantities_text(struct arena *a, const struct quantity_table *before,
    const struct quantity_table *after)
{
	struct quantity_pair d;
	struct quantity_walk walk;
	enum quantity_scope scope;
	struct json_writer w;
	struct buffer text;

	buffer_init(&text, a, 0);
	json_writer_init(&w, &text);
	json_begin_array(&w);
	for (scope = 0; scope < QUANTITY_SCOPE__MAX; scope++) {
		walk = (struct quantity_walk){
			.before = &before[scope],
			.after = &after[scope],
		};
		while (quantity_walk_difference(&walk, &d))
			write_difference(&w, scope, &d);
	}
	json_end(&w);
	return strcmp(text.text, "[]") == 0 ? NULL : text.text;
}

struct problem *
service_save(struct db *db, struct arena *a, const struct service *before,
    const struct service *after, int64_t now)
{
	bool standing = !standing_equal(before, after);
	const struct db_value args[] = {
		db_text(after->account_id),
		db_text(text_equal(before->billing_id, after->billing_id) ?
		    NULL : after->billing_id),
		db_text(standing ? after->standing : NULL),
		db_text(after->reason),
		after->has_reason_code ? db_int(after->reason_code) : db_null(),
		db_text(json_object_equal(before->overrides, after->overrides) ?
		    NULL : json_canonical_text(a, after->overrides)),
		db_text(plans_equal(&before->plans, &after->plans) ? NULL :
		    plans_text(a, &after->plans)),
		db_text(quantities_text(a, before->quantities,
		    after->quantities)),
		db_int(now),
	};

	return db_call(db, a, SERVICE_SAVE, args, NELEM(args), NULL);
}

/* ---- counting ---- */

struct problem *
service_count(struct db *db, struct arena *a, struct service *service)
{
	const struct db_value args[] = { db_text(service->account_id) };
	const struct quantity_table none = { .count = 0 };
	struct db_rows rows;
	struct problem *p;

	p = db_call(db, a, SERVICE_COUNT, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	service->quantities[QUANTITY_ACCOUNT] = none;
	service->quantities[QUANTITY_CASCADE] = none;
	fill_tables(a, &rows, service);
	return NULL;
}

static struct problem *
load_ids(struct db *db, struct arena *a, enum procedure procedure,
    const struct db_value *args, size_t count, struct account_ids *out)
{
	struct db_rows rows;
	struct problem *p;
	size_t i;

	p = db_call(db, a, procedure, args, count, &rows);
	if (p != NULL)
		return p;
	out->count = rows.count;
	out->ids = arena_alloc(a, rows.count * sizeof(*out->ids));
	for (i = 0; i < rows.count; i++)
		out->ids[i] = db_row(&rows, i)[0].text;
	return NULL;
}

struct problem *
service_ancestors(struct db *db, struct arena *a, const char *account_id,
    struct account_ids *out)
{
	const struct db_value args[] = { db_text(account_id) };

	return load_ids(db, a, SERVICE_ANCESTOR_LIST, args, NELEM(args), out);
}

/* ---- plans that have newer versions ---- */

struct problem *
service_followers(struct db *db, struct arena *a, const char *vendor_id,
    const char *plan_id, const char *after, int64_t limit,
    struct account_ids *out)
{
	const struct db_value args[] = {
		db_text(vendor_id),
		db_text(plan_id),
		db_text(after),
		db_int(limit),
	};

	return load_ids(db, a, SERVICE_FOLLOWER_LIST, args, NELEM(args), out);
}

/* ---- taking over from elsewhere ---- */

struct problem *
services_import(struct db *db, struct arena *a,
    const struct services *services, bool *written)
{
	static const struct quantity_table none[QUANTITY_SCOPE__MAX];
	const char *quantities = quantities_text(a, none,
	    services->quantities);
	const struct db_value args[] = {
		db_text(services->account_id),
		db_text(services->billing_id),
		db_text(services->standing),
		db_text(services->overrides),
		db_text(services->document),
		db_text(services->plans),
		db_text(quantities == NULL ? "[]" : quantities),
		db_int(services->modified),
	};
	struct db_rows rows;
	struct problem *p;

	p = db_call(db, a, SERVICE_IMPORT, args, NELEM(args), &rows);
	if (p == NULL)
		*written = db_row(&rows, 0)[0].number != 0;
	return p;
}
