/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/synchronization.h"

#include <string.h>

#include "service/terms.h"
#include "service/trail.h"
#include "store/outbox.h"

struct synchronization_start {
	const struct change *change;
	struct synchronization *out;
};

static struct problem *
write_messages(const struct part *part, const struct invoices *invoices,
    struct synchronization *out)
{
	struct problem *p = NULL;
	size_t i;
	char *id;

	out->count = invoices->count;
	out->entries = arena_alloc(part->arena,
	    invoices->count * sizeof(*out->entries));
	out->targets = arena_alloc(part->arena,
	    invoices->count * sizeof(*out->targets));
	for (i = 0; i < invoices->count && p == NULL; i++) {
		id = arena_alloc(part->arena, MONTH_ID_SIZE);
		p = trail_write_invoice(part, &invoices->invoices[i], id);
		out->entries[i].id = id;
		out->targets[i] = outbox_bookkeeper_target(part->arena,
		    &invoices->invoices[i].bookkeeper);
	}
	return p;
}

static struct problem *
begin(struct db *db, struct arena *a, void *state)
{
	const struct synchronization_start *b = state;
	const struct change *change = b->change;
	struct billed_state billed;
	struct invoices invoices;
	struct service service;
	const struct part part = {
		.db = db,
		.arena = a,
		.change = change,
		.origin = &service,
		.before = &service,
		.after = &service,
		.audited = true,
	};
	struct problem *p;

	p = store_service_load(
	    db, a, change->account_id, SERVICE_LOCK, &service);
	if (p != NULL)
		return p;
	terms_state(&service, &billed);
	if ((p = invoices_price(a, &billed, false, &invoices)) != NULL ||
	    (p = write_messages(&part, &invoices, b->out)) != NULL)
		return p;
	return store_outbox_hasten(db, a, change->account_id, change->now);
}

struct problem *
synchronization_begin(struct db *db, struct arena *a,
    const struct actor *actor, const char *account_id,
    struct synchronization *out)
{
	const struct change change = change_by(actor, CHANGE_UNASKED,
	    account_id);
	struct synchronization_start start = { &change, out };

	*out = (struct synchronization){ .account_id = account_id };
	return db_transaction(db, a, begin, &start);
}

bool
synchronization_is_pending(const struct audit_entry *entry)
{
	return entry->status != NULL && strcmp(entry->status, "pending") == 0;
}

struct problem *
synchronization_look(struct db *db, struct arena *a,
    struct synchronization *s)
{
	struct audit_entry *entry;
	struct problem *p;
	size_t i;

	s->pending = false;
	for (i = 0; i < s->count; i++) {
		p = store_audit_entry_show(
		    db, a, s->account_id, s->entries[i].id, &entry);
		if (p != NULL)
			return p;
		if (entry == NULL)
			return problem_fault(a, "audit entry %s is gone",
			    s->entries[i].id);
		s->entries[i] = *entry;
		s->pending = s->pending || synchronization_is_pending(entry);
	}
	return NULL;
}
