/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/ledgers.h"

#include <stdlib.h>
#include <string.h>

#include "base/gregorian.h"
#include "base/json.h"
#include "store/shared_fields.h"

#define SCAN_PAGE 500 /* entries read at a time */
#define SCAN_CHUNK (256 * 1024)
#define ADD_PAGE 1000 /* entries written by one call */
#define ENTRY_BYTES 512 /* of an entry without its document, usually */
#define PAGE_BYTES ((size_t)64 * 1024) /* of a call with few entries */

/* ---- adding ---- */

/* An entry in the queue of writing: sorted by account, so that all writers lock
 * accounts in one order, then by place. */
struct queue_entry {
	const struct ledger *ledger;
	size_t place; /* in the batch */
	char dedupe[LEDGER_DEDUPE_SIZE];
};

static int
by_account_and_place(const void *x, const void *y)
{
	const struct queue_entry *a = x, *b = y;
	int order = strcmp(a->ledger->account_id, b->ledger->account_id);

	if (order == 0)
		order = (a->place > b->place) - (a->place < b->place);
	return order;
}

static int
by_what_makes_one(const void *x, const void *y)
{
	const struct queue_entry *a = x, *b = y;
	int order = strcmp(a->ledger->account_id, b->ledger->account_id);

	if (order == 0)
		order = strcmp(a->dedupe, b->dedupe);
	if (order == 0)
		order = (a->place > b->place) - (a->place < b->place);
	return order;
}

static bool
same_entry(const struct queue_entry *a, const struct queue_entry *b)
{
	return strcmp(a->dedupe, b->dedupe) == 0 &&
	    strcmp(a->ledger->account_id, b->ledger->account_id) == 0;
}

/*
 * Leaves the first of equal entries in the queue; first_of: for each place, the
 * place of the first equal entry.
 */
static size_t
drop_repeated(struct queue_entry *queue, size_t count, size_t *first_of)
{
	size_t i, kept = 0;

	if (count == 0)
		return 0;
	qsort(queue, count, sizeof(*queue), by_what_makes_one);
	for (i = 0; i < count; i++) {
		if (kept > 0 && same_entry(&queue[kept - 1], &queue[i])) {
			first_of[queue[i].place] = queue[kept - 1].place;
			continue;
		}
		first_of[queue[i].place] = queue[i].place;
		queue[kept++] = queue[i];
	}
	qsort(queue, kept, sizeof(*queue), by_account_and_place);
	return kept;
}

/* Writes a member unless it is NULL. */
static void
put_text(struct json_writer *w, const char *name, const char *text)
{
	if (text != NULL)
		json_member_string(w, name, text);
}

/* Writes a member unless it is 0. */
static void
put_moment(struct json_writer *w, const char *name, int64_t moment)
{
	if (moment != 0)
		json_member_int(w, name, moment);
}

/* Appends an entry, and its document to the documents. */
static void
write_entry(struct json_writer *w, struct buffer *documents,
    const struct queue_entry *q)
{
	const struct ledger *l = q->ledger;
	char amount[MONEY_TEXT_SIZE];

	money_format(l->amount, amount);
	json_begin_object(w);
	put_text(w, "account", l->account_id);
	put_text(w, "id", l->id);
	put_text(w, "type", l->debit ? "debit" : "credit");
	put_text(w, "service", l->service);
	put_text(w, "source", l->source_id);
	put_text(w, "amount", amount);
	put_text(w, "kind", l->usage_type);
	if (l->has_usage)
		json_member_int(w, "used", l->usage_quantity);
	put_text(w, "unit", l->usage_unit);
	put_moment(w, "from", l->period_start);
	put_moment(w, "to", l->period_end);
	json_member_int(w, "at", l->created);
	put_text(w, "for", l->for_id);
	put_text(w, "name", l->for_name);
	put_text(w, "dedupe", q->dedupe);
	json_member_int(w, "start", (int64_t)documents->length + 1);
	json_member_int(w, "bytes", (int64_t)strlen(l->document));
	json_end(w);
	buffer_puts(documents, l->document);
}

struct new_entries {
	const char *top_id;
	const char *entries; /* JSON */
	struct bytes documents;
	int64_t recorded;
};

