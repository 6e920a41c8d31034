/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/audit.h"

#include "store/shared_fields.h"

static const char *const form_words[] = {
	[AUDIT_INVOICE] = "invoice",
	[AUDIT_QUANTITIES] = "quantities",
};

/* ---- writing ---- */

/* The arguments that write an entry. */
struct audit_record {
	struct audit_entry entry;
	const char *lines; /* JSON */
};

static const struct field writing_parameters[] = {
	FIELD_AS("account", TEXT, struct audit_record, entry.account_id),
	FIELD_AS("id", TEXT, struct audit_record, entry.id),
	FIELD_WORD("form", struct audit_record, entry.form, form_words),
	FIELD_AS("created", INTEGER, struct audit_record, entry.created),
	FIELD_AS("recorded", INTEGER, struct audit_record, entry.recorded),
	FIELD_AS("status", TEXT, struct audit_record, entry.status),
	FIELD_AS("reason", TEXT, struct audit_record, entry.reason),
	FIELD_AS("message", TEXT, struct audit_record, entry.message),
	FIELD_AS("results", TEXT, struct audit_record, entry.results),
	FIELD_AS("document", TEXT, struct audit_record, entry.document),
	FIELD(TEXT, struct audit_record, lines),
};

static const struct db_procedure audit_entry_write_call = {
	PROCEDURE(AUDIT_ENTRY_WRITE, "audit_entry_write", WRITE),
	TAKES(writing_parameters),
};

static const struct db_procedure audit_entry_import_call = {
	PROCEDURE(AUDIT_ENTRY_IMPORT, "audit_entry_import", WRITE),
	TAKES(writing_parameters),
	GIVES(struct write_result, write_result_columns),
};

static struct audit_record
writing_of(struct arena *a, const struct audit_entry *entry,
    const struct audit_lines *lines)
{
	struct buffer text;

	buffer_init(&text, a, 0);
	audit_lines_json(lines, &text);
	return (struct audit_record){ *entry, text.text };
}

struct problem *
store_audit_entry_write(struct db *db, struct arena *a,
    const struct audit_entry *entry, const struct audit_lines *lines)
{
	const struct audit_record writing = writing_of(a, entry, lines);

	return db_call(db, a, &audit_entry_write_call, &writing, NULL);
}

struct problem *
store_audit_entry_import(struct db *db, struct arena *a,
    const struct audit_entry *entry, const struct audit_lines *lines,
    bool *written)
{
	const struct audit_record writing = writing_of(a, entry, lines);
	struct write_result done = { false };
	struct problem *p;

	p = db_call_for_row(db, a, &audit_entry_import_call, &writing, &done);
	*written = done.written;
	return p;
}

/* ---- reading ---- */

static const struct field entry_columns[] = {
	FIELD(TEXT, struct audit_entry, id),
	FIELD(INTEGER, struct audit_entry, created),
	FIELD(INTEGER, struct audit_entry, recorded),
	FIELD(INTEGER, struct audit_entry, sequence),
	FIELD(TEXT, struct audit_entry, status),
	FIELD(TEXT, struct audit_entry, reason),
	FIELD(TEXT, struct audit_entry, message),
	FIELD(TEXT, struct audit_entry, results),
	FIELD(TEXT, struct audit_entry, document),
};

static const struct field scan_columns[] = {
	FIELD(TEXT, struct audit_entry, id),
	FIELD(INTEGER, struct audit_entry, created),
	FIELD(INTEGER, struct audit_entry, sequence),
	FIELD(TEXT, struct audit_entry, status),
	FIELD(TEXT, struct audit_entry, reason),
	FIELD(TEXT, struct audit_entry, message),
	FIELD(TEXT, struct audit_entry, results),
	FIELD(TEXT, struct audit_entry, document),
	FIELD_WORD("form", struct audit_entry, form, form_words),
};

/* A page of an account's entries. */
struct audit_query {
	const char *account_id;
	const char *id;
	struct page_query query;
};

static const struct field page_parameters[] = {
	FIELD_AS("account", TEXT, struct audit_query, account_id),
	FIELD_AS("from", INTEGER, struct audit_query, query.from),
	FIELD_AS("to", INTEGER, struct audit_query, query.to),
	FIELD_AS("at_created", NONZERO, struct audit_query, query.start.created),
	FIELD_AS("at_sequence", NONZERO, struct audit_query,
	    query.start.sequence),
	FIELD_AS("ascending", BOOL, struct audit_query, query.ascending),
	FIELD_AS("limit", INTEGER, struct audit_query, query.limit),
};

