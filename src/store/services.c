/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/services.h"

#include <string.h>

#include "base/json.h"
#include "store/shared_fields.h"

#define LOAD_ATTEMPTS 20

/* ---- loading ---- */

struct service_lookup {
	const char *account_id;
	int64_t lock;
};

static const struct field look_parameters[] = {
	FIELD_AS("account", TEXT, struct service_lookup, account_id),
	FIELD(INTEGER, struct service_lookup, lock),
};

static const struct field service_columns[] = {
	FIELD_AS("name", TEXT, struct service, account_name),
	FIELD(TEXT, struct service, reseller_id),
	FIELD(BOOL, struct service, is_reseller),
	FIELD(BOOL, struct service, is_master),
	FIELD_AS("enabled", BOOL, struct service, is_enabled),
	FIELD(BOOL, struct service, has_webhooks),
	FIELD(TEXT, struct service, billing_id),
	FIELD(TEXT, struct service, standing),
	FIELD(TEXT, struct service, reason),
	FIELD_MAYBE("reason_code", INTEGER, struct service, reason_code,
	    has_reason_code),
	FIELD(INTEGER, struct service, version),
	FIELD(JSON, struct service, document),
	FIELD(JSON, struct service, overrides),
};

static const struct db_procedure service_show_call = {
	PROCEDURE(SERVICE_SHOW, "service_show", READ),
	TAKES(look_parameters),
	GIVES(struct service, service_columns),
};

/* The object, or {} for NULL. */
static struct json_object *
some_tree(struct arena *a, struct json_object *tree)
{
	return tree != NULL ? tree : json_own(a, json_object_new_object());
}

static struct problem *
load_account(struct db *db, struct arena *a, const char *account_id,
    enum service_lock lock, struct service *out)
{
	const struct service_lookup look = { account_id, lock };
	const struct service *service;
	struct db_result found;
	struct problem *p = db_call(db, a, &service_show_call, &look, &found);

	if (p != NULL)
		return p;
	if ((service = db_first(&found)) == NULL)
		return problem_bad_identifier(a, account_id);
	*out = *service;
	out->account_id = account_id;
	out->document = some_tree(a, out->document);
	out->overrides = some_tree(a, out->overrides);
	return NULL;
}

static const struct field assignment_columns[] = {
	FIELD_AS("plan_id", TEXT, struct assigned_plan, id),
	FIELD(TEXT, struct assigned_plan, vendor_id),
	FIELD(JSON, struct assigned_plan, overrides),
	FIELD(JSON, struct assigned_plan, contract),
	FIELD(NONZERO, struct assigned_plan, pinned),
	FIELD(NONZERO, struct assigned_plan, version),
	FIELD(JSON, struct assigned_plan, document),
};

static const struct db_procedure service_assignment_list_call = {
	PROCEDURE(SERVICE_ASSIGNMENT_LIST, "service_assignment_list", READ),
	TAKES(account_ref_parameters),
	GIVES(struct assigned_plan, assignment_columns),
};

static struct problem *
load_plans(struct db *db, struct arena *a, struct service *out)
{
	const struct account_ref of = { out->account_id };
	struct assigned_plan *plan;
	struct db_result found;
	struct problem *p;
	size_t i;

	p = db_call(db, a, &service_assignment_list_call, &of, &found);
	out->plans = (struct assigned_plans){ found.count, found.rows };
	for (i = 0; p == NULL && i < found.count; i++) {
		plan = &out->plans.plans[i];
		plan->overrides = some_tree(a, plan->overrides);
	}
	return p;
}

struct quantity_row {
	const char *scope;
	const char *category;
	const char *item;
	int64_t quantity;
};

static const struct field quantity_columns[] = {
	FIELD(TEXT, struct quantity_row, scope),
	FIELD(TEXT, struct quantity_row, category),
	FIELD(TEXT, struct quantity_row, item),
	FIELD(INTEGER, struct quantity_row, quantity),
};

