/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/accounts.h"

#include <ctype.h>
#include <string.h>

#include "store/shared_fields.h"

const char *
store_account_name_key(struct arena *a, const char *name)
{
	char *key = arena_strdup(a, name);
	size_t n = 0;

	for (; *name != '\0'; name++)
		if (isalnum((unsigned char)*name))
			key[n++] = (char)tolower((unsigned char)*name);
	key[n] = '\0';
	return key;
}

/* ---- reading ---- */

struct account_key {
	const char *id;
};

static const struct field key_parameters[] = {
	FIELD(TEXT, struct account_key, id),
};

static const struct field account_columns[] = {
	FIELD(TEXT, struct account, id),
	FIELD(TEXT, struct account, parent_id),
	FIELD(TEXT, struct account, reseller_id),
	FIELD(BOOL, struct account, is_reseller),
	FIELD(BOOL, struct account, is_master),
	FIELD(BOOL, struct account, enabled),
	FIELD(NONZERO, struct account, expires),
	FIELD(TEXT, struct account, name),
	FIELD(TEXT, struct account, realm),
	FIELD(TEXT, struct account, language),
	FIELD(INTEGER, struct account, created),
	FIELD(INTEGER, struct account, modified),
	FIELD(INTEGER, struct account, below),
	FIELD(NONZERO, struct account, deleted),
	FIELD(JSON, struct account, document),
};

static const struct db_procedure account_show_call = {
	PROCEDURE(ACCOUNT_SHOW, "account_show", READ),
	TAKES(key_parameters),
	GIVES(struct account, account_columns),
};

struct problem *
store_account_show(struct db *db, struct arena *a, const char *id,
    struct account **out)
{
	const struct account_key key = { id };
	struct db_result found;
	struct problem *p = db_call(db, a, &account_show_call, &key, &found);

	*out = p == NULL ? db_first(&found) : NULL;
	return p;
}

struct account_page {
	const char *top_id;
	const char *after;
	int64_t limit;
};

static const struct field page_parameters[] = {
	FIELD_AS("top", TEXT, struct account_page, top_id),
	FIELD(TEXT, struct account_page, after),
	FIELD(INTEGER, struct account_page, limit),
};

static const struct db_procedure account_list_call = {
	PROCEDURE(ACCOUNT_LIST, "account_list", READ),
	TAKES(page_parameters),
	GIVES(struct account, account_columns),
};

struct problem *
store_account_list(struct db *db, struct arena *a, const char *top,
    const char *after, int64_t limit, struct account_list *out)
{
	const struct account_page page = { top, after, limit };
	struct db_result found;
	struct problem *p = db_call(db, a, &account_list_call, &page, &found);

	*out = (struct account_list){ found.count, found.rows };
	return p;
}

/* ---- relations ---- */

struct relation_page {
	const char *of_id;
	struct page_query query;
};

static const struct field children_parameters[] = {
	FIELD_AS("parent", TEXT, struct relation_page, of_id),
	FIELD_AS("at", TEXT, struct relation_page, query.start.id),
	FIELD_AS("ascending", BOOL, struct relation_page, query.ascending),
	FIELD_AS("limit", INTEGER, struct relation_page, query.limit),
};

static const struct field descendants_parameters[] = {
	FIELD_AS("top", TEXT, struct relation_page, of_id),
	FIELD_AS("at", TEXT, struct relation_page, query.start.id),
	FIELD_AS("ascending", BOOL, struct relation_page, query.ascending),
	FIELD_AS("limit", INTEGER, struct relation_page, query.limit),
};

static const struct field line_columns[] = {
	FIELD(TEXT, struct account_line, id),
	FIELD(TEXT, struct account_line, name),
	FIELD(TEXT, struct account_line, realm),
	FIELD(INTEGER, struct account_line, descendants),
	FIELD(INTEGER, struct account_line, created),
	FIELD(INTEGER, struct account_line, modified),
	FIELD(TEXT, struct account_line, tree),
};

static const struct db_procedure account_children_call = {
	PROCEDURE(ACCOUNT_CHILDREN, "account_children", READ),
	TAKES(children_parameters),
	GIVES(struct account_line, line_columns),
};

static const struct db_procedure account_descendants_call = {
	PROCEDURE(ACCOUNT_DESCENDANTS, "account_descendants", READ),
	TAKES(descendants_parameters),
	GIVES(struct account_line, line_columns),
};

struct problem *
store_account_kin(struct db *db, struct arena *a,
    enum account_relation relation, const char *id,
    const struct page_query *query, struct account_lines *out)
{
	const struct relation_page page = { id, *query };
	struct db_result found;
	struct problem *p;

	p = db_call(db, a, relation == RELATION_CHILDREN ?
	    &account_children_call : &account_descendants_call, &page, &found);
	*out = (struct account_lines){ found.count, found.rows };
	return p;
}

static const struct field parent_columns[] = {
	FIELD(TEXT, struct account_line, id),
	FIELD(TEXT, struct account_line, name),
};

static const struct db_procedure account_parents_call = {
	PROCEDURE(ACCOUNT_PARENTS, "account_parents", READ),
	TAKES(account_ref_parameters),
	GIVES(struct account_line, parent_columns),
};

struct problem *
store_account_parents(struct db *db, struct arena *a, const char *id,
    struct account_lines *out)
{
	const struct account_ref of = { id };
	struct db_result found;
	struct problem *p = db_call(db, a, &account_parents_call, &of, &found);

	*out = (struct account_lines){ found.count, found.rows };
	return p;
}

/* ---- making and changing ---- */

