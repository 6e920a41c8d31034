/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/objects.h"

#include <string.h>

#include "base/json.h"
#include "store/sealed.h"
#include "store/shared_fields.h"

/* ---- reading ---- */

static const struct field object_columns[] = {
	FIELD(TEXT, struct object, id),
	FIELD_AS("kind", TEXT, struct object, noun),
	FIELD(INTEGER, struct object, created),
	FIELD(INTEGER, struct object, modified),
	FIELD(JSON, struct object, document),
};

/* Loads objects of one account, with their hidden members opened. */
static struct problem *
load_list(struct db *db, struct arena *a, const struct db_procedure *procedure,
    const void *arguments, const char *account_id, struct object_list *out)
{
	struct db_result found;
	struct problem *p = db_call(db, a, procedure, arguments, &found);
	struct object *o;
	size_t i;

	*out = (struct object_list){ found.count, found.rows };
	for (i = 0; p == NULL && i < out->count; i++) {
		o = &out->objects[i];
		o->kind = kind_of_noun(o->noun);
		if (o->kind != NULL)
			(void)sealed_open(a, db_config(db),
			    &(struct sealed_place){ account_id, o->kind,
			    o->id }, o->document);
	}
	return p;
}

struct object_key {
	const char *account_id;
	const char *noun;
	const char *id;
};

static const struct field key_parameters[] = {
	FIELD_AS("account", TEXT, struct object_key, account_id),
	FIELD_AS("kind", TEXT, struct object_key, noun),
	FIELD(TEXT, struct object_key, id),
};

static const struct db_procedure object_show_call = {
	PROCEDURE(OBJECT_SHOW, "object_show", READ),
	TAKES(key_parameters),
	GIVES(struct object, object_columns),
};

struct problem *
store_object_show(struct db *db, struct arena *a, const char *account_id,
    const struct kind *kind, const char *id, struct object **out)
{
	const struct object_key key = { account_id, kind->noun, id };
	struct object_list list;
	struct problem *p = load_list(db, a, &object_show_call, &key,
	    account_id, &list);

	/* The database ignores blanks at the end of an id. */
	*out = p == NULL && list.count > 0 &&
	    strcmp(list.objects[0].id, id) == 0 ? &list.objects[0] : NULL;
	return p;
}

struct object_claim {
	const char *claim;
};

static const struct field claim_parameters[] = {
	FIELD(TEXT, struct object_claim, claim),
};

static const struct db_procedure object_by_claim_call = {
	PROCEDURE(OBJECT_BY_CLAIM, "object_by_claim", READ),
	TAKES(claim_parameters),
	GIVES(struct object, object_columns),
};

struct problem *
store_object_by_claim(struct db *db, struct arena *a, const struct kind *kind,
    const char *claimed, struct object **out)
{
	const struct object_claim claim = {
		kind_claim(a, kind, claimed),
	};
	struct object_list list;
	struct problem *p;

	/* Kinds with claims have no hidden members. */
	p = load_list(db, a, &object_by_claim_call, &claim, "", &list);
	*out = p == NULL && list.count > 0 ? &list.objects[0] : NULL;
	return p;
}

struct object_page {
	const char *account_id;
	const char *noun;
	struct page_query query;
};

static const struct field page_parameters[] = {
	FIELD_AS("account", TEXT, struct object_page, account_id),
	FIELD_AS("kind", TEXT, struct object_page, noun),
	FIELD_AS("at", TEXT, struct object_page, query.start.id),
	FIELD_AS("ascending", BOOL, struct object_page, query.ascending),
	FIELD_AS("limit", INTEGER, struct object_page, query.limit),
};

static const struct db_procedure object_list_call = {
	PROCEDURE(OBJECT_LIST, "object_list", READ),
	TAKES(page_parameters),
	GIVES(struct object, object_columns),
};

struct problem *
store_object_list(struct db *db, struct arena *a, const char *account_id,
    const struct kind *kind, const struct page_query *query,
    struct object_list *out)
{
	const struct object_page page = { account_id, kind->noun, *query };

	return load_list(db, a, &object_list_call, &page, account_id, out);
}

struct owned_query {
	const char *account_id;
	const char *noun;
	const char *user_id;
	int64_t limit;
};

static const struct field owned_parameters[] = {
	FIELD_AS("account", TEXT, struct owned_query, account_id),
	FIELD_AS("kind", TEXT, struct owned_query, noun),
	FIELD_AS("owner", TEXT, struct owned_query, user_id),
	FIELD(INTEGER, struct owned_query, limit),
};