static const struct field new_parameters[] = {
	FIELD_AS("top", TEXT, struct new_entries, top_id),
	FIELD(TEXT, struct new_entries, entries),
	FIELD(BYTES, struct new_entries, documents),
	FIELD(INTEGER, struct new_entries, recorded),
};

static const char *const outcome_names[] = {
	[LEDGER_WRITTEN] = "written",
	[LEDGER_KNOWN] = "known",
	[LEDGER_FOREIGN] = "foreign",
};

/* An entry that was written, or what is stored in its place. */
struct added_entry {
	enum ledger_outcome outcome;
	const char *id;
	bool debit;
	money_t amount;
	const char *document; /* NULL: it is long, or the entry is not known */
};

static const char *const type_names[] = { "credit", "debit" };

static const struct field added_columns[] = {
	FIELD_WORD("state", struct added_entry, outcome, outcome_names),
	FIELD(TEXT, struct added_entry, id),
	FIELD_EITHER("type", struct added_entry, debit, type_names),
	FIELD(MONEY, struct added_entry, amount),
	FIELD(TEXT, struct added_entry, document),
};

static const struct db_procedure ledger_add_call = {
	PROCEDURE(LEDGER_ADD, "ledger_add", WRITE),
	TAKES(new_parameters),
	GIVES(struct added_entry, added_columns),
};

struct addition {
	struct db *db;
	struct arena *arena;
	struct arena *page; /* what one call takes and gives */
	const struct ledger_batch *batch;
	struct ledger_result *results;
	/* The stored entry in the place of each, where it differs: repeats in
	 * the batch are compared with it. */
	const struct ledger_statement **stored;
};

static struct ledger_statement
statement_of(const struct ledger *l)
{
	return (struct ledger_statement){ l->debit, l->amount, l->document };
}

/* A long document is read for itself, so that one at a time is in memory. */
static struct problem *
read_long_document(struct addition *add, const struct ledger *l,
    struct added_entry *known)
{
	struct ledger_entry *entry;
	struct problem *p = store_ledger_show(add->db, add->page, l->account_id,
	    known->id, &entry);

	if (p != NULL)
		return p;
	known->document = entry == NULL ? l->document :
	    json_canonical_text(add->page, entry->document);
	return NULL;
}

static struct problem *
note_result(struct addition *add, const struct queue_entry *q,
    struct added_entry *added)
{
	struct ledger_result *result = &add->results[q->place];
	const struct ledger_statement said = statement_of(q->ledger);
	struct ledger_statement stored, *kept;
	struct problem *p;

	*result = (struct ledger_result){ added->outcome,
		arena_strdup(add->arena, added->id), 0 };
	if (added->outcome != LEDGER_KNOWN)
		return NULL;
	if (added->document == NULL &&
	    (p = read_long_document(add, q->ledger, added)) != NULL)
		return p;
	stored = (struct ledger_statement){ added->debit, added->amount,
		added->document };
	result->differences = ledger_differences(&said, &stored);
	if (result->differences == 0)
		return NULL;
	kept = arena_alloc(add->arena, sizeof(*kept));
	*kept = stored;
	kept->document = arena_strdup(add->arena, stored.document);
	add->stored[q->place] = kept;
	return NULL;
}

/* A repeat of an entry of the batch. */
static void
note_repeat(struct addition *add, size_t place, size_t first)
{
	struct ledger_result *result = &add->results[place];
	const struct ledger_statement said =
	    statement_of(&add->batch->ledgers[place]);
	const struct ledger_statement written =
	    statement_of(&add->batch->ledgers[first]);

	*result = add->results[first];
	if (result->outcome == LEDGER_FOREIGN)
		return;
	result->outcome = LEDGER_KNOWN;
	result->differences = ledger_differences(&said,
	    add->stored[first] != NULL ? add->stored[first] : &written);
}

static size_t
document_bytes(const struct queue_entry *queue, size_t count)
{
	size_t i, bytes = 0;

	for (i = 0; i < count; i++)
		bytes += strlen(queue[i].ledger->document);
	return bytes;
}