static const struct db_procedure service_quantity_list_call = {
	PROCEDURE(SERVICE_QUANTITY_LIST, "service_quantity_list", READ),
	TAKES(account_ref_parameters),
	GIVES(struct quantity_row, quantity_columns),
};

/* Puts quantities into the tables of their scopes. */
static void
fill_tables(struct arena *a, const struct db_result *found,
    struct service *out)
{
	const struct quantity_row *row = found->rows;
	enum quantity_scope scope;
	size_t i;

	for (i = 0; i < found->count; i++, row++)
		if (quantity_scope_named(row->scope, &scope))
			quantity_table_set(a, &out->quantities[scope],
			    row->category, row->item, row->quantity);
}

/* *version: of the services that the quantities belong to. */
static struct problem *
load_quantities(struct db *db, struct arena *a, struct service *out,
    int64_t *version)
{
	const struct account_ref of = { out->account_id };
	const struct quantity_row *first;
	struct db_result found;
	struct problem *p;

	p = db_call(db, a, &service_quantity_list_call, &of, &found);
	if (p != NULL)
		return p;
	fill_tables(a, &found, out);
	first = db_first(&found);
	*version = first == NULL ? 0 : first->quantity;
	return NULL;
}

struct problem *
store_service_load(struct db *db, struct arena *a, const char *account_id,
    enum service_lock lock, struct service *out)
{
	int64_t version = 0;
	struct problem *p;
	int attempt;

