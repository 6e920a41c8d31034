/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/trail_verify.h"

#include <stdio.h>
#include <string.h>

#include "service/sums.h"
#include "store/audit.h"
#include "store/ledgers.h"

/* Entries read at a time: their memory is used again for the next ones. */
#define PAGE 20
#define DAY_SIZE 16

static const char before_removed[] = "the entry before it was removed";

struct chain {
	struct db *db;
	const char *account_id;
	unsigned char hash[DIGEST_BYTES]; /* of the last valid entry */
	int64_t sequence;                 /* of the last entry read */
	/* The end of the chain according to the account, when reading began. */
	struct audit_head end;
	struct audit_verdict *verdict;
	struct buffer text; /* what is hashed */
	struct trail_bounds left; /* may still be read */
	bool more; /* the bounds were reached before the end */
};

static void
note_broken(struct chain *c, struct arena *a, int64_t sequence, const char *id,
    const char *why)
{
	c->verdict->broken_sequence = sequence;
	c->verdict->broken_id = arena_strdup(a, id);
	c->verdict->broken_why = why;
}

static void
hash_link(struct chain *c, const struct audit_link *link,
    unsigned char hash[DIGEST_BYTES])
{
	size_t length = strlen(link->document);
	struct buffer *text = &c->text;

	buffer_clear(text);
	buffer_add(text, (const char *)c->hash, DIGEST_BYTES);
	buffer_printf(text, "%lld\n%s\n%s\n%s\n%lld\n%lld\n",
	    (long long)link->sequence, c->account_id, link->id,
	    audit_form_name(link->form), (long long)link->created,
	    (long long)link->recorded);
	buffer_add(text, link->document, length);
	secret_digest(text->text, text->length, hash);
}

/* True if the stored lines match the document. */
static bool
lines_match(struct arena *a, const struct audit_link *link)
{
	struct audit_lines lines;
	struct buffer text;
	const char *why;

	if (!audit_lines_of(a, link->document, link->form, &lines, &why))
		lines.count = 0;
	buffer_init(&text, a, 0);
	audit_lines_json(&lines, &text);
	return strcmp(text.text, link->lines) == 0;
}

/* The error of the next entry of the chain, or NULL. */
static const char *
find_link_error(struct chain *c, struct arena *a, const struct audit_link *link)
{
	unsigned char hash[DIGEST_BYTES];

	if (link->sequence != c->sequence + 1)
		return before_removed;
	hash_link(c, link, hash);
	if (link->hash.length != DIGEST_BYTES ||
	    memcmp(hash, link->hash.at, DIGEST_BYTES) != 0)
		return "it was edited, inserted or moved";
	if (!lines_match(a, link))
		return "its lines were edited";
	if (link->sequence == c->end.sequence &&
	    memcmp(hash, c->end.hash, DIGEST_BYTES) != 0)
		return "the end of the chain was edited";
	memcpy(c->hash, hash, DIGEST_BYTES);
	return NULL;
}

/* Verifies one page. *more: there may be another. */
static struct problem *
verify_page(struct chain *c, struct arena *page, struct arena *a, bool *more)
{
	struct audit_chain chain;
	struct problem *p;
	const char *why;
	size_t i;

	*more = false;
	p = store_audit_chain(
	    c->db, page, c->account_id, c->sequence, PAGE, &chain);
	if (p != NULL)
		return p;
	for (i = 0; i < chain.count; i++) {
		why = find_link_error(c, page, &chain.links[i]);
		if (why != NULL) {
			note_broken(c, a, chain.links[i].sequence,
			    chain.links[i].id, why);
			return NULL;
		}
		c->sequence = chain.links[i].sequence;
		c->verdict->entries++;
		c->left.entries--;
		c->left.bytes -= (int64_t)strlen(chain.links[i].document) +
		    (int64_t)strlen(chain.links[i].lines);
		c->more = c->left.entries <= 0 || c->left.bytes <= 0;
		if (c->more)
			return NULL;
	}
	*more = chain.count == PAGE;
	return NULL;
}

