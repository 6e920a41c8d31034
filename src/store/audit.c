/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/audit.h"

#include <string.h>

#include "base/json.h"

static struct problem *
write_entry(struct db *db, struct arena *a, enum procedure procedure,
    const struct audit_entry *entry, const struct audit_lines *lines,
    struct db_rows *rows)
{
	struct buffer text;

	buffer_init(&text, a, 0);
	audit_lines_json(lines, &text);

	const struct db_value args[] = {
		db_text(entry->account_id),
		db_text(entry->id),
		db_text(audit_form_name(entry->form)),
		db_int(entry->created),
		db_int(entry->recorded),
		db_text(entry->status),
		db_text(entry->reason),
		db_text(entry->message),
		db_text(entry->results),
		db_text(entry->document),
		db_text(text.text),
	};

	return db_call(db, a, procedure, args, NELEM(args), rows);
}

struct problem *
audit_entry_write(struct db *db, struct arena *a,
    const struct audit_entry *entry, const struct audit_lines *lines)
{
	return write_entry(db, a, AUDIT_ENTRY_WRITE, entry, lines, NULL);
}

struct problem *
audit_entry_import(struct db *db, struct arena *a,
    const struct audit_entry *entry, const struct audit_lines *lines,
    bool *written)
{
	struct db_rows rows;
	struct problem *p;

	p = write_entry(db, a, AUDIT_ENTRY_IMPORT, entry, lines, &rows);
	if (p == NULL)
		*written = db_row(&rows, 0)[0].number != 0;
	return p;
}

static void
entry_of_row(const char *account_id, const struct db_cell *row,
    struct audit_entry *out)
{
	*out = (struct audit_entry){
		.account_id = account_id,
		.id = row[0].text,
		.created = row[1].number,
		.sequence = row[2].number,
		.status = row[3].text,
		.reason = row[4].text,
		.message = row[5].text,
		.results = row[6].text,
		.document = row[7].text,
	};
}

