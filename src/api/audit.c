/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audit trail: services/audit and services/audit/{AUDIT_ID}. */
#include "config.h"

#include <string.h>

#include "api/handlers.h"
#include "api/listing.h"
#include "base/ids.h"
#include "base/json_walk.h"
#include "service/trail_document.h"
#include "store/audit.h"

/* ---- the list ---- */

static void
put_string(struct json_writer *w, const char *key, const char *text)
{
	if (text != NULL)
		json_member_string(w, key, text);
}

/* Writes a value of the document as it is stored. */
static void
put_stored(struct json_writer *w, const char *key, const char *document,
    size_t length, const char *path)
{
	const struct json_span value = json_span_at(document, length, path);

	if (value.at == NULL)
		return;
	json_key(w, key);
	json_raw(w, value.at, value.length);
}

/* When it happened; and when it was written here, if that is not the same. */
static void
put_times(struct json_writer *w, const struct audit_entry *entry)
{
	json_member_int(w, "created", entry->created);
	if (entry->recorded != entry->created)
		json_member_int(w, "recorded", entry->recorded);
}

/* An item of the list (rules/audit 7). */
static const char *
item_text(struct arena *a, const struct audit_entry *entry)
{
	size_t length = strlen(entry->document);
	struct json_writer w;
	struct buffer text;

	buffer_init(&text, a, 0);
	json_writer_init(&w, &text);
	json_begin_object(&w);
	json_member_string(&w, "id", entry->id);
	put_times(&w, entry);
	put_string(&w, "status", entry->status);
	put_string(&w, "reason", entry->reason);
	put_string(&w, "message", entry->message);
	put_stored(&w, "type", entry->document, length, "audit.changes.type");
	put_stored(&w, "summary", entry->document, length, "invoice.summary");
	put_stored(&w, "change_reason", entry->document, length,
	    "audit.change_reason");
	json_end(&w);
	return text.text;
}

static struct problem *
read_entries(struct call *c, void *state, const struct page_query *query,
    struct list_page *out)
{
	const struct audit_entry *e;
	struct audit_list list;
	struct problem *p;
	size_t i;

	(void)state;
	p = store_audit_entry_list(c->db, c->arena, c->account_id, query, &list);
	if (p != NULL)
		return p;
	out->count = list.count;
	out->items = arena_alloc(c->arena, list.count * sizeof(*out->items));
	for (i = 0; i < list.count; i++) {
		e = &list.entries[i];
		out->items[i] = (struct list_item){
			.place = { e->id, e->created, e->sequence },
			.text = item_text(c->arena, e),
		};
	}
	return NULL;
}

struct problem *
audit_list(struct call *c)
{
	static const struct listing listing = {
		.file_name = "audit",
		.order = LISTING_BY_PLACE,
		.unfiltered = true,
		.read = read_entries,
	};

	return listing_answer(c, &listing);
}

/* ---- one entry ---- */

struct problem *
audit_show(struct call *c)
{
	const char *id = c->parameters[0];
	struct json_object *document;
	struct audit_entry *entry;
	struct problem *p;

	if (!id_month_valid(id))
		return problem_bad_identifier(c->arena, id);
	p = store_audit_entry_show(c->db, c->arena, c->account_id, id, &entry);
	if (p != NULL)
		return p;
	if (entry == NULL)
		return problem_bad_identifier(c->arena, id);
	if ((p = trail_document_read(c->arena, entry, &document)) != NULL)
		return p;
	json_put_string(document, "id", entry->id);
	json_put_int(document, "created", entry->created);
	if (entry->recorded != entry->created)
		json_put_int(document, "recorded", entry->recorded);
	json_tree(&c->response->json, document);
	return NULL;
}
