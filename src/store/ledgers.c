/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/ledgers.h"

#include <stdlib.h>
#include <string.h>

#include "base/gregorian.h"
#include "base/json.h"

#define SCAN_PAGE 500 /* entries read at a time */
#define ADD_PAGE 1000 /* entries written by one call */
/* Of an entry that is written, about. */
#define ENTRY_BYTES 300
#define DOCUMENT_BYTES 450

/* ---- adding ---- */

/* An entry in the order in which they are written: by account, so that all
 * who write take the accounts' locks in one order; first those that came first. */
struct queued {
	const struct ledger *ledger;
	size_t place; /* among those given */
	char dedupe[LEDGER_DEDUPE_SIZE];
};

static int
by_account_and_place(const void *x, const void *y)
{
	const struct queued *a = x, *b = y;
	int order = strcmp(a->ledger->account_id, b->ledger->account_id);

	if (order == 0)
		order = (a->place > b->place) - (a->place < b->place);
	return order;
}

static int
by_what_makes_one(const void *x, const void *y)
{
	const struct queued *a = x, *b = y;
	int order = strcmp(a->ledger->account_id, b->ledger->account_id);

	if (order == 0)
		order = strcmp(a->dedupe, b->dedupe);
	if (order == 0)
		order = (a->place > b->place) - (a->place < b->place);
	return order;
}

static bool
same_entry(const struct queued *a, const struct queued *b)
{
	return strcmp(a->dedupe, b->dedupe) == 0 &&
	    strcmp(a->ledger->account_id, b->ledger->account_id) == 0;
}

/*
 * Leaves the first of those that are one in the queue; first_of: of each place,
 * the place of the first.
 */
static size_t
drop_repeated(struct queued *queue, size_t count, size_t *first_of)
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

static void
json_moment(struct json_writer *w, int64_t moment)
{
	if (moment == 0)
		json_string(w, NULL);
	else
		json_int(w, moment);
}

/* The entry, and its document behind those of the entries before it. */
static void
write_entry(struct json_writer *w, struct buffer *documents,
    const struct queued *q)
{
	const struct ledger *l = q->ledger;
	char amount[MONEY_TEXT_SIZE];

	money_format(l->amount, amount);
	json_begin_array(w);
	json_string(w, l->account_id);
	json_string(w, l->id);
	json_string(w, l->debit ? "debit" : "credit");
	json_string(w, l->service);
	json_string(w, l->source_id);
	json_string(w, amount);
	json_string(w, l->usage_type);
	if (l->has_usage)
		json_int(w, l->usage_quantity);
	else
		json_string(w, NULL);
	json_string(w, l->usage_unit);
	json_moment(w, l->period_start);
	json_moment(w, l->period_end);
	json_int(w, l->created);
	json_string(w, l->for_id);
	json_string(w, l->for_name);
	json_string(w, q->dedupe);
	json_int(w, (int64_t)documents->length + 1);
	buffer_puts(documents, l->document);
	json_int(w, (int64_t)strlen(l->document));
	json_end(w);
}

static struct ledger_result
read_result(const struct db_cell *row)
{
	return (struct ledger_result){
		strcmp(row[0].text, "written") == 0 ? LEDGER_WRITTEN :
		    strcmp(row[0].text, "known") == 0 ? LEDGER_KNOWN :
		    LEDGER_FOREIGN,
		row[1].text,
	};
}

static struct problem *
add_page(struct db *db, struct arena *a, const char *top_id,
    const struct queued *queue, size_t count, int64_t recorded,
    struct ledger_result *results)
{
	struct problem *p = NULL;
	struct json_writer w;
	struct buffer text, documents;
	struct db_rows rows;
	size_t i;

	buffer_init(&text, a, 0);
	buffer_reserve(&text, count * ENTRY_BYTES);
	buffer_init(&documents, a, 0);
	buffer_reserve(&documents, count * DOCUMENT_BYTES);
	json_writer_init(&w, &text);
	json_begin_array(&w);
	for (i = 0; i < count; i++)
		write_entry(&w, &documents, &queue[i]);
	json_end(&w);

	const struct db_value args[] = {
		db_text(top_id == NULL ? "" : top_id),
		db_text(text.text),
		db_bytes(documents.text, documents.length),
		db_int(recorded),
	};

	p = db_call(db, a, LEDGER_ADD, args, NELEM(args), &rows);
	if (p == NULL && rows.count != count)
		return problem_fault(a, "ledger_add told of %zu of %zu entries",
		    rows.count, count);
	for (i = 0; i < count && p == NULL; i++)
		results[queue[i].place] = read_result(db_row(&rows, i));
	return p;
}