static struct problem *
add_page(struct addition *add, const struct queue_entry *queue, size_t count)
{
	struct new_entries new = {
		.top_id = add->batch->top_id == NULL ? "" : add->batch->top_id,
		.recorded = add->batch->recorded,
	};
	struct added_entry *added;
	struct problem *p;
	struct json_writer w;
	struct buffer text, documents;
	struct db_result found;
	size_t i;

	arena_reset(add->page);
	buffer_init(&text, add->page, 0);
	buffer_reserve(&text, count * ENTRY_BYTES);
	buffer_init(&documents, add->page, 0);
	buffer_reserve(&documents, document_bytes(queue, count));
	json_writer_init(&w, &text);
	json_begin_array(&w);
	for (i = 0; i < count; i++)
		write_entry(&w, &documents, &queue[i]);
	json_end(&w);
	new.entries = text.text;
	new.documents = (struct bytes){ documents.text, documents.length };
	p = db_call(add->db, add->page, &ledger_add_call, &new, &found);
	if (p == NULL && found.count != count)
		p = problem_fault(add->page,
		    "ledger_add told of %zu of %zu entries", found.count, count);
	for (i = 0, added = found.rows; i < count && p == NULL; i++)
		p = note_result(add, &queue[i], &added[i]);
	return p == NULL ? NULL : problem_copy(add->arena, p);
}

struct problem *
store_ledger_add(struct db *db, struct arena *a,
    const struct ledger_batch *batch, struct ledger_result *results)
{
	size_t count = batch->count, i, at, n, kept;
	struct queue_entry *queue = arena_alloc(a, count * sizeof(*queue));
	size_t *first_of = arena_alloc(a, count * sizeof(*first_of));
	struct addition add = { db, a, arena_new_within(a, PAGE_BYTES), batch,
		results, arena_alloc(a, count * sizeof(*add.stored)) };
	struct problem *p = NULL;

	for (i = 0; i < count; i++) {
		queue[i].ledger = &batch->ledgers[i];
		queue[i].place = i;
		ledger_dedupe(&batch->ledgers[i], queue[i].dedupe);
	}
	kept = drop_repeated(queue, count, first_of);
	for (at = 0; at < kept && p == NULL; at += n) {
		n = kept - at < ADD_PAGE ? kept - at : ADD_PAGE;
		p = add_page(&add, queue + at, n);
	}
	for (i = 0; i < count && p == NULL; i++)
		if (first_of[i] != i)
			note_repeat(&add, i, first_of[i]);
	return p;
}

/* ---- import ---- */

struct ledger_copy {
	struct ledger ledger;
	const char *dedupe; /* NULL: it has no source */
};

static const struct field copy_parameters[] = {
	FIELD_AS("account", TEXT, struct ledger_copy, ledger.account_id),
	FIELD_AS("id", TEXT, struct ledger_copy, ledger.id),
	FIELD_EITHER("type", struct ledger_copy, ledger.debit,
	    type_names),
	FIELD_AS("service", TEXT, struct ledger_copy, ledger.service),
	FIELD_AS("source_id", TEXT, struct ledger_copy, ledger.source_id),
	FIELD_AS("amount", MONEY, struct ledger_copy, ledger.amount),
	FIELD_AS("usage_type", TEXT, struct ledger_copy, ledger.usage_type),
	FIELD_MAYBE("usage_quantity", INTEGER, struct ledger_copy,
	    ledger.usage_quantity, ledger.has_usage),
	FIELD_AS("usage_unit", TEXT, struct ledger_copy, ledger.usage_unit),
	FIELD_AS("period_start", NONZERO, struct ledger_copy,
	    ledger.period_start),
	FIELD_AS("period_end", NONZERO, struct ledger_copy, ledger.period_end),
	FIELD_AS("created", INTEGER, struct ledger_copy, ledger.created),
	FIELD_AS("recorded", INTEGER, struct ledger_copy, ledger.recorded),
	FIELD_AS("document", TEXT, struct ledger_copy, ledger.document),
	FIELD_AS("for_id", TEXT, struct ledger_copy, ledger.for_id),
	FIELD_AS("for_name", TEXT, struct ledger_copy, ledger.for_name),
	FIELD(TEXT, struct ledger_copy, dedupe),
};

static const struct db_procedure ledger_import_call = {
	PROCEDURE(LEDGER_IMPORT, "ledger_import", WRITE),
	TAKES(copy_parameters),
	GIVES(struct write_result, write_result_columns),
};