static const struct db_procedure audit_entry_list_call = {
	PROCEDURE(AUDIT_ENTRY_LIST, "audit_entry_list", READ),
	TAKES(page_parameters),
	GIVES(struct audit_entry, entry_columns),
};

static const struct field one_parameters[] = {
	FIELD_AS("account", TEXT, struct audit_query, account_id),
	FIELD(TEXT, struct audit_query, id),
};

static const struct db_procedure audit_entry_show_call = {
	PROCEDURE(AUDIT_ENTRY_SHOW, "audit_entry_show", READ),
	TAKES(one_parameters),
	GIVES(struct audit_entry, entry_columns),
};

static const struct db_procedure audit_entry_known_call = {
	PROCEDURE(AUDIT_ENTRY_KNOWN, "audit_entry_known", READ),
	TAKES(one_parameters),
	GIVES(struct audit_entry, entry_columns),
};

/* The entries after a sequence, in the order of the chain. */
static const struct field after_parameters[] = {
	FIELD_AS("account", TEXT, struct audit_query, account_id),
	FIELD_AS("after", INTEGER, struct audit_query, query.start.sequence),
	FIELD_AS("limit", INTEGER, struct audit_query, query.limit),
};

static const struct db_procedure audit_scan_call = {
	PROCEDURE(AUDIT_SCAN, "audit_scan", READ),
	TAKES(after_parameters),
	GIVES(struct audit_entry, scan_columns),
};

static struct problem *
entries_read(struct db *db, struct arena *a, const struct db_procedure *call,
    const struct audit_query *look, struct audit_list *out)
{
	struct db_result found;
	struct problem *p = db_call(db, a, call, look, &found);
	size_t i;

	if (p != NULL)
		return p;
	out->count = found.count;
	out->entries = found.rows;
	for (i = 0; i < out->count; i++)
		out->entries[i].account_id = look->account_id;
	return NULL;
}

struct problem *
store_audit_entry_list(struct db *db, struct arena *a, const char *account_id,
    const struct page_query *query, struct audit_list *out)
{
	const struct audit_query look = {
		.account_id = account_id,
		.query = *query,
	};

	return entries_read(db, a, &audit_entry_list_call, &look, out);
}

static struct problem *
entry_read(struct db *db, struct arena *a, const struct db_procedure *call,
    const struct audit_query *look, struct audit_entry **out)
{
	struct audit_list list;
	struct problem *p = entries_read(db, a, call, look, &list);

	*out = p == NULL && list.count > 0 ? list.entries : NULL;
	return p;
}

struct problem *
store_audit_entry_show(struct db *db, struct arena *a, const char *account_id,
    const char *id, struct audit_entry **out)
{
	const struct audit_query look = { .account_id = account_id, .id = id };

	return entry_read(db, a, &audit_entry_show_call, &look, out);
}

struct problem *
store_audit_entry_known(struct db *db, struct arena *a, const char *account_id,
    const char *id, struct audit_entry **out)
{
	const struct audit_query look = { .account_id = account_id, .id = id };

	return entry_read(db, a, &audit_entry_known_call, &look, out);
}

static struct audit_query
look_after(const char *account_id, int64_t after, int64_t limit)
{
	return (struct audit_query){
		.account_id = account_id,
		.query = { .start.sequence = after, .limit = limit },
	};
}

struct problem *
store_audit_scan(struct db *db, struct arena *a, const char *account_id,
    int64_t after, int64_t limit, struct audit_list *out)
{
	const struct audit_query look = look_after(account_id, after, limit);

	return entries_read(db, a, &audit_scan_call, &look, out);
}

/* ---- days ---- */

static const char *const view_words[] = {
	[AUDIT_VIEW_SERVICES] = "services",
	[AUDIT_VIEW_QUANTITIES] = "quantities",
};

static const struct field days_parameters[] = {
	FIELD_AS("account", TEXT, struct audit_day_query, account_id),
	FIELD_WORD("view", struct audit_day_query, view, view_words),
	FIELD(TEXT, struct audit_day_query, service),
	FIELD(INTEGER, struct audit_day_query, from),
	FIELD(INTEGER, struct audit_day_query, to),
};

