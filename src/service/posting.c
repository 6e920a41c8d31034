/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/posting.h"

#include "base/json.h"

void
posting_begin(struct arena *a, const struct ledger *own,
    const struct ledger_note *note, struct posting *out)
{
	*out = (struct posting){ .count = 1, .entries = { *own } };
	ledger_complete(a, &out->entries[0], note);
}

/* The metadata of an entry, with the private fields of the original. */
static struct json_object *
build_copy_metadata(struct arena *a, struct json_object *metadata,
    const struct ledger *own)
{
	struct json_object *json = json_own(a, metadata == NULL ?
	    json_object_new_object() : json_public_copy(metadata));
	struct json_object *origin = json_object_new_object();

	json_put_string(origin, "account_id", own->account_id);
	json_put_string(origin, "id", own->id);
	json_put_string(origin, "ledger_type", own->debit ? "debit" :
	    "credit");
	json_put_string(origin, "type", "ledger");
	json_put_int(origin, "created", own->created);
	json_object_object_add(json, "origin_ledger", origin);
	return json;
}

void
posting_add_copy(struct arena *a, const char *seller_id,
    const struct ledger_note *note, struct posting *posting)
{
	const struct ledger *own = &posting->entries[0];
	struct ledger *copy = &posting->entries[1];
	struct ledger_note note_of_copy = *note;

	*copy = *own;
	copy->account_id = seller_id;
	copy->for_id = own->account_id;
	note_of_copy.metadata = build_copy_metadata(a, note->metadata, own);
	ledger_complete(a, copy, &note_of_copy);
	posting->count = 2;
}

static struct problem *
report_existing(struct arena *a, const char *id)
{
	struct problem *p = problem_text(a, PROBLEM_CONFLICT,
	    "source.id: there is an entry of this source and period: %s", id);

	p->data = json_own(a, json_object_new_object());
	json_put_string(p->data, "message", p->text);
	json_put_string(p->data, "cause", id);
	json_put_string(p->data, "id", id);
	return p;
}

struct problem *
posting_write(struct db *db, struct arena *a, const struct posting *posting,
    int64_t now)
{
	struct ledger_result results[2];
	struct problem *p;
	size_t i;

	p = store_ledger_add(db, a,
	    &(struct ledger_batch){
	        NULL, posting->entries, posting->count, now },
	    results);
	for (i = 0; i < posting->count && p == NULL; i++) {
		if (results[i].outcome == LEDGER_FOREIGN)
			p = problem_bad_identifier(a,
			    posting->entries[i].account_id);
		else if (results[i].outcome == LEDGER_KNOWN)
			p = report_existing(a, results[i].id);
	}
	return p;
}
