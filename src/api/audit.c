/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audit trail: services/audit and services/audit/{AUDIT_ID}. */
#include "config.h"

#include "api/handlers.h"
#include "base/ids.h"
#include "http/paging.h"
#include "service/trail_document.h"
#include "store/audit.h"

/* paginate=false still ends somewhere: larger answers are for exports. */
#define WHOLE_MAX 100000

/* ---- the list ---- */

/* {"id","status","reason","message","type","summary"} (rules/audit 7) */
static struct problem *
write_item(struct call *c, const struct audit_entry *entry)
{
	struct json_writer *w = &c->response->json;
	struct json_object *document, *member;
	struct problem *p;

	if ((p = trail_document_read(c->arena, entry, &document)) != NULL)
		return p;
	json_begin_object(w);
	json_member_string(w, "id", entry->id);
	if (entry->status != NULL)
		json_member_string(w, "status", entry->status);
	if (entry->reason != NULL)
		json_member_string(w, "reason", entry->reason);
	if (entry->message != NULL)
		json_member_string(w, "message", entry->message);
	if ((member = json_at(document, "audit.changes.type")) != NULL) {
		json_key(w, "type");
		json_tree(w, member);
	}
	if ((member = json_at(document, "invoice.summary")) != NULL) {
		json_key(w, "summary");
		json_tree(w, member);
	}
	json_end(w);
	return NULL;
}

static struct problem *
write_list(struct call *c, const struct audit_list *list, size_t shown)
{
	struct json_writer *w = &c->response->json;
	struct problem *p = NULL;
	size_t i;

	json_begin_array(w);
	for (i = 0; i < shown && p == NULL; i++)
		p = write_item(c, &list->entries[i]);
	if (p == NULL)
		json_end(w);
	return p;
}

static const char *
key_of(struct call *c, const struct audit_entry *entry)
{
	return page_key(c->arena, entry->created, entry->sequence);
}

struct problem *
audit_list(struct call *c)
{
	const struct config *config = c->config;
	struct response *rs = c->response;
	struct audit_list list;
	struct time_range range;
	struct page page;
	struct problem *p;
	size_t shown;

	if ((p = time_range_read(c->request, c->now, config->max_range_s,
	    config->max_range_s, &range)) != NULL ||
	    (p = page_read_placed(c->request, config->page_size,
	    config->max_page_size, &page)) != NULL)
		return p;
	page.query.from = range.from;
	page.query.to = range.to;
	/* One more than is shown tells whether there is a next page. */
	page.query.limit = page.whole ? WHOLE_MAX : page.size + 1;
	p = store_audit_entry_list(
	    c->db, c->arena, c->account_id, &page.query, &list);
	if (p != NULL)
		return p;
	shown = list.count;
	if (!page.whole && shown > (size_t)page.size)
		shown = (size_t)page.size;
	rs->file_name = "audit";
	rs->paged = !page.whole;
	rs->page_size = (int64_t)shown;
	if (shown > 0)
		rs->start_key = key_of(c, &list.entries[0]);
	if (shown < list.count)
		rs->next_start_key = key_of(c, &list.entries[shown]);
	return write_list(c, &list, shown);
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