static const struct db_procedure object_owned_list_call = {
	PROCEDURE(OBJECT_OWNED_LIST, "object_owned_list", READ),
	TAKES(owned_parameters),
	GIVES(struct object, object_columns),
};

struct problem *
store_object_owned_list(struct db *db, struct arena *a,
    const struct object_owner *owner, struct object_list *out)
{
	const struct owned_query query = { owner->account_id,
		owner->kind->noun, owner->user_id, owner->limit };

	return load_list(db, a, &object_owned_list_call, &query,
	    owner->account_id, out);
}

/* The last object read. */
struct scan_place {
	struct object_key key;
	int64_t limit;
};

static const struct field scan_parameters[] = {
	FIELD_AS("account", TEXT, struct scan_place, key.account_id),
	FIELD_AS("kind", TEXT, struct scan_place, key.noun),
	FIELD_AS("id", TEXT, struct scan_place, key.id),
	FIELD(INTEGER, struct scan_place, limit),
};

static const struct db_procedure object_scan_call = {
	PROCEDURE(OBJECT_SCAN, "object_scan", READ),
	TAKES(scan_parameters),
	GIVES(struct object, object_columns),
};

struct problem *
store_object_scan(struct db *db, struct arena *a, const char *account_id,
    const struct object *after, int64_t limit, struct object_list *out)
{
	const struct scan_place place = {
		{ account_id, after == NULL ? "" : after->noun,
		    after == NULL ? "" : after->id },
		limit,
	};

	return load_list(db, a, &object_scan_call, &place, account_id, out);
}

/* ---- writing ---- */

/* The arguments that write an object. */
struct kept_object {
	struct object_record record;
	const char *noun;
	bool create;
	int64_t now;
	int64_t created;
	int64_t modified;
};

static const struct field save_parameters[] = {
	FIELD_AS("account", TEXT, struct kept_object, record.account_id),
	FIELD_AS("kind", TEXT, struct kept_object, noun),
	FIELD_AS("id", TEXT, struct kept_object, record.id),
	FIELD_AS("claim", TEXT, struct kept_object, record.claim),
	FIELD_AS("document", JSON, struct kept_object, record.document),
	FIELD_AS("sources", TEXT, struct kept_object, record.sources),
	FIELD_MAYBE("create", BOOL, struct kept_object, create, create),
	FIELD(INTEGER, struct kept_object, now),
};

static const struct db_procedure object_save_call = {
	PROCEDURE(OBJECT_SAVE, "object_save", WRITE),
	TAKES(save_parameters),
};

/* The record as it is stored: with its hidden members sealed. */
static struct problem *
seal_record(struct db *db, struct arena *a, struct object_record *record)
{
	const struct sealed_place place = { record->account_id, record->kind,
		record->id };

	return sealed_document(a, db_config(db), &place, record->document,
	    &record->document);
}

struct problem *
store_object_save(struct db *db, struct arena *a,
    const struct object_record *record, bool create, int64_t now)
{
	struct kept_object kept = {
		.record = *record,
		.noun = record->kind->noun,
		.create = create,
		.now = now,
	};
	struct problem *p = seal_record(db, a, &kept.record);

	return p != NULL ? p :
	                   db_call(db, a, &object_save_call, &kept, NULL);
}

static const struct db_procedure object_delete_call = {
	PROCEDURE(OBJECT_DELETE, "object_delete", WRITE),
	TAKES(key_parameters),
};

struct problem *
store_object_delete(struct db *db, struct arena *a, const char *account_id,
    const struct kind *kind, const char *id)
{
	const struct object_key key = { account_id, kind->noun, id };

	return db_call(db, a, &object_delete_call, &key, NULL);
}

static const struct field import_parameters[] = {
	FIELD_AS("account", TEXT, struct kept_object, record.account_id),
	FIELD_AS("kind", TEXT, struct kept_object, noun),
	FIELD_AS("id", TEXT, struct kept_object, record.id),
	FIELD_AS("claim", TEXT, struct kept_object, record.claim),
	FIELD_AS("document", JSON, struct kept_object, record.document),
	FIELD_AS("sources", TEXT, struct kept_object, record.sources),
	FIELD(INTEGER, struct kept_object, created),
	FIELD(INTEGER, struct kept_object, modified),
};

static const struct db_procedure object_import_call = {
	PROCEDURE(OBJECT_IMPORT, "object_import", WRITE),
	TAKES(import_parameters),
	GIVES(struct write_result, write_result_columns),
};