struct account_record {
	struct account account;
	const char *name_key;
	const char *document;
	int64_t now;
};

static const struct field new_account_parameters[] = {
	FIELD_AS("id", TEXT, struct account_record, account.id),
	FIELD_AS("parent", TEXT, struct account_record, account.parent_id),
	FIELD_AS("name", TEXT, struct account_record, account.name),
	FIELD(TEXT, struct account_record, name_key),
	FIELD_AS("realm", TEXT, struct account_record, account.realm),
	FIELD_AS("is_reseller", BOOL, struct account_record,
	    account.is_reseller),
	FIELD_AS("enabled", BOOL, struct account_record, account.enabled),
	FIELD_AS("expires", NONZERO, struct account_record, account.expires),
	FIELD_AS("language", TEXT, struct account_record, account.language),
	FIELD(TEXT, struct account_record, document),
	FIELD_AS("created", INTEGER, struct account_record, account.created),
	FIELD_AS("modified", INTEGER, struct account_record,
	    account.modified),
	FIELD_AS("arrived", INTEGER, struct account_record, now),
};

static const struct field reseller_columns[] = {
	FIELD(TEXT, struct account, reseller_id),
};

static const struct db_procedure account_create_call = {
	PROCEDURE(ACCOUNT_CREATE, "account_create", WRITE),
	TAKES(new_account_parameters),
	GIVES(struct account, reseller_columns),
};

struct problem *
store_account_create(struct db *db, struct arena *a,
    const struct account *account, const char *document, int64_t now)
{
	const struct account_record new = {
		.account = *account,
		.name_key = store_account_name_key(a, account->name),
		.document = document,
		.now = now,
	};

	return db_call(db, a, &account_create_call, &new, NULL);
}

static const struct field name_parameters[] = {
	FIELD_AS("id", TEXT, struct account_record, account.id),
	FIELD_AS("parent", TEXT, struct account_record, account.parent_id),
	FIELD_AS("name", TEXT, struct account_record, account.name),
	FIELD(TEXT, struct account_record, name_key),
};

static const struct db_procedure account_name_check_call = {
	PROCEDURE(ACCOUNT_NAME_CHECK, "account_name_check", READ),
	TAKES(name_parameters),
};

struct problem *
store_account_name_check(struct db *db, struct arena *a, const char *id,
    const char *parent_id, const char *name)
{
	const struct account_record named = {
		.account = { .id = id, .parent_id = parent_id, .name = name },
		.name_key = store_account_name_key(a, name),
	};

	return db_call(db, a, &account_name_check_call, &named, NULL);
}

static const struct field changed_parameters[] = {
	FIELD_AS("id", TEXT, struct account_record, account.id),
	FIELD_AS("name", TEXT, struct account_record, account.name),
	FIELD(TEXT, struct account_record, name_key),
	FIELD_AS("realm", TEXT, struct account_record, account.realm),
	FIELD_AS("enabled", BOOL, struct account_record, account.enabled),
	FIELD_AS("language", TEXT, struct account_record, account.language),
	FIELD_AS("document", JSON, struct account_record, account.document),
	FIELD(INTEGER, struct account_record, now),
};

static const struct db_procedure account_update_call = {
	PROCEDURE(ACCOUNT_UPDATE, "account_update", WRITE),
	TAKES(changed_parameters),
};

struct problem *
store_account_update(
    struct db *db, struct arena *a, const struct account *account, int64_t now)
{
	const struct account_record changed = {
		.account = *account,
		.name_key = store_account_name_key(a, account->name),
		.now = now,
	};

	return db_call(db, a, &account_update_call, &changed, NULL);
}

struct account_deletion {
	const char *id;
	int64_t now;
};

static const struct field end_parameters[] = {
	FIELD(TEXT, struct account_deletion, id),
	FIELD(INTEGER, struct account_deletion, now),
};

static const struct db_procedure account_delete_call = {
	PROCEDURE(ACCOUNT_DELETE, "account_delete", WRITE),
	TAKES(end_parameters),
};

struct problem *
store_account_delete(
    struct db *db, struct arena *a, const char *id, int64_t now)
{
	const struct account_deletion end = { id, now };

	return db_call(db, a, &account_delete_call, &end, NULL);
}

struct account_transfer {
	const char *id;
	const char *to_id;
	int64_t now;
};

static const struct field transfer_parameters[] = {
	FIELD(TEXT, struct account_transfer, id),
	FIELD_AS("to", TEXT, struct account_transfer, to_id),
	FIELD(INTEGER, struct account_transfer, now),
};

static const struct db_procedure account_move_call = {
	PROCEDURE(ACCOUNT_MOVE, "account_move", WRITE),
	TAKES(transfer_parameters),
};

struct problem *
store_account_move(struct db *db, struct arena *a, const char *id,
    const char *to_id, int64_t now)
{
	const struct account_transfer transfer = { id, to_id, now };

	return db_call(db, a, &account_move_call, &transfer, NULL);
}

struct account_rank {
	const char *id;
	bool resell;
	int64_t now;
};

static const struct field rank_parameters[] = {
	FIELD(TEXT, struct account_rank, id),
	FIELD(BOOL, struct account_rank, resell),
	FIELD(INTEGER, struct account_rank, now),
};

static const struct db_procedure account_resell_call = {
	PROCEDURE(ACCOUNT_RESELL, "account_resell", WRITE),
	TAKES(rank_parameters),
};

struct problem *
store_account_resell(
    struct db *db, struct arena *a, const char *id, bool resell, int64_t now)
{
	const struct account_rank rank = { id, resell, now };

	return db_call(db, a, &account_resell_call, &rank, NULL);
}