struct problem *
audit_entry_list(struct db *db, struct arena *a, const char *account_id,
    const struct page_query *query, struct audit_list *out)
{
	const struct db_value args[] = {
		db_text(account_id),
		db_int(query->from),
		db_int(query->to),
		db_moment(query->start.created),
		db_moment(query->start.sequence),
		db_int(query->ascending),
		db_int(query->limit),
	};
	struct db_rows rows;
	struct problem *p;
	size_t i;

	p = db_call(db, a, AUDIT_ENTRY_LIST, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	out->count = rows.count;
	out->entries = arena_alloc(a, rows.count * sizeof(*out->entries));
	for (i = 0; i < rows.count; i++)
		entry_of_row(account_id, db_row(&rows, i), &out->entries[i]);
	return NULL;
}

struct problem *
audit_entry_show(struct db *db, struct arena *a, const char *account_id,
    const char *id, struct audit_entry **out)
{
	const struct db_value args[] = { db_text(account_id), db_text(id) };
	struct db_rows rows;
	struct problem *p;

	*out = NULL;
	p = db_call(db, a, AUDIT_ENTRY_SHOW, args, NELEM(args), &rows);
	if (p != NULL || rows.count == 0)
		return p;
	*out = arena_alloc(a, sizeof(**out));
	entry_of_row(account_id, db_row(&rows, 0), *out);
	return NULL;
}

static enum audit_form
form_named(const char *name)
{
	return strcmp(name, "invoice") == 0 ? AUDIT_INVOICE : AUDIT_QUANTITIES;
}

struct problem *
audit_scan(struct db *db, struct arena *a, const char *account_id,
    int64_t after, int64_t limit, struct audit_list *out)
{
	const struct db_value args[] = {
		db_text(account_id),
		db_int(after),
		db_int(limit),
	};
	struct db_rows rows;
	struct problem *p;
	size_t i;

	p = db_call(db, a, AUDIT_SCAN, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	out->count = rows.count;
	out->entries = arena_alloc(a, rows.count * sizeof(*out->entries));
	for (i = 0; i < rows.count; i++) {
		entry_of_row(account_id, db_row(&rows, i), &out->entries[i]);
		out->entries[i].form = form_named(db_row(&rows, i)[8].text);
	}
	return NULL;
}

struct problem *
audit_day_list(struct db *db, struct arena *a, const char *account_id,
    enum audit_view view, const char *service, int64_t from, int64_t to,
    struct audit_days *out)
{
	const struct db_value args[] = {
		db_text(account_id),
		db_text(view == AUDIT_VIEW_SERVICES ? "services" : "quantities"),
		db_text(service),
		db_int(from),
		db_int(to),
	};
	const struct db_cell *row;
	struct db_rows rows;
	struct problem *p;
	size_t i;

	p = db_call(db, a, AUDIT_DAY_LIST, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	out->count = rows.count;
	out->days = arena_alloc(a, rows.count * sizeof(*out->days));
	for (i = 0; i < rows.count; i++) {
		row = db_row(&rows, i);
		out->days[i] = (struct audit_day){
			.service = row[0].text,
			.day = row[1].text,
			.usage = row[2].number != 0,
			.addition = row[3].number,
			.removal = row[4].number,
			.quantity = row[5].number,
			.last_timestamp = row[6].number,
			.unit = row[7].text,
		};
	}
	return NULL;
}

struct problem *
audit_day_rebuild(struct db *db, struct arena *a, const char *account_id,
    const char *from, const char *to, int64_t *days)
{
	const struct db_value args[] = {
		db_text(account_id),
		db_text(from),
		db_text(to),
	};
	struct db_rows rows;
	struct problem *p;

	p = db_call(db, a, AUDIT_DAY_REBUILD, args, NELEM(args), &rows);
	if (p == NULL)
		*days = db_row(&rows, 0)[0].number;
	return p;
}

/* ---- what is verified ---- */

struct problem *
audit_chain(struct db *db, struct arena *a, const char *account_id,
    int64_t after, int64_t limit, struct audit_chain *out)
{
	const struct db_value args[] = {
		db_text(account_id),
		db_int(after),
		db_int(limit),
	};
	const struct db_cell *row;
	struct db_rows rows;
	struct problem *p;
	size_t i;

	p = db_call(db, a, AUDIT_CHAIN, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	out->count = rows.count;
	out->links = arena_alloc(a, rows.count * sizeof(*out->links));
	for (i = 0; i < rows.count; i++) {
		row = db_row(&rows, i);
		out->links[i] = (struct audit_link){
			.sequence = row[0].number,
			.id = row[1].text,
			.form = form_named(row[2].text),
			.created = row[3].number,
			.recorded = row[4].number,
			.document = row[5].text,
			.document_length = (size_t)row[5].number,
			.lines = row[6].text,
			.hash = row[7].text,
			.hash_length = (size_t)row[7].number,
		};
	}
	return NULL;
}

struct problem *
audit_chain_head(struct db *db, struct arena *a, const char *account_id,
    int64_t *sequence, unsigned char hash[DIGEST_BYTES])
{
	const struct db_value args[] = { db_text(account_id) };
	const struct db_cell *row;
	struct db_rows rows;
	struct problem *p;

	p = db_call(db, a, AUDIT_CHAIN_HEAD, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	if (rows.count == 0)
		return problem_bad_identifier(a, account_id);
	row = db_row(&rows, 0);
	*sequence = row[0].number;
	memcpy(hash, row[1].text, DIGEST_BYTES);
	return NULL;
}

struct problem *
audit_day_verify(struct db *db, struct arena *a, const char *account_id,
    struct audit_day_differences *out)
{
	const struct db_value args[] = { db_text(account_id) };
	const struct db_cell *row;
	struct db_rows rows;
	struct problem *p;
	size_t i;

	p = db_call(db, a, AUDIT_DAY_VERIFY, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	out->count = rows.count;
	out->rows = arena_alloc(a, rows.count * sizeof(*out->rows));
	for (i = 0; i < rows.count; i++) {
		row = db_row(&rows, i);
		out->rows[i] = (struct audit_day_difference){
			.is_stored = row[0].number != 0,
			.family = row[1].text,
			.day = row[2].text,
			.service = row[3].text,
		};
	}
	return NULL;
}