struct problem *
store_ledger_import(struct db *db, struct arena *a, const struct ledger *ledger,
    bool *written)
{
	char dedupe[LEDGER_DEDUPE_SIZE];
	struct ledger_copy copy = { *ledger, NULL };
	struct write_result answer = { false };
	struct problem *p;

	if (ledger->source_id != NULL) {
		ledger_dedupe(ledger, dedupe);
		copy.dedupe = dedupe;
	}
	p = db_call_for_row(db, a, &ledger_import_call, &copy, &answer);
	*written = answer.written;
	return p;
}

/* ---- rollover ---- */

struct rollover {
	struct ledger ledger;
	const char *month;
	const char *dedupe;
};

static const struct field rollover_parameters[] = {
	FIELD_AS("account", TEXT, struct rollover, ledger.account_id),
	FIELD(TEXT, struct rollover, month),
	FIELD_AS("created", INTEGER, struct rollover, ledger.created),
	FIELD(TEXT, struct rollover, dedupe),
	FIELD_AS("document", TEXT, struct rollover, ledger.document),
	FIELD_AS("recorded", INTEGER, struct rollover, ledger.recorded),
};

static const struct db_procedure ledger_rollover_call = {
	PROCEDURE(LEDGER_ROLLOVER, "ledger_rollover", WRITE),
	TAKES(rollover_parameters),
	GIVES(struct write_result, write_result_columns),
};

struct problem *
store_ledger_rollover(
    struct db *db, struct arena *a, const struct ledger *ledger, bool *written)
{
	char month[GREGORIAN_MONTH_SIZE], dedupe[LEDGER_DEDUPE_SIZE];
	const struct rollover rollover = { *ledger, month, dedupe };
	struct write_result answer = { false };
	struct problem *p;

	gregorian_month(ledger->created, month);
	ledger_dedupe(ledger, dedupe);
	p = db_call_for_row(db, a, &ledger_rollover_call, &rollover, &answer);
	*written = answer.written;
	return p;
}

/* ---- reading ---- */

static const struct field entry_columns[] = {
	FIELD(TEXT, struct ledger_entry, id),
	FIELD_EITHER("type", struct ledger_entry, debit, type_names),
	FIELD(MONEY, struct ledger_entry, amount),
	FIELD_MAYBE("available", MONEY, struct ledger_entry, available,
	    has_available),
	FIELD(INTEGER, struct ledger_entry, created),
	FIELD(JSON, struct ledger_entry, document),
	FIELD(TEXT, struct ledger_entry, service),
};

static const struct db_procedure ledger_show_call = {
	PROCEDURE(LEDGER_SHOW, "ledger_show", READ),
	TAKES(record_ref_parameters),
	GIVES(struct ledger_entry, entry_columns),
};

struct problem *
store_ledger_show(struct db *db, struct arena *a, const char *account_id,
    const char *id, struct ledger_entry **out)
{
	const struct record_ref of = { account_id, id };
	struct db_result found;
	struct problem *p = db_call(db, a, &ledger_show_call, &of, &found);

	*out = p == NULL ? db_first(&found) : NULL;
	return p;
}

/* Lists show documents as they are stored. */
static const struct field listed_columns[] = {
	FIELD(TEXT, struct ledger_entry, id),
	FIELD_EITHER("type", struct ledger_entry, debit, type_names),
	FIELD(MONEY, struct ledger_entry, amount),
	FIELD_MAYBE("available", MONEY, struct ledger_entry, available,
	    has_available),
	FIELD(INTEGER, struct ledger_entry, created),
	FIELD_AS("document", TEXT, struct ledger_entry, text),
	FIELD(TEXT, struct ledger_entry, service),
};

struct ledger_page {
	const char *account_id;
	const char *service;
	struct page_query query;
};

static const struct field page_parameters[] = {
	FIELD_AS("account", TEXT, struct ledger_page, account_id),
	FIELD(TEXT, struct ledger_page, service),
	FIELD_AS("from", INTEGER, struct ledger_page, query.from),
	FIELD_AS("to", INTEGER, struct ledger_page, query.to),
	FIELD_AS("at_created", INTEGER, struct ledger_page,
	    query.start.created),
	FIELD_AS("at_id", TEXT, struct ledger_page, query.start.id),
	FIELD_AS("ascending", BOOL, struct ledger_page, query.ascending),
	FIELD_AS("limit", INTEGER, struct ledger_page, query.limit),
};

static const struct db_procedure ledger_list_call = {
	PROCEDURE(LEDGER_LIST, "ledger_list", READ),
	TAKES(page_parameters),
	GIVES(struct ledger_entry, listed_columns),
};