struct problem *
ledger_add(struct db *db, struct arena *a, const char *top_id,
    const struct ledger *ledgers, size_t count, int64_t recorded,
    struct ledger_result *results)
{
	struct queued *queue = arena_alloc(a, count * sizeof(*queue));
	size_t *first_of = arena_alloc(a, count * sizeof(*first_of));
	struct problem *p = NULL;
	size_t i, at, n, kept;

	for (i = 0; i < count; i++) {
		queue[i].ledger = &ledgers[i];
		queue[i].place = i;
		ledger_dedupe(&ledgers[i], queue[i].dedupe);
	}
	kept = drop_repeated(queue, count, first_of);
	for (at = 0; at < kept && p == NULL; at += n) {
		n = kept - at < ADD_PAGE ? kept - at : ADD_PAGE;
		p = add_page(db, a, top_id, queue + at, n, recorded, results);
	}
	for (i = 0; i < count && p == NULL; i++) {
		if (first_of[i] == i)
			continue;
		results[i] = results[first_of[i]];
		if (results[i].outcome == LEDGER_WRITTEN)
			results[i].outcome = LEDGER_KNOWN;
	}
	return p;
}

/* ---- taking over ---- */

struct problem *
ledger_import(struct db *db, struct arena *a, const struct ledger *ledger,
    bool *written)
{
	char amount[MONEY_TEXT_SIZE], dedupe[LEDGER_DEDUPE_SIZE];
	struct db_rows rows;
	struct problem *p;

	money_format(ledger->amount, amount);
	if (ledger->source_id != NULL)
		ledger_dedupe(ledger, dedupe);

	const struct db_value args[] = {
		db_text(ledger->account_id),
		db_text(ledger->id),
		db_text(ledger->debit ? "debit" : "credit"),
		db_text(ledger->service),
		db_text(ledger->source_id),
		db_text(amount),
		db_text(ledger->usage_type),
		ledger->has_usage ? db_int(ledger->usage_quantity) : db_null(),
		db_text(ledger->usage_unit),
		db_moment(ledger->period_start),
		db_moment(ledger->period_end),
		db_int(ledger->created),
		db_int(ledger->recorded),
		db_text(ledger->document),
		db_text(ledger->for_id),
		db_text(ledger->for_name),
		db_text(ledger->source_id != NULL ? dedupe : NULL),
	};

	p = db_call(db, a, LEDGER_IMPORT, args, NELEM(args), &rows);
	if (p == NULL)
		*written = db_row(&rows, 0)[0].number != 0;
	return p;
}

/* ---- carrying over ---- */

struct problem *
ledger_rollover(struct db *db, struct arena *a, const struct ledger *ledger,
    bool *written)
{
	char month[GREGORIAN_MONTH_SIZE], dedupe[LEDGER_DEDUPE_SIZE];
	struct db_rows rows;
	struct problem *p;

	gregorian_month(ledger->created, month);
	ledger_dedupe(ledger, dedupe);

	const struct db_value args[] = {
		db_text(ledger->account_id),
		db_text(month),
		db_int(ledger->created),
		db_text(dedupe),
		db_text(ledger->document),
		db_int(ledger->recorded),
	};

	p = db_call(db, a, LEDGER_ROLLOVER, args, NELEM(args), &rows);
	if (p == NULL)
		*written = db_row(&rows, 0)[0].number != 0;
	return p;
}

/* ---- reading ---- */

/* The columns of ledger_list, ledger_show and ledger_scan. */
static struct problem *
read_entry(struct arena *a, const struct db_cell *row,
    struct ledger_entry *out)
{
	const char *error;

	*out = (struct ledger_entry){
		.id = row[0].text,
		.debit = strcmp(row[1].text, "debit") == 0,
		.has_available = row[3].text != NULL,
		.created = row[4].number,
		.service = row[6].text,
		.document = json_parse(a, row[5].text, (size_t)row[5].number,
		    &error),
	};
	if (out->document == NULL)
		return problem_fault(a, "ledger entry %s: %s", out->id, error);
	if (!money_parse(row[2].text, &out->amount) || (out->has_available &&
	    !money_parse(row[3].text, &out->available)))
		return problem_fault(a, "ledger entry %s: amount %s", out->id,
		    row[2].text);
	return NULL;
}

struct problem *
ledger_show(struct db *db, struct arena *a, const char *account_id,
    const char *id, struct ledger_entry **out)
{
	const struct db_value args[] = { db_text(account_id), db_text(id) };
	struct db_rows rows;
	struct problem *p;

	*out = NULL;
	p = db_call(db, a, LEDGER_SHOW, args, NELEM(args), &rows);
	if (p != NULL || rows.count == 0)
		return p;
	*out = arena_alloc(a, sizeof(**out));
	return read_entry(a, db_row(&rows, 0), *out);
}

