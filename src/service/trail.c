/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/trail.h"

#include "base/json.h"
#include "billing/earlier_line.h"
#include "service/terms.h"
#include "service/trail_document.h"
#include "store/audit.h"
#include "store/outbox.h"

/* Adds a document to the account's chain; document becomes the arena's. */
static struct problem *
write_entry(const struct part *part, enum audit_form form,
    struct json_object *document, char id[MONTH_ID_SIZE])
{
	struct audit_entry entry = {
		.account_id = part->after->account_id,
		.id = id,
		.form = form,
		.created = part->change->now,
		.recorded = part->change->now,
	};
	struct audit_lines lines;
	const char *why;

	id_new_in_month(part->change->now, id);
	json_own(part->arena, document);
	if (!part->audited)
		return NULL;
	trail_document_split(part->arena, document, &entry);
	if (!audit_lines_of(part->arena, entry.document, form, &lines, &why))
		return problem_fault(part->arena,
		    "a change of %s cannot be audited: %s",
		    entry.account_id, why);
	return store_audit_entry_write(part->db, part->arena, &entry, &lines);
}

/* Leaves the document of an entry for the invoice's bookkeeper. */
static struct problem *
leave_message(const struct part *part, const struct bookkeeper *bookkeeper,
    const char *audit_id, struct json_object *document)
{
	struct outbox_message out = outbox_message_to_bookkeeper(part->arena,
	    bookkeeper, BOOKKEEPER_SAYS_UPDATE, document);

	out.account_id = part->after->account_id;
	out.audit_id = audit_id;
	return store_outbox_add(part->db, part->arena, &out, part->change->now);
}

struct problem *
trail_write_invoice(const struct part *part, const struct invoice *invoice,
    char id[MONTH_ID_SIZE])
{
	bool moves = bookkeeper_moves_money(&invoice->bookkeeper);
	struct json_object *document = trail_document_invoice(part, invoice,
	    moves);
	struct problem *p = write_entry(part, AUDIT_INVOICE, document, id);
	struct json_object *terms;

	if (p != NULL || !moves)
		return p;
	if ((terms = earlier_terms(invoice)) != NULL)
		json_object_object_add(document, EARLIER_TERMS, terms);
	return leave_message(part, &invoice->bookkeeper, id, document);
}

/*
 * Audits a change that no invoice shows, as an entry of the default bookkeeper
 * without lines.
 */
static struct problem *
audit_uninvoiced(const struct part *part)
{
	struct billed_state state;
	struct invoice none = { .line_count = 0 };
	char id[MONTH_ID_SIZE];

	terms_state(part->after, &state);
	none.bookkeeper = state.bookkeeper;
	none.bookkeeper.type = BOOKKEEPER_TYPE_DEFAULT;
	return trail_write_invoice(part, &none, id);
}

/* Writes the entry of the changed quantities. */
static struct problem *
audit_quantities(const struct part *part)
{
	struct json_object *document;
	char id[MONTH_ID_SIZE];
	struct problem *p = trail_document_quantities(part, &document);

	return p != NULL || document == NULL ? p :
	    write_entry(part, AUDIT_QUANTITIES, document, id);
}

struct problem *
trail_write_part(struct part *part, const struct invoices *annotated,
    bool everything)
{
	char id[MONTH_ID_SIZE];
	struct problem *p = NULL;
	bool any = false;
	size_t i;

	part->audited = !part->after->is_master || part->change->audit_master;
	for (i = 0; i < annotated->count && p == NULL; i++) {
		if (!invoice_has_changes(&annotated->invoices[i]))
			continue;
		any = true;
		p = trail_write_invoice(part, &annotated->invoices[i], id);
	}
	if (p != NULL || !part->audited)
		return p;
	if (!any && everything)
		p = audit_uninvoiced(part);
	return p != NULL ? p : audit_quantities(part);
}

/* ---- read ---- */

#define PAGE 500 /* entries read at a time */

/* Position while reading an account's trail. */
struct trail_position {
	const char *account_id;
	int64_t sequence;
};

static struct problem *
read_page(struct db *db, struct arena *a, struct trail_position *place,
    trail_fn *fn, void *state, bool *more)
{
	const struct audit_entry *entry;
	struct json_object *document;
	struct audit_list list;
	struct problem *p;
	size_t i;

	p = store_audit_scan(
	    db, a, place->account_id, place->sequence, PAGE, &list);
	*more = p == NULL && list.count == PAGE;
	for (i = 0; p == NULL && i < list.count; i++) {
		entry = &list.entries[i];
		place->sequence = entry->sequence;
		p = trail_document_read(a, entry, &document);
		if (p == NULL && !fn(state, entry, document)) {
			*more = false;
			break;
		}
	}
	return p;
}

struct problem *
trail_each(struct db *db, struct arena *a, const char *account_id,
    trail_fn *fn, void *state)
{
	struct arena *page = arena_new(256 * 1024);
	struct trail_position place = { .account_id = account_id };
	struct problem *p;
	bool more;

	do {
		p = read_page(db, page, &place, fn, state, &more);
		if (p != NULL)
			p = problem_copy(a, p);
		arena_reset(page);
	} while (p == NULL && more);
	arena_free(&page);
	return p;
}