/*
 * The chain must reach the end that its account had before reading began, and
 * must not exceed the end it has now: entries may have been written in between.
 */
static struct problem *
verify_end(struct chain *c, struct arena *a)
{
	struct audit_head now;
	struct problem *p;

	if (c->verdict->broken_why != NULL)
		return NULL;
	/* The next request reads what the bounds left, if anything. */
	if (c->more && c->sequence < c->end.sequence)
		return NULL;
	c->more = false;
	if ((p = store_audit_chain_head(c->db, a, c->account_id,
	    &now)) != NULL)
		return p;
	if (c->sequence < c->end.sequence)
		note_broken(c, a, c->sequence + 1, "",
		    "the newest entries were removed");
	else if (c->sequence > now.sequence)
		note_broken(c, a, c->sequence + 1, "",
		    "entries were inserted after the newest");
	return NULL;
}

static void
note_days(struct chain *c, struct arena *a,
    const struct audit_day_differences *found)
{
	const struct audit_day_difference *first = found->rows;

	if (found->count == 0)
		return;
	if (c->verdict->days_wrong == 0)
		c->verdict->first_day = arena_printf(a, "%s %s (%s): %s",
		    first->day, first->service, first->family,
		    first->is_stored ?
		    "the stored row is not what the entries add up to" :
		    "the row is missing");
	c->verdict->days_wrong += (int64_t)found->count;
}

/* Verifies the next month. *from becomes the day after it on arena a, or
 * NULL. */
static struct problem *
verify_month(struct chain *c, struct arena *month_arena, struct arena *a,
    const char **from)
{
	struct audit_day_differences found;
	struct audit_month *month;
	struct problem *p;

	p = store_audit_month_next(c->db, month_arena, c->account_id, *from,
	    AUDIT_LAST_DAY, &month);
	*from = NULL;
	if (p != NULL || month == NULL)
		return p;
	p = store_audit_day_verify(c->db, month_arena, c->account_id,
	    month->first_day, month->last_day, &found);
	if (p != NULL)
		return p;
	note_days(c, a, &found);
	*from = month->next_day;
	return NULL;
}

static struct problem *
verify_days(struct chain *c, struct arena *a)
{
	struct arena *month_arena = arena_new(16 * 1024);
	const char *from = AUDIT_FIRST_DAY;
	struct problem *p = NULL;
	char next[DAY_SIZE];

	while (p == NULL && from != NULL) {
		p = verify_month(c, month_arena, a, &from);
		if (p != NULL)
			p = problem_copy(a, p);
		if (from != NULL) {
			snprintf(next, sizeof(next), "%s", from);
			from = next;
		}
		arena_reset(month_arena);
	}
	arena_free(&month_arena);
	return p;
}

static struct problem *
verify_balance(struct chain *c, struct arena *a)
{
	struct balance_check check;
	struct problem *p;

	p = store_ledger_balance_verify(c->db, a, c->account_id, &check);
	if (p != NULL)
		return p;
	if (strcmp(check.kept, check.computed) != 0)
		c->verdict->balance_why = arena_printf(a,
		    "it is %s, the ledgers add up to %s", check.kept,
		    check.computed);
	else if (strcmp(check.held, check.computed_held) != 0)
		c->verdict->balance_why = arena_printf(a,
		    "%s of it is held, the charges that are not yet debited "
		    "add up to %s", check.held, check.computed_held);
	return NULL;
}

bool
trail_verdict_ok(const struct audit_verdict *verdict)
{
	return verdict->broken_why == NULL && verdict->days_wrong == 0 &&
	    verdict->balance_why == NULL && verdict->figure_why == NULL;
}