static const struct field day_columns[] = {
	FIELD(TEXT, struct audit_day, service),
	FIELD(TEXT, struct audit_day, day),
	FIELD_AS("is_usage", BOOL, struct audit_day, usage),
	FIELD(INTEGER, struct audit_day, addition),
	FIELD(INTEGER, struct audit_day, removal),
	FIELD(INTEGER, struct audit_day, quantity),
	FIELD(INTEGER, struct audit_day, last_timestamp),
	FIELD(TEXT, struct audit_day, unit),
};

static const struct db_procedure audit_day_list_call = {
	PROCEDURE(AUDIT_DAY_LIST, "audit_day_list", READ),
	TAKES(days_parameters),
	GIVES(struct audit_day, day_columns),
};

struct problem *
store_audit_day_list(struct db *db, struct arena *a,
    const struct audit_day_query *wanted, struct audit_days *out)
{
	struct db_result found;
	struct problem *p = db_call(db, a, &audit_day_list_call, wanted,
	    &found);

	if (p != NULL)
		return p;
	out->count = found.count;
	out->days = found.rows;
	return NULL;
}

static const struct field openings_parameters[] = {
	FIELD_AS("account", TEXT, struct audit_day_query, account_id),
	FIELD_WORD("view", struct audit_day_query, view, view_words),
	FIELD(TEXT, struct audit_day_query, service),
	FIELD_AS("before", INTEGER, struct audit_day_query, from),
};

static const struct field opening_columns[] = {
	FIELD(TEXT, struct audit_opening, service),
	FIELD(INTEGER, struct audit_opening, quantity),
};

static const struct db_procedure audit_opening_list_call = {
	PROCEDURE(AUDIT_OPENING_LIST, "audit_opening_list", READ),
	TAKES(openings_parameters),
	GIVES(struct audit_opening, opening_columns),
};

struct problem *
store_audit_opening_list(struct db *db, struct arena *a,
    const struct audit_day_query *wanted, struct audit_openings *out)
{
	struct db_result found;
	struct problem *p = db_call(db, a, &audit_opening_list_call, wanted,
	    &found);

	if (p != NULL)
		return p;
	out->count = found.count;
	out->rows = found.rows;
	return NULL;
}

/* Days of an account. */
struct days_range {
	const char *account_id;
	const char *from;
	const char *to;
};

static const struct field days_range_parameters[] = {
	FIELD_AS("account", TEXT, struct days_range, account_id),
	FIELD(TEXT, struct days_range, from),
	FIELD(TEXT, struct days_range, to),
};

static const struct field month_columns[] = {
	FIELD(TEXT, struct audit_month, first_day),
	FIELD(TEXT, struct audit_month, last_day),
	FIELD(TEXT, struct audit_month, next_day),
};

static const struct db_procedure audit_month_next_call = {
	PROCEDURE(AUDIT_MONTH_NEXT, "audit_month_next", READ),
	TAKES(days_range_parameters),
	GIVES(struct audit_month, month_columns),
};

struct problem *
store_audit_month_next(struct db *db, struct arena *a, const char *account_id,
    const char *from, const char *to, struct audit_month **out)
{
	const struct days_range look = { account_id, from, to };
	struct db_result found;
	struct problem *p = db_call(db, a, &audit_month_next_call, &look,
	    &found);

	*out = p == NULL ? db_first(&found) : NULL;
	return p;
}

/* The number of rows written. */
struct day_rebuild {
	int64_t days;
};

static const struct field rebuild_columns[] = {
	FIELD(INTEGER, struct day_rebuild, days),
};

static const struct db_procedure audit_day_rebuild_call = {
	PROCEDURE(AUDIT_DAY_REBUILD, "audit_day_rebuild", WRITE),
	TAKES(days_range_parameters),
	GIVES(struct day_rebuild, rebuild_columns),
};

struct problem *
store_audit_day_rebuild(struct db *db, struct arena *a, const char *account_id,
    const char *from, const char *to, int64_t *days)
{
	const struct days_range wanted = { account_id, from, to };
	struct day_rebuild done = { .days = 0 };
	struct problem *p;

	p = db_call_for_row(db, a, &audit_day_rebuild_call, &wanted, &done);
	*days = done.days;
	return p;
}

