/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/plans.h"

#include <string.h>

#include "base/json.h"
#include "store/shared_fields.h"

static const struct field plan_columns[] = {
	FIELD(TEXT, struct plan, id),
	FIELD(INTEGER, struct plan, version),
	FIELD(INTEGER, struct plan, newest),
	FIELD(INTEGER, struct plan, created),
	FIELD(INTEGER, struct plan, modified),
	FIELD(JSON, struct plan, document),
};

/* ---- one ---- */

struct plan_lookup {
	struct plan_key key;
	int64_t lock;
};

static const struct field look_parameters[] = {
	FIELD_AS("account", TEXT, struct plan_lookup, key.vendor_id),
	FIELD_AS("id", TEXT, struct plan_lookup, key.id),
	FIELD_AS("version", NONZERO, struct plan_lookup, key.version),
	FIELD(INTEGER, struct plan_lookup, lock),
};

static const struct db_procedure plan_show_call = {
	PROCEDURE(PLAN_SHOW, "plan_show", READ),
	TAKES(look_parameters),
	GIVES(struct plan, plan_columns),
};

struct problem *
store_plan_show(struct db *db, struct arena *a, const struct plan_key *key,
    enum plan_lock lock, struct plan **out)
{
	const struct plan_lookup look = { *key, lock };
	struct db_result found;
	struct problem *p = db_call(db, a, &plan_show_call, &look, &found);

	*out = p == NULL ? db_first(&found) : NULL;
	/* The database ignores blanks at the end of an id. */
	if (*out != NULL && strcmp((*out)->id, key->id) != 0)
		*out = NULL;
	return p;
}

/* ---- all ---- */

struct plan_page {
	const char *vendor_id;
	struct page_query query;
	bool counted;
};

static const struct field page_parameters[] = {
	FIELD_AS("account", TEXT, struct plan_page, vendor_id),
	FIELD_AS("at", TEXT, struct plan_page, query.start.id),
	FIELD_AS("ascending", BOOL, struct plan_page, query.ascending),
	FIELD(BOOL, struct plan_page, counted),
	FIELD_AS("limit", INTEGER, struct plan_page, query.limit),
};

static const struct field listed_columns[] = {
	FIELD(TEXT, struct plan, id),
	FIELD(INTEGER, struct plan, version),
	FIELD(INTEGER, struct plan, newest),
	FIELD(INTEGER, struct plan, created),
	FIELD(INTEGER, struct plan, modified),
	FIELD(JSON, struct plan, document),
	FIELD(NONZERO, struct plan, accounts),
};

static const struct db_procedure plan_list_call = {
	PROCEDURE(PLAN_LIST, "plan_list", READ),
	TAKES(page_parameters),
	GIVES(struct plan, listed_columns),
};

struct problem *
store_plan_list(struct db *db, struct arena *a, const char *vendor_id,
    const struct page_query *query, bool counted, struct plan_list *out)
{
	const struct plan_page page = { vendor_id, *query, counted };
	struct db_result found;
	struct problem *p = db_call(db, a, &plan_list_call, &page, &found);

	*out = (struct plan_list){ found.count, found.rows };
	return p;
}

/* ---- versions ---- */

struct version_page {
	const char *vendor_id;
	const char *id;
	struct page_query query;
};

static const struct field version_parameters[] = {
	FIELD_AS("account", TEXT, struct version_page, vendor_id),
	FIELD(TEXT, struct version_page, id),
	FIELD_AS("at", INTEGER, struct version_page, query.start.sequence),
	FIELD_AS("limit", INTEGER, struct version_page, query.limit),
};

static const struct field version_columns[] = {
	FIELD(INTEGER, struct plan_version, version),
	FIELD(TEXT, struct plan_version, name),
	FIELD(INTEGER, struct plan_version, created),
	FIELD(INTEGER, struct plan_version, accounts),
};

static const struct db_procedure plan_version_list_call = {
	PROCEDURE(PLAN_VERSION_LIST, "plan_version_list", READ),
	TAKES(version_parameters),
	GIVES(struct plan_version, version_columns),
};

struct problem *
store_plan_version_list(struct db *db, struct arena *a, const char *vendor_id,
    const char *id, const struct page_query *query, struct plan_versions *out)
{
	const struct version_page page = { vendor_id, id, *query };
	struct db_result found;
	struct problem *p;

	p = db_call(db, a, &plan_version_list_call, &page, &found);
	*out = (struct plan_versions){ found.count, found.rows };
	return p;
}

/* ---- saving ---- */

struct plan_draft {
	struct plan_revision revision;
	const char *id;
	const char *name;
	struct json_object *document;
	int64_t now;
};

static const struct field draft_parameters[] = {
	FIELD_AS("account", TEXT, struct plan_draft, revision.vendor_id),
	FIELD(TEXT, struct plan_draft, id),
	FIELD(TEXT, struct plan_draft, name),
	FIELD(JSON, struct plan_draft, document),
	FIELD_AS("author", JSON, struct plan_draft, revision.author),
	FIELD_AS("create", BOOL, struct plan_draft, revision.create),
	FIELD(INTEGER, struct plan_draft, now),
};

static const struct field version_column[] = {
	FIELD(INTEGER, struct plan, version),
};

static const struct db_procedure plan_save_call = {
	PROCEDURE(PLAN_SAVE, "plan_save", WRITE),
	TAKES(draft_parameters),
	GIVES(struct plan, version_column),
};

