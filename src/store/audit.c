/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/audit.h"

#include <string.h>

#include "base/json.h"

#define SCAN_PAGE 500 /* entries read at a time */

/* The members that a bookkeeper's answer may still change. */
static const char *const outcome_members[] = { "status", "reason", "message" };

static const char *
results_of(struct arena *a, struct json_object *document)
{
	struct json_object *results = json_at(document, "bookkeeper.results");
	struct buffer text;

	if (results == NULL)
		return NULL;
	buffer_init(&text, a, 0);
	json_canonical(&text, results);
	return text.text;
}

/* A copy of the document without its outcome. */
static struct json_object *
without_outcome(struct arena *a, struct json_object *document)
{
	struct json_object *copy = NULL, *bookkeeper;
	size_t i;

	if (json_object_deep_copy(document, &copy, NULL) != 0)
		return document;
	json_own(a, copy);
	for (i = 0; i < NELEM(outcome_members); i++)
		json_object_object_del(copy, outcome_members[i]);
	bookkeeper = json_object_at(copy, "bookkeeper");
	if (bookkeeper != NULL)
		json_object_object_del(bookkeeper, "results");
	return copy;
}

void
audit_entry_of(struct arena *a, struct json_object *document,
    struct audit_entry *out)
{
	struct buffer text;

	out->status = json_string_at(document, "status");
	out->reason = json_string_at(document, "reason");
	out->message = json_string_at(document, "message");
	out->results = results_of(a, document);
	buffer_init(&text, a, 0);
	json_canonical(&text, without_outcome(a, document));
	out->document = text.text;
}

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
    int64_t from, int64_t to, const struct audit_place *place, bool ascending,
    int64_t limit, struct audit_list *out)
{
	const struct db_value args[] = {
		db_text(account_id),
		db_int(from),
		db_int(to),
		place->given ? db_int(place->created) : db_null(),
		place->given ? db_int(place->sequence) : db_null(),
		db_int(ascending),
		db_int(limit),
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

/* The document with its outcome back in it; the arena's. */
static struct problem *
whole_document(struct arena *a, const struct audit_entry *entry,
    struct json_object **out)
{
	const struct {
		const char *key, *text;
	} outcome[] = {
		{ "status", entry->status },
		{ "reason", entry->reason },
		{ "message", entry->message },
	};
	struct json_object *bookkeeper, *results = NULL;
	const char *error;
	size_t i;

	*out = json_parse(a, entry->document, strlen(entry->document), &error);
	if (*out != NULL && entry->results != NULL)
		results = json_parse(a, entry->results, strlen(entry->results),
		    &error);
	if (*out == NULL || (entry->results != NULL && results == NULL))
		return problem_fault(a, "audit entry %s of %s: %s", entry->id,
		    entry->account_id, error);
	for (i = 0; i < NELEM(outcome); i++)
		json_put_string(*out, outcome[i].key, outcome[i].text);
	bookkeeper = json_object_at(*out, "bookkeeper");
	if (bookkeeper != NULL && results != NULL)
		json_object_object_add(bookkeeper, "results",
		    json_object_get(results));
	return NULL;
}

static struct problem *
scan_page(struct db *db, struct arena *a, const char *account_id,
    int64_t *sequence, audit_entry_fn *fn, void *state, bool *more)
{
	const struct db_value args[] = {
		db_text(account_id),
		db_int(*sequence),
		db_int(SCAN_PAGE),
	};
	struct json_object *document;
	const struct db_cell *row;
	struct audit_entry entry;
	struct db_rows rows;
	struct problem *p;
	size_t i;

	p = db_call(db, a, AUDIT_SCAN, args, NELEM(args), &rows);
	*more = p == NULL && rows.count == SCAN_PAGE;
	for (i = 0; p == NULL && i < rows.count; i++) {
		row = db_row(&rows, i);
		entry_of_row(account_id, row, &entry);
		*sequence = entry.sequence;
		if ((p = whole_document(a, &entry, &document)) == NULL &&
		    !fn(state, account_id, strcmp(row[8].text, "invoice") == 0 ?
		    AUDIT_INVOICE : AUDIT_QUANTITIES, entry.id, entry.created,
		    document)) {
			*more = false;
			break;
		}
	}
	return p;
}

struct problem *
audit_entry_each(struct db *db, struct arena *a, const char *account_id,
    audit_entry_fn *fn, void *state)
{
	struct arena *page = arena_new(256 * 1024);
	int64_t sequence = 0;
	struct problem *p;
	bool more;

	do {
		p = scan_page(db, page, account_id, &sequence, fn, state, &more);
		if (p != NULL)
			p = problem_copy(a, p);
		arena_reset(page);
	} while (p == NULL && more);
	arena_free(&page);
	return p;
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