static struct problem *
verify_chain(struct chain *c, struct arena *a,
    void (*progress)(void *state, int64_t entries), void *state)
{
	struct arena *page_arena = arena_new(64 * 1024);
	struct problem *p = NULL, *inner;
	bool more = true;

	buffer_init(&c->text, a, 0);
	while (p == NULL && more) {
		inner = verify_page(c, page_arena, a, &more);
		if (inner != NULL) /* must outlive the page */
			p = problem_copy(a, inner);
		arena_reset(page_arena);
		if (progress != NULL)
			progress(state, c->verdict->entries);
	}
	arena_free(&page_arena);
	return p != NULL ? p : verify_end(c, a);
}

struct problem *
trail_verify(struct db *db, struct arena *a, const struct audit_head *end,
    void (*progress)(void *state, int64_t entries), void *state,
    struct audit_verdict *out)
{
	struct chain c = {
		.db = db,
		.account_id = end->account_id,
		.end = *end,
		.verdict = out,
		.left = { INT64_MAX, INT64_MAX },
	};
	struct problem *p;

	memset(out, 0, sizeof(*out));
	p = sums_verify(db, a, end->account_id, &out->figure_why);
	if (p != NULL || end->is_bare)
		return p;
	p = verify_chain(&c, a, progress, state);
	if (p == NULL)
		p = verify_days(&c, a);
	return p != NULL ? p : verify_balance(&c, a);
}

/* ---- some entries ---- */

/*
 * Begins after an entry, with the stored hash of it. False: it is not there.
 * The hash before the first entry is zeroes.
 */
static bool
begin_after(struct chain *c, const struct audit_link *before, size_t count)
{
	if (c->sequence == 0)
		return true;
	if (count == 0 || before->sequence != c->sequence ||
	    before->hash.length != DIGEST_BYTES)
		return false;
	memcpy(c->hash, before->hash.at, DIGEST_BYTES);
	return true;
}

struct problem *
trail_verify_some(struct db *db, struct arena *a,
    const struct trail_stretch *stretch, struct audit_verdict *out,
    int64_t *next)
{
	int64_t after = stretch->after;
	struct chain c = {
		.db = db,
		.account_id = stretch->end->account_id,
		.sequence = after,
		.end = *stretch->end,
		.verdict = out,
		.left = stretch->bounds,
	};
	struct audit_chain before = { 0, NULL };
	struct problem *p = NULL;

	memset(out, 0, sizeof(*out));
	*next = 0;
	if (after > 0)
		p = store_audit_chain(db, a, c.account_id, after - 1, 1,
		    &before);
	if (p != NULL)
		return p;
	if (!begin_after(&c, before.links, before.count)) {
		note_broken(&c, a, after + 1, "", before_removed);
		return NULL;
	}
	p = verify_chain(&c, a, stretch->progress, stretch->state);
	if (p == NULL && c.more)
		*next = c.sequence;
	return p;
}

static const struct audit_link *
find_link(const struct audit_chain *links, int64_t sequence)
{
	size_t i;

	for (i = 0; i < links->count; i++)
		if (links->links[i].sequence == sequence)
			return &links->links[i];
	return NULL;
}

struct problem *
trail_prove(struct db *db, struct arena *a, const struct audit_head *end,
    int64_t sequence, struct trail_proof *out)
{
	struct audit_verdict verdict;
	struct chain c = {
		.db = db,
		.account_id = end->account_id,
		.sequence = sequence - 1,
		.end = *end,
		.verdict = &verdict,
	};
	const struct audit_link *link;
	struct audit_chain links;
	struct problem *p;

	*out = (struct trail_proof){ .sequence = sequence };
	p = store_audit_chain(db, a, c.account_id, sequence - 2, 2, &links);
	if (p != NULL)
		return p;
	buffer_init(&c.text, a, 0);
	out->has_previous = begin_after(&c, links.links, links.count);
	memcpy(out->previous, c.hash, DIGEST_BYTES);
	link = find_link(&links, sequence);
	if (link == NULL)
		return problem_bad_identifier(a, end->account_id);
	out->hash = link->hash;
	out->why = out->has_previous ? find_link_error(&c, a, link) :
	    before_removed;
	return NULL;
}