	/*
	 * Without a lock a change may come between the calls: a mix of two
	 * versions would give a price that never applied.
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

static void
write_version(struct json_writer *w, const char *name, int64_t version)
{
	if (version != 0)
		json_member_int(w, name, version);
}

static void
write_plan(struct json_writer *w, struct arena *a,
    const struct assigned_plan *plan)
{
	json_begin_object(w);
	json_member_string(w, "plan", plan->id);
	json_member_string(w, "vendor", plan->vendor_id);
	json_member_string(w, "overrides", plan->overrides == NULL ? "{}" :
	    json_canonical_text(a, plan->overrides));
	if (plan->contract != NULL)
		json_member_string(w, "contract", json_canonical_text(a,
		    plan->contract));
	write_version(w, "version", plan->pinned);
	write_version(w, "priced", plan->version);
	json_end(w);
}

static const char *
plans_text(struct arena *a, const struct assigned_plans *plans)
{
	struct json_writer w;
	struct buffer text;
	size_t i;

	buffer_init(&text, a, 0);
	json_writer_init(&w, &text);
	json_begin_array(&w);
	for (i = 0; i < plans->count; i++)
		write_plan(&w, a, &plans->plans[i]);
	json_end(&w);
	return text.text;
}

static void
write_difference(struct json_writer *w, enum quantity_scope scope,
    const struct quantity_pair *d)
{
	json_begin_object(w);
	json_member_string(w, "scope", quantity_scope_name(scope));
	json_member_string(w, "category", d->category);
	json_member_string(w, "item", d->item);
	if (d->is)
		json_member_int(w, "quantity", d->after);
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

/* The changed parts of an account's services; NULL: unchanged. */
struct service_difference {
	const char *account_id;
	const char *billing_id;
	const char *standing;
	const char *reason;
	bool has_reason_code;
	int64_t reason_code;
	struct json_object *overrides;
	const char *plans;
	const char *quantities;
	int64_t now;
};

static const struct field difference_parameters[] = {
	FIELD_AS("account", TEXT, struct service_difference, account_id),
	FIELD_AS("billing", TEXT, struct service_difference, billing_id),
	FIELD(TEXT, struct service_difference, standing),
	FIELD(TEXT, struct service_difference, reason),
	FIELD_MAYBE("reason_code", INTEGER, struct service_difference,
	    reason_code, has_reason_code),
	FIELD(JSON, struct service_difference, overrides),
	FIELD(TEXT, struct service_difference, plans),
	FIELD(TEXT, struct service_difference, quantities),
	FIELD(INTEGER, struct service_difference, now),
};

static const struct db_procedure service_save_call = {
	PROCEDURE(SERVICE_SAVE, "service_save", WRITE),
	TAKES(difference_parameters),
};

struct problem *
store_service_save(struct db *db, struct arena *a, const struct service *before,
    const struct service *after, int64_t now)
{
	struct service_difference d = {
		.account_id = after->account_id,
		.reason = after->reason,
		.has_reason_code = after->has_reason_code,
		.reason_code = after->reason_code,
		.quantities = quantities_text(a, before->quantities,
		    after->quantities),
		.now = now,
	};

	if (!text_equal(before->billing_id, after->billing_id))
		d.billing_id = after->billing_id;
	if (!standing_equal(before, after))
		d.standing = after->standing;
	if (!json_object_equal(before->overrides, after->overrides))
		d.overrides = after->overrides;
	if (!plans_equal(&before->plans, &after->plans))
		d.plans = plans_text(a, &after->plans);
	return db_call(db, a, &service_save_call, &d, NULL);
}

/* ---- counting ---- */

static const struct db_procedure service_count_call = {
	PROCEDURE(SERVICE_COUNT, "service_count", READ),
	TAKES(account_ref_parameters),
	GIVES(struct quantity_row, quantity_columns),
};

struct problem *
store_service_count(struct db *db, struct arena *a, struct service *service)
{
	const struct quantity_table none = { .count = 0 };
	const struct account_ref of = { service->account_id };
	struct db_result found;
	struct problem *p = db_call(db, a, &service_count_call, &of, &found);

	if (p != NULL)
		return p;
	service->quantities[QUANTITY_ACCOUNT] = none;
	service->quantities[QUANTITY_CASCADE] = none;
	fill_tables(a, &found, service);
	return NULL;
}

/* ---- ancestors and followers ---- */

static struct problem *
load_ids(struct db *db, struct arena *a, const struct db_procedure *procedure,
    const void *arguments, struct account_ids *out)
{
	const struct account_ref *of;
	struct db_result found;
	struct problem *p = db_call(db, a, procedure, arguments, &found);
	size_t i;

	if (p != NULL)
		return p;
	of = found.rows;
	out->count = found.count;
	out->ids = arena_alloc(a, found.count * sizeof(*out->ids));
	for (i = 0; i < found.count; i++)
		out->ids[i] = of[i].account_id;
	return NULL;
}

static const struct field ancestor_columns[] = {
	FIELD_AS("ancestor_id", TEXT, struct account_ref, account_id),
};

static const struct db_procedure service_ancestor_list_call = {
	PROCEDURE(SERVICE_ANCESTOR_LIST, "service_ancestor_list", READ),
	TAKES(account_ref_parameters),
	GIVES(struct account_ref, ancestor_columns),
};

struct problem *
store_service_ancestors(struct db *db, struct arena *a, const char *account_id,
    struct account_ids *out)
{
	const struct account_ref of = { account_id };

	return load_ids(db, a, &service_ancestor_list_call, &of, out);
}

static const struct field top_parameters[] = {
	FIELD_AS("top", TEXT, struct account_ref, account_id),
};

static const struct field former_columns[] = {
	FIELD(TEXT, struct account_ref, account_id),
};

static const struct db_procedure service_former_list_call = {
	PROCEDURE(SERVICE_FORMER_LIST, "service_former_list", READ),
	TAKES(top_parameters),
	GIVES(struct account_ref, former_columns),
};

struct problem *
store_service_former(struct db *db, struct arena *a, const char *account_id,
    struct account_ids *out)
{
	const struct account_ref of = { account_id };