struct problem *
store_ledger_list(struct db *db, struct arena *a, const char *account_id,
    const char *service, const struct page_query *query,
    struct ledger_entries *out)
{
	const struct ledger_page page = { account_id, service, *query };
	struct db_result found;
	struct problem *p = db_call(db, a, &ledger_list_call, &page, &found);

	*out = (struct ledger_entries){ found.count, found.rows };
	return p;
}

struct line_page {
	struct ledger_query of;
	struct page_query query;
};

static const struct field line_parameters[] = {
	FIELD_AS("account", TEXT, struct line_page, of.account_id),
	FIELD_AS("service", TEXT, struct line_page, of.service),
	FIELD_AS("type", TEXT, struct line_page, of.type),
	FIELD_AS("from", INTEGER, struct line_page, query.from),
	FIELD_AS("to", INTEGER, struct line_page, query.to),
	FIELD_AS("at_created", INTEGER, struct line_page, query.start.created),
	FIELD_AS("at_id", TEXT, struct line_page, query.start.id),
	FIELD_AS("ascending", BOOL, struct line_page, query.ascending),
	FIELD_AS("limit", INTEGER, struct line_page, query.limit),
};

static const struct field line_columns[] = {
	FIELD_AS("id", TEXT, struct ledger_line, entry.id),
	FIELD_EITHER("type", struct ledger_line, entry.debit, type_names),
	FIELD_AS("amount", MONEY, struct ledger_line, entry.amount),
	FIELD(BOOL, struct ledger_line, counted),
	FIELD(MONEY, struct ledger_line, balance),
	FIELD_AS("created", INTEGER, struct ledger_line, entry.created),
	FIELD_AS("document", JSON, struct ledger_line, entry.document),
	FIELD_AS("service", TEXT, struct ledger_line, entry.service),
};

static const struct db_procedure ledger_entry_list_call = {
	PROCEDURE(LEDGER_ENTRY_LIST, "ledger_entry_list", READ),
	TAKES(line_parameters),
	GIVES(struct ledger_line, line_columns),
};

struct problem *
store_ledger_entry_list(struct db *db, struct arena *a,
    const struct ledger_query *of, const struct page_query *query,
    struct ledger_lines *out)
{
	const struct line_page page = { *of, *query };
	struct db_result found;
	struct problem *p;

	p = db_call(db, a, &ledger_entry_list_call, &page, &found);
	*out = (struct ledger_lines){ found.count, found.rows };
	return p;
}

/* ---- sums ---- */

struct total_query {
	const char *account_id;
	int64_t from;
	int64_t to;
};

static const struct field total_parameters[] = {
	FIELD_AS("account", TEXT, struct total_query, account_id),
	FIELD(INTEGER, struct total_query, from),
	FIELD(INTEGER, struct total_query, to),
};

static const struct field total_columns[] = {
	FIELD_AS("account_for", TEXT, struct ledger_total, for_id),
	FIELD_AS("account_name", TEXT, struct ledger_total, for_name),
	FIELD(TEXT, struct ledger_total, service),
	FIELD(MONEY, struct ledger_total, amount),
	FIELD_AS("quantity", INTEGER, struct ledger_total, usage_quantity),
	FIELD(TEXT, struct ledger_total, usage_type),
	FIELD(TEXT, struct ledger_total, usage_unit),
};

static const struct db_procedure ledger_total_list_call = {
	PROCEDURE(LEDGER_TOTAL_LIST, "ledger_total_list", READ),
	TAKES(total_parameters),
	GIVES(struct ledger_total, total_columns),
};

struct problem *
store_ledger_total_list(struct db *db, struct arena *a, const char *account_id,
    int64_t from, int64_t to, struct ledger_totals *out)
{
	const struct total_query query = { account_id, from, to };
	struct db_result found;
	struct problem *p;

	p = db_call(db, a, &ledger_total_list_call, &query, &found);
	*out = (struct ledger_totals){ found.count, found.rows };
	return p;
}

static const struct field usage_parameters[] = {
	FIELD_AS("account", TEXT, struct ledger_usage_query, account_id),
	FIELD(TEXT, struct ledger_usage_query, service),
	FIELD(TEXT, struct ledger_usage_query, type),
	FIELD(INTEGER, struct ledger_usage_query, from),
	FIELD(INTEGER, struct ledger_usage_query, to),
};

