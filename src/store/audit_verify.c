/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Answers for the audit trail: recomputes what sql/README says the chain is,
 * and compares the lines with the documents they were made from.
 */
#include "config.h"

#include <string.h>

#include "base/json.h"
#include "store/audit.h"
#include "store/ledgers.h"

#define PAGE 500 /* entries read at a time */

struct chain {
	struct db *db;
	const char *account_id;
	unsigned char hash[DIGEST_BYTES]; /* of the last entry that fits */
	int64_t sequence;                 /* of the last entry read */
	/* Where the account said its chain ended when the reading began. */
	unsigned char end_hash[DIGEST_BYTES];
	int64_t end_sequence;
	struct audit_verdict *verdict;
};

static void
broken(struct chain *c, struct arena *a, const char *id, const char *why)
{
	c->verdict->broken_id = arena_strdup(a, id);
	c->verdict->broken_why = why;
}

/* The columns of audit_chain. */
enum {
	C_SEQUENCE,
	C_ID,
	C_FORM,
	C_CREATED,
	C_RECORDED,
	C_DOCUMENT,
	C_LINES,
	C_HASH
};

static void
hash_entry(const struct chain *c, struct arena *a, const struct db_cell *row,
    unsigned char hash[DIGEST_BYTES])
{
	struct buffer text;

	buffer_init(&text, a, 0);
	buffer_add(&text, (const char *)c->hash, DIGEST_BYTES);
	buffer_printf(&text, "%lld\n%s\n%s\n%s\n%lld\n%lld\n",
	    (long long)row[C_SEQUENCE].number, c->account_id, row[C_ID].text,
	    row[C_FORM].text, (long long)row[C_CREATED].number,
	    (long long)row[C_RECORDED].number);
	buffer_add(&text, row[C_DOCUMENT].text,
	    (size_t)row[C_DOCUMENT].number);
	secret_digest(text.text, text.length, hash);
}

/* Are the stored lines those of the document? */
static bool
lines_fit(struct arena *a, const struct db_cell *row)
{
	enum audit_form form = strcmp(row[C_FORM].text, "invoice") == 0 ?
	    AUDIT_INVOICE : AUDIT_QUANTITIES;
	struct json_object *document;
	struct audit_lines lines;
	struct buffer text;
	const char *why;

	document = json_parse(a, row[C_DOCUMENT].text,
	    (size_t)row[C_DOCUMENT].number, &why);
	if (document == NULL)
		return false;
	if (!audit_lines_of(a, document, form, &lines, &why))
		lines.count = 0;
	buffer_init(&text, a, 0);
	audit_lines_json(&lines, &text);
	return strcmp(text.text, row[C_LINES].text) == 0;
}

/* What is wrong with the next entry of the chain; NULL: nothing. */
static const char *
entry_fault(struct chain *c, struct arena *a, const struct db_cell *row)
{
	unsigned char hash[DIGEST_BYTES];

	if (row[C_SEQUENCE].number != c->sequence + 1)
		return "the entry before it was removed";
	hash_entry(c, a, row, hash);
	if (row[C_HASH].number != DIGEST_BYTES ||
	    memcmp(hash, row[C_HASH].text, DIGEST_BYTES) != 0)
		return "it was edited, inserted or moved";
	if (!lines_fit(a, row))
		return "its lines were edited";
	if (row[C_SEQUENCE].number == c->end_sequence &&
	    memcmp(hash, c->end_hash, DIGEST_BYTES) != 0)
		return "the end of the chain was edited";
	memcpy(c->hash, hash, DIGEST_BYTES);
	return NULL;
}

/* One page; *more says whether there may be another. */
static struct problem *
verify_page(struct chain *c, struct arena *page_arena, struct arena *a,
    bool *more)
{
	const struct db_value args[] = {
		db_text(c->account_id),
		db_int(c->sequence),
		db_int(PAGE),
	};
	struct db_rows page;
	const struct db_cell *row;
	struct problem *p;
	const char *why;
	size_t i;

	*more = false;
	p = db_call(c->db, page_arena, AUDIT_CHAIN, args, NELEM(args), &page);
	if (p != NULL || page.count == 0)
		return p;
	for (i = 0; i < page.count; i++) {
		row = db_row(&page, i);
		why = entry_fault(c, page_arena, row);
		if (why != NULL) {
			broken(c, a, row[C_ID].text, why);
			return NULL;
		}
		c->sequence = row[C_SEQUENCE].number;
		c->verdict->entries++;
	}
	*more = page.count == PAGE;
	return NULL;
}