	return load_ids(db, a, &service_former_list_call, &of, out);
}

static const struct field follower_parameters[] = {
	FIELD_AS("vendor", TEXT, struct follower_query, vendor_id),
	FIELD_AS("plan", TEXT, struct follower_query, plan_id),
	FIELD(TEXT, struct follower_query, after),
	FIELD(INTEGER, struct follower_query, limit),
};

static const struct field follower_columns[] = {
	FIELD(TEXT, struct account_ref, account_id),
};

static const struct db_procedure service_follower_list_call = {
	PROCEDURE(SERVICE_FOLLOWER_LIST, "service_follower_list", READ),
	TAKES(follower_parameters),
	GIVES(struct account_ref, follower_columns),
};

struct problem *
store_service_followers(struct db *db, struct arena *a,
    const struct follower_query *query, struct account_ids *out)
{
	return load_ids(db, a, &service_follower_list_call, query, out);
}

/* ---- import ---- */

struct services_copy {
	struct services services;
	const char *quantities; /* JSON */
};

static struct services_copy
services_copy(struct arena *a, const struct services *services)
{
	static const struct quantity_table none[QUANTITY_SCOPE__MAX];
	const char *quantities = quantities_text(a, none, services->quantities);

	return (struct services_copy){ *services,
		quantities != NULL ? quantities : "[]" };
}

static const struct field copy_parameters[] = {
	FIELD_AS("account", TEXT, struct services_copy, services.account_id),
	FIELD_AS("billing", TEXT, struct services_copy, services.billing_id),
	FIELD_AS("standing", TEXT, struct services_copy, services.standing),
	FIELD_AS("reason", TEXT, struct services_copy, services.reason),
	FIELD_MAYBE("reason_code", INTEGER, struct services_copy,
	    services.reason_code, services.has_reason_code),
	FIELD_AS("overrides", TEXT, struct services_copy, services.overrides),
	FIELD_AS("document", TEXT, struct services_copy, services.document),
	FIELD_AS("plans", TEXT, struct services_copy, services.plans),
	FIELD(TEXT, struct services_copy, quantities),
	FIELD_AS("adds_up", INTEGER, struct services_copy, services.adds_up),
	FIELD_AS("modified", INTEGER, struct services_copy, services.modified),
};

static const struct db_procedure service_import_call = {
	PROCEDURE(SERVICE_IMPORT, "service_import", WRITE),
	TAKES(copy_parameters),
	GIVES(struct write_result, write_result_columns),
};

struct problem *
store_services_import(struct db *db, struct arena *a,
    const struct services *services, bool *written)
{
	const struct services_copy copy = services_copy(a, services);
	struct write_result answer = { false };
	struct problem *p;

	p = db_call_for_row(db, a, &service_import_call, &copy, &answer);
	*written = answer.written;
	return p;
}

static const struct field replacement_parameters[] = {
	FIELD_AS("account", TEXT, struct services_copy, services.account_id),
	FIELD_AS("billing", TEXT, struct services_copy, services.billing_id),
	FIELD_AS("standing", TEXT, struct services_copy, services.standing),
	FIELD_AS("reason", TEXT, struct services_copy, services.reason),
	FIELD_MAYBE("reason_code", INTEGER, struct services_copy,
	    services.reason_code, services.has_reason_code),
	FIELD_AS("overrides", TEXT, struct services_copy, services.overrides),
	FIELD_AS("document", TEXT, struct services_copy, services.document),
	FIELD_AS("plans", TEXT, struct services_copy, services.plans),
	FIELD(TEXT, struct services_copy, quantities),
	FIELD_AS("modified", INTEGER, struct services_copy, services.modified),
};

static const struct db_procedure service_replace_call = {
	PROCEDURE(SERVICE_REPLACE, "service_replace", WRITE),
	TAKES(replacement_parameters),
};

struct problem *
store_services_replace(struct db *db, struct arena *a,
    const struct services *services)
{
	const struct services_copy copy = services_copy(a, services);

	return db_call(db, a, &service_replace_call, &copy, NULL);
}
