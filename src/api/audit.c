/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audit trail: services/audit, services/audit/{AUDIT_ID} and
 * services/audit/verify. */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "api/audit_item.h"
#include "api/audit_search.h"
#include "api/handlers.h"
#include "api/listing.h"
#include "base/ids.h"
#include "service/trail_document.h"
#include "service/trail_verify.h"
#include "store/audit.h"

/* ---- the list ---- */

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
			.text = search_item_text(c->arena, e, NULL),
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

	return search_is_asked(c) ? search_answer(c) :
	    listing_answer(c, &listing);
}

/* ---- one entry ---- */

static void
put_hash(struct json_object *json, const char *key, const void *hash,
    size_t length)
{
	char hex[2 * DIGEST_BYTES + 1];

	if (length != DIGEST_BYTES)
		return;
	secret_hex(hash, length, hex);
	json_put_string(json, key, hex);
}

/* Adds "proof": the hash, and whether it is the one to be computed. */
static struct problem *
put_proof(struct call *c, int64_t sequence, struct json_object *document)
{
	struct json_object *json;
	struct audit_head head;
	struct trail_proof proof;
	struct problem *p;

	p = store_audit_chain_head(c->db, c->arena, c->account_id, &head);
	if (p == NULL)
		p = trail_prove(c->db, c->arena, &head, sequence, &proof);
	if (p != NULL)
		return p;
	json = json_object_new_object();
	json_object_object_add(document, "proof", json);
	json_put_int(json, "sequence", proof.sequence);
	put_hash(json, "hash", proof.hash.at, proof.hash.length);
	if (proof.has_previous)
		put_hash(json, "previous", proof.previous, DIGEST_BYTES);
	json_put_bool(json, "verified", proof.why == NULL);
	json_put_string(json, "reason", proof.why);
	return NULL;
}

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
	if (request_control_is(c->request, "proof", "true") &&
	    (p = put_proof(c, entry->sequence, document)) != NULL)
		return p;
	json_tree(&c->response->json, document);
	return NULL;
}

/* ---- verification ---- */

/* Of one request. Entries of 2 kB: 30,000 a second and more, most of it CPU. */
#define VERIFIED_ENTRIES 100000
#define VERIFIED_BYTES (32 * 1024 * 1024)

/* Reads start_key: the sequence of the last entry that was verified. */
static struct problem *
read_after(const struct call *c, int64_t last, int64_t *after)
{
	const char *key = request_control(c->request, "start_key");

	*after = 0;
	if (key == NULL)
		return NULL;
	if (strlen(key) <= 18 && key[strspn(key, "0123456789")] == '\0')
		*after = strtoll(key, NULL, 10);
	return *after > 0 && *after <= last ? NULL :
	    page_key_unknown(c->arena);
}

static void
tell_progress(void *state, int64_t entries)
{
	const struct gateway *gateway = state;

	(void)entries;
	if (gateway->progress != NULL)
		gateway->progress(gateway->watcher);
}

static void
write_verdict(const struct call *c, const struct audit_verdict *verdict,
    const struct audit_head *head)
{
	struct json_object *json = json_own(c->arena,
	    json_object_new_object());
	struct json_object *wrong, *end = json_object_new_object();

	json_put_int(json, "entries", verdict->entries);
	json_put_bool(json, "verified", verdict->broken_why == NULL);
	if (verdict->broken_why != NULL) {
		wrong = json_object_new_object();
		json_object_object_add(json, "first_wrong", wrong);
		json_put_int(wrong, "sequence", verdict->broken_sequence);
		if (verdict->broken_id[0] != '\0')
			json_put_string(wrong, "id", verdict->broken_id);
		json_put_string(wrong, "reason", verdict->broken_why);
	}
	json_object_object_add(json, "head", end);
	json_put_int(end, "sequence", head->sequence);
	put_hash(end, "hash", head->hash, DIGEST_BYTES);
	json_tree(&c->response->json, json);
}

struct problem *
audit_verify(struct call *c)
{
	struct response *rs = c->response;
	struct audit_verdict verdict;
	struct audit_head head;
	struct trail_stretch stretch = {
		.end = &head,
		.bounds = { VERIFIED_ENTRIES, VERIFIED_BYTES },
		.progress = tell_progress,
		.state = c->request->gateway,
	};
	int64_t next;
	struct problem *p;

	p = store_audit_chain_head(c->db, c->arena, c->account_id, &head);
	if (p == NULL)
		p = read_after(c, head.sequence, &stretch.after);
	if (p == NULL)
		p = trail_verify_some(c->db, c->arena, &stretch, &verdict,
		    &next);
	if (p != NULL)
		return p;
	write_verdict(c, &verdict, &head);
	rs->paged = true;
	rs->page_size = verdict.entries;
	if (next > 0)
		rs->next_start_key = arena_printf(c->arena, "%" PRId64, next);
	return NULL;
}