static struct problem *
read_head(struct chain *c, struct arena *a, int64_t *sequence)
{
	const struct db_value args[] = { db_text(c->account_id) };
	const struct db_cell *row;
	struct db_rows rows;
	struct problem *p;

	p = db_call(c->db, a, AUDIT_CHAIN_HEAD, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	if (rows.count == 0)
		return problem_bad_identifier(a, c->account_id);
	row = db_row(&rows, 0);
	*sequence = row[0].number;
	memcpy(c->end_hash, row[1].text, DIGEST_BYTES);
	return NULL;
}

/*
 * The chain must reach where its account said it ended before the reading
 * began, and not go past where it says so afterwards: entries may have been
 * written in between.
 */
static struct problem *
verify_end(struct chain *c, struct arena *a)
{
	int64_t end_now;
	struct problem *p;

	if (c->verdict->broken_why != NULL)
		return NULL;
	if ((p = read_head(c, a, &end_now)) != NULL)
		return p;
	if (c->sequence < c->end_sequence)
		broken(c, a, "", "the newest entries were removed");
	else if (c->sequence > end_now)
		broken(c, a, "", "entries were inserted after the newest");
	return NULL;
}

static struct problem *
verify_days(struct chain *c, struct arena *a)
{
	const struct db_value args[] = { db_text(c->account_id) };
	const struct db_cell *row;
	struct db_rows rows;
	struct problem *p;

	p = db_call(c->db, a, AUDIT_DAY_VERIFY, args, NELEM(args), &rows);
	if (p != NULL || rows.count == 0)
		return p;
	row = db_row(&rows, 0);
	c->verdict->days_wrong = (int64_t)rows.count;
	c->verdict->first_day = arena_printf(a, "%s %s (%s): %s", row[2].text,
	    row[3].text, row[1].text, row[0].number ?
	    "the stored row is not what the entries add up to" :
	    "the row is missing");
	return NULL;
}

static struct problem *
verify_balance(struct chain *c, struct arena *a)
{
	const char *kept, *computed;
	struct problem *p;

	p = ledger_balance_verify(c->db, a, c->account_id, &kept, &computed);
	if (p == NULL && strcmp(kept, computed) != 0)
		c->verdict->balance_why = arena_printf(a,
		    "it is %s, the ledgers add up to %s", kept, computed);
	return p;
}

bool
audit_verdict_ok(const struct audit_verdict *verdict)
{
	return verdict->broken_why == NULL && verdict->days_wrong == 0 &&
	    verdict->balance_why == NULL;
}

struct problem *
audit_verify(struct db *db, struct arena *a, const char *account_id,
    void (*progress)(void *state, int64_t entries), void *state,
    struct audit_verdict *out)
{
	struct chain c = { .db = db, .account_id = account_id, .verdict = out };
	struct arena *page_arena = arena_new(64 * 1024);
	struct problem *p, *inner;
	bool more = true;

	memset(out, 0, sizeof(*out));
	p = read_head(&c, a, &c.end_sequence);
	while (p == NULL && more) {
		inner = verify_page(&c, page_arena, a, &more);
		if (inner != NULL) { /* must outlive the page */
			p = problem_text(a, inner->kind, "%s", inner->text);
			memcpy(p->log, inner->log, sizeof(p->log));
		}
		arena_reset(page_arena);
		if (progress != NULL)
			progress(state, out->entries);
	}
	arena_free(&page_arena);
	if (p == NULL)
		p = verify_end(&c, a);
	if (p == NULL)
		p = verify_days(&c, a);
	if (p == NULL)
		p = verify_balance(&c, a);
	return p;
}