static const struct field usage_columns[] = {
	FIELD(INTEGER, struct ledger_usage, quantity),
	FIELD(INTEGER, struct ledger_usage, entries),
};

static const struct db_procedure ledger_usage_sum_call = {
	PROCEDURE(LEDGER_USAGE_SUM, "ledger_usage_sum", READ),
	TAKES(usage_parameters),
	GIVES(struct ledger_usage, usage_columns),
};

struct problem *
store_ledger_usage_sum(struct db *db, struct arena *a,
    const struct ledger_usage_query *query, struct ledger_usage *out)
{
	return db_call_for_row(db, a, &ledger_usage_sum_call, query, out);
}

/* ---- balances ---- */

struct balance {
	money_t amount;
};

static const struct field balance_columns[] = {
	FIELD(MONEY, struct balance, amount),
};

static const struct db_procedure ledger_balance_show_call = {
	PROCEDURE(LEDGER_BALANCE_SHOW, "ledger_balance_show", READ),
	TAKES(account_ref_parameters),
	GIVES(struct balance, balance_columns),
};

struct problem *
store_ledger_balance(struct db *db, struct arena *a, const char *account_id,
    money_t *out)
{
	const struct account_ref of = { account_id };
	struct balance balance = { 0 };
	struct problem *p;

	p = db_call_for_row(db, a, &ledger_balance_show_call, &of, &balance);
	*out = balance.amount;
	return p;
}

static const struct db_procedure ledger_balance_rebuild_call = {
	PROCEDURE(LEDGER_BALANCE_REBUILD, "ledger_balance_rebuild", WRITE),
	TAKES(account_ref_parameters),
};

struct problem *
store_ledger_balance_rebuild(struct db *db, struct arena *a,
    const char *account_id)
{
	const struct account_ref of = { account_id };

	return db_call(db, a, &ledger_balance_rebuild_call, &of, NULL);
}

static const struct field balance_check_columns[] = {
	FIELD(TEXT, struct balance_check, kept),
	FIELD(TEXT, struct balance_check, computed),
	FIELD(TEXT, struct balance_check, held),
	FIELD(TEXT, struct balance_check, computed_held),
};

static const struct db_procedure ledger_balance_verify_call = {
	PROCEDURE(LEDGER_BALANCE_VERIFY, "ledger_balance_verify", READ),
	TAKES(account_ref_parameters),
	GIVES(struct balance_check, balance_check_columns),
};

struct problem *
store_ledger_balance_verify(struct db *db, struct arena *a,
    const char *account_id, struct balance_check *out)
{
	const struct account_ref of = { account_id };

	return db_call_for_row(db, a, &ledger_balance_verify_call, &of, out);
}

/* ---- scan ---- */

struct scan_place {
	const char *account_id;
	const char *after; /* the last id read */
	int64_t limit;
};

static const struct field scan_parameters[] = {
	FIELD_AS("account", TEXT, struct scan_place, account_id),
	FIELD(TEXT, struct scan_place, after),
	FIELD(INTEGER, struct scan_place, limit),
};

static const struct db_procedure ledger_scan_call = {
	PROCEDURE(LEDGER_SCAN, "ledger_scan", READ),
	TAKES(scan_parameters),
	GIVES(struct ledger_entry, entry_columns),
};

struct problem *
store_ledger_each(struct db *db, struct arena *a, const char *account_id,
    ledger_fn *fn, void *state)
{
	struct arena *page = arena_new(SCAN_CHUNK), *next;
	struct scan_place place = { account_id, "", SCAN_PAGE };
	const struct ledger_entry *entry;
	struct db_result found;
	struct problem *p;
	bool more;
	size_t i;

	do {
		/* The last page names the place where the next one begins. */
		next = arena_new(SCAN_CHUNK);
		p = db_call(db, next, &ledger_scan_call, &place, &found);
		arena_free(&page);
		page = next;
		more = p == NULL && found.count == SCAN_PAGE;
		entry = found.rows;
		for (i = 0; p == NULL && i < found.count; i++) {
			if (!fn(state, account_id, &entry[i]))
				more = false;
			place.after = entry[i].id;
		}
	} while (p == NULL && more);
	if (p != NULL)
		p = problem_copy(a, p);
	arena_free(&page);
	return p;
}
