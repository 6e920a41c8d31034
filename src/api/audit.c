/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audit trail: services/audit and services/audit/{AUDIT_ID}. */
#include "config.h"

#include "api/handlers.h"
#include "api/listing.h"
#include "base/ids.h"
#include "service/trail_document.h"
#include "store/audit.h"

/* ---- the list ---- */

static void
lend(struct json_object *json, const char *key, struct json_object *member)
{
	if (member != NULL)
		json_object_object_add(json, key, json_object_get(member));
}

/* {"id","status","reason","message","type","summary"} (rules/audit 7) */
static struct problem *
item_json(struct call *c, const struct audit_entry *entry,
    struct json_object **out)
{
	struct json_object *document, *json;
	struct problem *p;

	if ((p = trail_document_read(c->arena, entry, &document)) != NULL)
		return p;
	*out = json = json_own(c->arena, json_object_new_object());
	json_put_string(json, "id", entry->id);
	json_put_string(json, "status", entry->status);
	json_put_string(json, "reason", entry->reason);
	json_put_string(json, "message", entry->message);
	lend(json, "type", json_at(document, "audit.changes.type"));
	lend(json, "summary", json_at(document, "invoice.summary"));
	return NULL;
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
	for (i = 0; i < list.count && p == NULL; i++) {
		e = &list.entries[i];
		out->items[i].place = (struct page_place){ e->id, e->created,
			e->sequence };
		p = item_json(c, e, &out->items[i].whole);
	}
	return p;
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
	json_tree(&c->response->json, document);
	return NULL;
}