struct problem *
ledger_list(struct db *db, struct arena *a, const char *account_id,
    const char *service, const struct page_query *query,
    struct ledger_entries *out)
{
	const struct db_value args[] = {
		db_text(account_id),
		db_text(service),
		db_int(query->from),
		db_int(query->to),
		db_int(query->start.created),
		db_text(query->start.id),
		db_int(query->ascending),
		db_int(query->limit),
	};
	struct db_rows rows;
	struct problem *p;
	size_t i;

	p = db_call(db, a, LEDGER_LIST, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	out->count = rows.count;
	out->entries = arena_alloc(a, rows.count * sizeof(*out->entries));
	for (i = 0; i < rows.count && p == NULL; i++)
		p = read_entry(a, db_row(&rows, i), &out->entries[i]);
	return p;
}

struct problem *
ledger_total_list(struct db *db, struct arena *a, const char *account_id,
    int64_t from, int64_t to, struct ledger_totals *out)
{
	const struct db_value args[] = {
		db_text(account_id), db_int(from), db_int(to),
	};
	const struct db_cell *row;
	struct ledger_total *total;
	struct db_rows rows;
	struct problem *p;
	size_t i;

	p = db_call(db, a, LEDGER_TOTAL_LIST, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	out->count = rows.count;
	out->totals = arena_alloc(a, rows.count * sizeof(*out->totals));
	for (i = 0; i < rows.count; i++) {
		row = db_row(&rows, i);
		total = &out->totals[i];
		*total = (struct ledger_total){
			.for_id = row[0].text,
			.for_name = row[1].text,
			.service = row[2].text,
			.usage_quantity = row[4].number,
			.usage_type = row[5].text,
			.usage_unit = row[6].text,
		};
		if (!money_parse(row[3].text, &total->amount))
			return problem_fault(a, "a total of ledgers: %s",
			    row[3].text);
	}
	return NULL;
}

struct problem *
ledger_usage_sum(struct db *db, struct arena *a, const char *account_id,
    const char *service, const char *type, int64_t from, int64_t to,
    int64_t *quantity, int64_t *entries)
{
	const struct db_value args[] = {
		db_text(account_id), db_text(service), db_text(type),
		db_int(from), db_int(to),
	};
	struct db_rows rows;
	struct problem *p;

	p = db_call(db, a, LEDGER_USAGE_SUM, args, NELEM(args), &rows);
	if (p == NULL) {
		*quantity = db_row(&rows, 0)[0].number;
		*entries = db_row(&rows, 0)[1].number;
	}
	return p;
}

struct problem *
ledger_balance(struct db *db, struct arena *a, const char *account_id,
    money_t *out)
{
	const struct db_value args[] = { db_text(account_id) };
	struct db_rows rows;
	struct problem *p;

	p = db_call(db, a, LEDGER_BALANCE_SHOW, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	return money_parse(db_row(&rows, 0)[0].text, out) ? NULL :
	    problem_fault(a, "the balance of %s: %s", account_id,
	    db_row(&rows, 0)[0].text);
}

struct problem *
ledger_balance_verify(struct db *db, struct arena *a, const char *account_id,
    const char **kept, const char **computed)
{
	const struct db_value args[] = { db_text(account_id) };
	struct db_rows rows;
	struct problem *p;

	p = db_call(db, a, LEDGER_BALANCE_VERIFY, args, NELEM(args), &rows);
	if (p == NULL) {
		*kept = db_row(&rows, 0)[0].text;
		*computed = db_row(&rows, 0)[1].text;
	}
	return p;
}

/* after: the last id read, of the caller's arena. */
static struct problem *
scan_page(struct db *db, struct arena *page, struct arena *a,
    const char *account_id, const char **after, ledger_fn *fn, void *state,
    bool *more)
{
	const struct db_value args[] = {
		db_text(account_id),
		db_text(*after),
		db_int(SCAN_PAGE),
	};
	struct ledger_entry entry;
	struct db_rows rows;
	struct problem *p;
	size_t i;

	p = db_call(db, page, LEDGER_SCAN, args, NELEM(args), &rows);
	*more = p == NULL && rows.count == SCAN_PAGE;
	for (i = 0; p == NULL && i < rows.count; i++) {
		if ((p = read_entry(page, db_row(&rows, i), &entry)) != NULL)
			return p;
		if (!fn(state, account_id, &entry))
			*more = false;
		*after = arena_strdup(a, entry.id);
	}
	return p;
}

struct problem *
ledger_each(struct db *db, struct arena *a, const char *account_id,
    ledger_fn *fn, void *state)
{
	struct arena *page = arena_new(256 * 1024);
	const char *after = "";
	struct problem *p;
	bool more;

	do {
		p = scan_page(db, page, a, account_id, &after, fn, state, &more);
		if (p != NULL)
			p = problem_copy(a, p);
		arena_reset(page);
	} while (p == NULL && more);
	arena_free(&page);
	return p;
}