struct problem *
store_object_import(struct db *db, struct arena *a,
    const struct object_record *record, int64_t created, int64_t modified,
    bool *written)
{
	struct kept_object kept = {
		.record = *record,
		.noun = record->kind->noun,
		.created = created,
		.modified = modified,
	};
	struct write_result answer = { false };
	struct problem *p = seal_record(db, a, &kept.record);

	*written = false;
	if (p != NULL)
		return p;
	p = db_call_for_row(db, a, &object_import_call, &kept, &answer);
	*written = answer.written;
	return p;
}

/* ---- another secret ---- */

struct secret_page {
	const char *noun;
	const char *account_id;
	const char *id;
	int64_t limit;
};

static const struct field secret_page_parameters[] = {
	FIELD_AS("kind", TEXT, struct secret_page, noun),
	FIELD_AS("account", TEXT, struct secret_page, account_id),
	FIELD(TEXT, struct secret_page, id),
	FIELD(INTEGER, struct secret_page, limit),
};

static const struct field secret_columns[] = {
	FIELD(TEXT, struct secret_object, account_id),
	FIELD(TEXT, struct secret_object, id),
	FIELD(TEXT, struct secret_object, document),
};

static const struct db_procedure object_secret_list_call = {
	PROCEDURE(OBJECT_SECRET_LIST, "object_secret_list", READ),
	TAKES(secret_page_parameters),
	GIVES(struct secret_object, secret_columns),
};

struct problem *
store_object_secret_list(struct db *db, struct arena *a,
    const struct kind *kind, const struct secret_object *after, int64_t limit,
    struct secret_objects *out)
{
	const struct secret_page page = { kind->noun, after->account_id,
		after->id, limit };
	struct db_result found;
	struct problem *p;

	p = db_call(db, a, &object_secret_list_call, &page, &found);
	*out = (struct secret_objects){ found.count, found.rows };
	return p;
}

struct resealed {
	struct object_key key;
	const char *document;
	const char *resealed;
};

static const struct field resealed_parameters[] = {
	FIELD_AS("account", TEXT, struct resealed, key.account_id),
	FIELD_AS("kind", TEXT, struct resealed, key.noun),
	FIELD_AS("id", TEXT, struct resealed, key.id),
	FIELD(TEXT, struct resealed, document),
	FIELD(TEXT, struct resealed, resealed),
};

static const struct db_procedure object_reseal_call = {
	PROCEDURE(OBJECT_RESEAL, "object_reseal", WRITE),
	TAKES(resealed_parameters),
};

struct problem *
store_object_reseal(struct db *db, struct arena *a, const struct kind *kind,
    const struct secret_object *object, bool *opened)
{
	const struct sealed_place place = { object->account_id, kind,
		object->id };
	struct resealed resealed = {
		{ object->account_id, kind->noun, object->id },
		.document = object->document,
	};
	struct json_object *document;
	const char *error;
	struct problem *p;

	document = json_parse(a, object->document, strlen(object->document),
	    &error);
	if (document == NULL)
		return problem_fault(a, "%s %s of account %s: %s", kind->noun,
		    object->id, object->account_id, error);
	*opened = sealed_open(a, db_config(db), &place, document) == 0;
	if ((p = sealed_document(a, db_config(db), &place, document,
	    &document)) != NULL)
		return p;
	resealed.resealed = json_canonical_text(a, document);
	return db_call(db, a, &object_reseal_call, &resealed, NULL);
}

/* ---- users ---- */

struct kept_user {
	struct user user;
	bool credentials;
	int64_t now;
};

static const struct field user_parameters[] = {
	FIELD_AS("account", TEXT, struct kept_user, user.account_id),
	FIELD_AS("id", TEXT, struct kept_user, user.id),
	FIELD_AS("username", TEXT, struct kept_user, user.username),
	FIELD_AS("first_name", TEXT, struct kept_user, user.first_name),
	FIELD_AS("last_name", TEXT, struct kept_user, user.last_name),
	FIELD_AS("email", TEXT, struct kept_user, user.email),
	FIELD_AS("priv_level", TEXT, struct kept_user, user.priv_level),
	FIELD_AS("role", TEXT, struct kept_user, user.role),
	FIELD_AS("enabled", BOOL, struct kept_user, user.enabled),
	FIELD(BOOL, struct kept_user, credentials),
	FIELD(INTEGER, struct kept_user, now),
};

static const struct db_procedure user_save_call = {
	PROCEDURE(USER_SAVE, "user_save", WRITE),
	TAKES(user_parameters),
};