/* ---- verification ---- */

static const struct field link_columns[] = {
	FIELD(INTEGER, struct audit_link, sequence),
	FIELD(TEXT, struct audit_link, id),
	FIELD_WORD("form", struct audit_link, form, form_words),
	FIELD(INTEGER, struct audit_link, created),
	FIELD(INTEGER, struct audit_link, recorded),
	FIELD(TEXT, struct audit_link, document),
	FIELD_AS("line_items", TEXT, struct audit_link, lines),
	FIELD(BYTES, struct audit_link, hash),
};

static const struct db_procedure audit_chain_call = {
	PROCEDURE(AUDIT_CHAIN, "audit_chain", READ),
	TAKES(after_parameters),
	GIVES(struct audit_link, link_columns),
};

struct problem *
store_audit_chain(struct db *db, struct arena *a, const char *account_id,
    int64_t after, int64_t limit, struct audit_chain *out)
{
	const struct audit_query look = look_after(account_id, after, limit);
	struct db_result found;
	struct problem *p = db_call(db, a, &audit_chain_call, &look, &found);

	if (p != NULL)
		return p;
	out->count = found.count;
	out->links = found.rows;
	return NULL;
}

static const struct field account_parameters[] = {
	FIELD_AS("account", TEXT, struct audit_query, account_id),
};

static const struct field head_columns[] = {
	FIELD(TEXT, struct audit_head, account_id),
	FIELD(INTEGER, struct audit_head, sequence),
	FIELD(DIGEST, struct audit_head, hash),
	FIELD(BOOL, struct audit_head, is_bare),
};

static const struct db_procedure audit_chain_head_call = {
	PROCEDURE(AUDIT_CHAIN_HEAD, "audit_chain_head", READ),
	TAKES(account_parameters),
	GIVES(struct audit_head, head_columns),
};

struct problem *
store_audit_chain_head(struct db *db, struct arena *a, const char *account_id,
    struct audit_head *out)
{
	const struct audit_query look = { .account_id = account_id };
	const struct audit_head *head;
	struct db_result found;
	struct problem *p;

	p = db_call(db, a, &audit_chain_head_call, &look, &found);
	if (p != NULL)
		return p;
	if ((head = db_first(&found)) == NULL)
		return problem_bad_identifier(a, account_id);
	*out = *head;
	return NULL;
}

static const struct field heads_parameters[] = {
	FIELD_AS("after", TEXT, struct audit_query, account_id),
	FIELD_AS("limit", INTEGER, struct audit_query, query.limit),
};

static const struct db_procedure audit_chain_head_list_call = {
	PROCEDURE(AUDIT_CHAIN_HEAD_LIST, "audit_chain_head_list", READ),
	TAKES(heads_parameters),
	GIVES(struct audit_head, head_columns),
};

struct problem *
store_audit_chain_head_list(struct db *db, struct arena *a, const char *after,
    int64_t limit, struct audit_heads *out)
{
	const struct audit_query look = look_after(after, 0, limit);
	struct db_result found;
	struct problem *p = db_call(db, a, &audit_chain_head_list_call, &look,
	    &found);

	if (p != NULL)
		return p;
	out->count = found.count;
	out->heads = found.rows;
	return NULL;
}

static const struct field difference_columns[] = {
	FIELD(BOOL, struct audit_day_difference, is_stored),
	FIELD(TEXT, struct audit_day_difference, family),
	FIELD(TEXT, struct audit_day_difference, day),
	FIELD(TEXT, struct audit_day_difference, service),
};

static const struct db_procedure audit_day_verify_call = {
	PROCEDURE(AUDIT_DAY_VERIFY, "audit_day_verify", WRITE),
	TAKES(days_range_parameters),
	GIVES(struct audit_day_difference, difference_columns),
};

struct problem *
store_audit_day_verify(struct db *db, struct arena *a, const char *account_id,
    const char *from, const char *to, struct audit_day_differences *out)
{
	const struct days_range look = { account_id, from, to };
	struct db_result found;
	struct problem *p;

	p = db_call(db, a, &audit_day_verify_call, &look, &found);
	if (p != NULL)
		return p;
	out->count = found.count;
	out->rows = found.rows;
	return NULL;
}