/* The name of a plan in lists; "": none. */
static const char *
name_of(struct json_object *document)
{
	const char *name = json_string_at(document, "name");

	return name == NULL ? "" : name;
}

struct problem *
store_plan_save(struct db *db, struct arena *a,
    const struct plan_revision *revision, int64_t now)
{
	struct plan *plan = revision->plan, saved;
	const struct plan_draft draft = {
		.revision = *revision,
		.id = plan->id,
		.name = name_of(plan->document),
		.document = plan->document,
		.now = now,
	};
	struct problem *p;

	p = db_call_for_row(db, a, &plan_save_call, &draft, &saved);
	if (p != NULL)
		return p;
	plan->version = plan->newest = saved.version;
	plan->modified = now;
	if (revision->create)
		plan->created = now;
	return NULL;
}

/* ---- deleting ---- */

struct plan_deletion {
	const char *vendor_id;
	const char *id;
	int64_t now;
};

static const struct field end_parameters[] = {
	FIELD_AS("account", TEXT, struct plan_deletion, vendor_id),
	FIELD(TEXT, struct plan_deletion, id),
	FIELD(INTEGER, struct plan_deletion, now),
};

struct plan_use {
	int64_t assigned;
};

static const struct field use_columns[] = {
	FIELD(INTEGER, struct plan_use, assigned),
};

static const struct db_procedure plan_delete_call = {
	PROCEDURE(PLAN_DELETE, "plan_delete", WRITE),
	TAKES(end_parameters),
	GIVES(struct plan_use, use_columns),
};

struct problem *
store_plan_delete(struct db *db, struct arena *a, const char *vendor_id,
    const char *id, int64_t now, int64_t *assigned)
{
	const struct plan_deletion end = { vendor_id, id, now };
	struct plan_use use = { 0 };
	struct problem *p;

	p = db_call_for_row(db, a, &plan_delete_call, &end, &use);
	*assigned = use.assigned;
	return p;
}

/* ---- import ---- */

struct plan_copy {
	const char *vendor_id;
	struct plan plan;
	const char *name;
};

static const struct field copy_parameters[] = {
	FIELD_AS("account", TEXT, struct plan_copy, vendor_id),
	FIELD_AS("id", TEXT, struct plan_copy, plan.id),
	FIELD(TEXT, struct plan_copy, name),
	FIELD_AS("document", JSON, struct plan_copy, plan.document),
	FIELD_AS("created", INTEGER, struct plan_copy, plan.created),
	FIELD_AS("version", NONZERO, struct plan_copy, plan.version),
};

static const struct db_procedure plan_import_call = {
	PROCEDURE(PLAN_IMPORT, "plan_import", WRITE),
	TAKES(copy_parameters),
	GIVES(struct write_result, write_result_columns),
};

struct problem *
store_plan_import(struct db *db, struct arena *a, const char *vendor_id,
    const struct plan *plan, bool *written)
{
	const struct plan_copy copy = {
		.vendor_id = vendor_id,
		.plan = *plan,
		.name = name_of(plan->document),
	};
	struct write_result answer = { false };
	struct problem *p;

	p = db_call_for_row(db, a, &plan_import_call, &copy, &answer);
	*written = answer.written;
	return p;
}

static const struct field replacement_parameters[] = {
	FIELD_AS("account", TEXT, struct plan_copy, vendor_id),
	FIELD_AS("id", TEXT, struct plan_copy, plan.id),
	FIELD(TEXT, struct plan_copy, name),
	FIELD_AS("document", JSON, struct plan_copy, plan.document),
	FIELD_AS("modified", INTEGER, struct plan_copy, plan.modified),
};

static const struct field replacement_columns[] = {
	FIELD(INTEGER, struct plan, version),
};

static const struct db_procedure plan_replace_call = {
	PROCEDURE(PLAN_REPLACE, "plan_replace", WRITE),
	TAKES(replacement_parameters),
	GIVES(struct plan, replacement_columns),
};

struct problem *
store_plan_replace(struct db *db, struct arena *a, const char *vendor_id,
    struct plan *plan)
{
	const struct plan_copy copy = {
		.vendor_id = vendor_id,
		.plan = *plan,
		.name = name_of(plan->document),
	};
	struct plan answer = { .version = 0 };
	struct problem *p;

	p = db_call_for_row(db, a, &plan_replace_call, &copy, &answer);
	plan->version = answer.version;
	return p;
}

/* ---- bookkeepers ---- */

struct naming_query {
	const char *vendor_id;
	const char *bookkeeper_id;
};

static const struct field naming_parameters[] = {
	FIELD_AS("vendor", TEXT, struct naming_query, vendor_id),
	FIELD_AS("bookkeeper", TEXT, struct naming_query, bookkeeper_id),
};

static const struct field naming_columns[] = {
	FIELD_AS("id", TEXT, struct plan_naming, plan_id),
	FIELD(INTEGER, struct plan_naming, accounts),
};

static const struct db_procedure plan_naming_list_call = {
	PROCEDURE(PLAN_NAMING_LIST, "plan_naming_list", READ),
	TAKES(naming_parameters),
	GIVES(struct plan_naming, naming_columns),
};

struct problem *
store_plan_naming_list(struct db *db, struct arena *a, const char *vendor_id,
    const char *bookkeeper_id, struct plan_namings *out)
{
	const struct naming_query query = { vendor_id, bookkeeper_id };
	struct db_result found;
	struct problem *p;

	p = db_call(db, a, &plan_naming_list_call, &query, &found);
	*out = (struct plan_namings){ found.count, found.rows };
	return p;
}