struct problem *
store_user_save(struct db *db, struct arena *a, const struct user *user,
    bool credentials, int64_t now)
{
	const struct kept_user kept = { *user, credentials, now };

	return db_call(db, a, &user_save_call, &kept, NULL);
}

struct admin_check {
	bool found;
};

static const struct field admin_check_columns[] = {
	FIELD(BOOL, struct admin_check, found),
};

static const struct db_procedure user_admin_check_call = {
	PROCEDURE(USER_ADMIN_CHECK, "user_admin_check", READ),
	TAKES(account_ref_parameters),
	GIVES(struct admin_check, admin_check_columns),
};

struct problem *
store_user_admin_check(struct db *db, struct arena *a, const char *account_id,
    bool *found)
{
	const struct account_ref ref = { account_id };
	struct admin_check check = { false };
	struct problem *p;

	p = db_call_for_row(db, a, &user_admin_check_call, &ref, &check);
	*found = check.found;
	return p;
}

/* ---- sources of quantities ---- */

struct source {
	const char *account_id;
	const char *source;
	const char *sources; /* JSON */
	bool begin;
};

static const struct field source_parameters[] = {
	FIELD_AS("account", TEXT, struct source, account_id),
	FIELD(TEXT, struct source, source),
	FIELD(TEXT, struct source, sources),
};

static const struct db_procedure source_save_call = {
	PROCEDURE(SOURCE_SAVE, "source_save", WRITE),
	TAKES(source_parameters),
};

static const struct db_procedure source_explain_call = {
	PROCEDURE(SOURCE_EXPLAIN, "source_explain", WRITE),
	TAKES(source_parameters),
};

struct problem *
store_source_save(struct db *db, struct arena *a, const char *account_id,
    const char *source, const char *sources)
{
	const struct source one = { .account_id = account_id,
		.source = source, .sources = sources };

	return db_call(db, a, &source_save_call, &one, NULL);
}

struct problem *
store_source_explain(struct db *db, struct arena *a, const char *account_id,
    const char *source, const char *sources)
{
	const struct source one = { .account_id = account_id,
		.source = source, .sources = sources };

	return db_call(db, a, &source_explain_call, &one, NULL);
}

static const struct field replace_parameters[] = {
	FIELD_AS("account", TEXT, struct source, account_id),
	FIELD(BOOL, struct source, begin),
	FIELD(TEXT, struct source, sources),
};

static const struct db_procedure source_replace_call = {
	PROCEDURE(SOURCE_REPLACE, "source_replace", WRITE),
	TAKES(replace_parameters),
};

struct problem *
store_source_replace(struct db *db, struct arena *a, const char *account_id,
    bool begin, const char *sources)
{
	const struct source all = { .account_id = account_id,
		.begin = begin, .sources = sources };

	return db_call(db, a, &source_replace_call, &all, NULL);
}

static const struct field item_columns[] = {
	FIELD(TEXT, struct source_item, category),
	FIELD(TEXT, struct source_item, item),
	FIELD_AS("quantity", INTEGER, struct source_item, n),
};

static const struct db_procedure source_import_list_call = {
	PROCEDURE(SOURCE_IMPORT_LIST, "source_import_list", READ),
	TAKES(account_ref_parameters),
	GIVES(struct source_item, item_columns),
};

struct problem *
store_source_import_list(struct db *db, struct arena *a, const char *account_id,
    struct source_list *out)
{
	const struct account_ref of = { account_id };
	struct db_result found;
	struct problem *p;

	p = db_call(db, a, &source_import_list_call, &of, &found);
	*out = (struct source_list){ found.count, found.rows };
	return p;
}

static const struct field source_columns[] = {
	FIELD(TEXT, struct source_item, source),
	FIELD(TEXT, struct source_item, category),
	FIELD(TEXT, struct source_item, item),
	FIELD_AS("quantity", INTEGER, struct source_item, n),
};

static const struct db_procedure source_list_call = {
	PROCEDURE(SOURCE_LIST, "source_list", READ),
	TAKES(account_ref_parameters),
	GIVES(struct source_item, source_columns),
};

struct problem *
store_source_list(struct db *db, struct arena *a, const char *account_id,
    struct source_list *out)
{
	const struct account_ref of = { account_id };
	struct db_result found;
	struct problem *p;

	p = db_call(db, a, &source_list_call, &of, &found);
	*out = (struct source_list){ found.count, found.rows };
	return p;
}
