/* SPDX-License-Identifier: GPL-3.0-or-later */
/* services/synchronization: every bookkeeper is told its invoice now. */
#include "config.h"

#include <string.h>
#include <time.h>

#include "api/commit.h"
#include "api/handlers.h"
#include "base/gregorian.h"
#include "base/log.h"
#include "courier/courier.h"
#include "service/synchronization.h"
#include "store/audit.h"
#include "store/outbox.h"

#define LOOK_EVERY_NS 50000000 /* when another courier is at it */

struct synchronization {
	struct call *call;
	struct change_entries told;
	int64_t until_ms; /* monotonic */
};

static struct problem *
tell(struct db *db, struct arena *a, void *state)
{
	struct synchronization *s = state;
	const struct change change = commit_change(s->call, CHANGE_UNASKED);
	struct problem *p = change_tell(db, a, &change, &s->told);

	return p != NULL ? p :
	    outbox_hasten(db, a, change.account_id, s->call->now);
}

static bool
is_late(void *state)
{
	const struct synchronization *s = state;

	return monotonic_ms() >= s->until_ms;
}

/* *entries: as they are now. */
static struct problem *
read_entries(const struct synchronization *s, struct audit_entry **entries,
    bool *pending)
{
	struct call *c = s->call;
	struct audit_entry *entry;
	struct problem *p;
	size_t i;

	*pending = false;
	for (i = 0; i < s->told.count; i++) {
		p = audit_entry_show(c->db, c->arena, c->account_id,
		    s->told.ids[i], &entry);
		if (p != NULL)
			return p;
		if (entry == NULL)
			return problem_fault(c->arena, "audit entry %s is gone",
			    s->told.ids[i]);
		(*entries)[i] = *entry;
		*pending = *pending || (entry->status != NULL &&
		    strcmp(entry->status, "pending") == 0);
	}
	return NULL;
}

/* Delivers what is due, as any courier does, until nothing of it is pending or
 * it is late. */
static struct problem *
wait_for_results(struct synchronization *s, struct audit_entry *entries)
{
	const struct courier courier = {
		.config = s->call->config,
		.db = s->call->db,
		.stop = is_late,
		.state = s,
	};
	const struct timespec pause = { .tv_nsec = LOOK_EVERY_NS };
	struct courier_step step;
	struct problem *p;
	bool pending;

	for (;;) {
		p = read_entries(s, &entries, &pending);
		if (p != NULL || !pending || is_late(s))
			return p;
		/* It may be anybody's: what is wrong with it is not ours. */
		p = courier_deliver(&courier, s->call->arena, &step);
		if (p != NULL)
			log_warn("a message is not delivered: %s", p->text);
		if (p != NULL || !step.found)
			nanosleep(&pause, NULL);
	}
}

static struct problem *
write_entry(struct call *c, const struct audit_entry *entry)
{
	struct json_writer *w = &c->response->json;
	struct json_object *document, *bookkeeper;
	const char *error;

	document = json_parse(c->arena, entry->document,
	    strlen(entry->document), &error);
	if (document == NULL)
		return problem_fault(c->arena, "audit entry %s: %s", entry->id,
		    error);
	json_begin_object(w);
	json_member_string(w, "id", entry->id);
	json_member_string(w, "status", entry->status);
	if (entry->reason != NULL)
		json_member_string(w, "reason", entry->reason);
	if (entry->message != NULL)
		json_member_string(w, "message", entry->message);
	if ((bookkeeper = json_object_at(document, "bookkeeper")) != NULL) {
		json_key(w, "bookkeeper");
		json_tree(w, bookkeeper);
	}
	json_end(w);
	return NULL;
}

struct problem *
services_synchronize(struct call *c)
{
	struct synchronization s = { .call = c };
	struct audit_entry *entries;
	struct problem *p;
	size_t i;

	if ((p = db_transaction(c->db, c->arena, tell, &s)) != NULL)
		return p;
	s.until_ms = monotonic_ms() + c->config->synchronization_timeout_s * 1000;
	entries = arena_alloc(c->arena, s.told.count * sizeof(*entries));
	if ((p = wait_for_results(&s, entries)) != NULL)
		return p;
	json_begin_array(&c->response->json);
	for (i = 0; i < s.told.count && p == NULL; i++)
		p = write_entry(c, &entries[i]);
	json_end(&c->response->json);
	return p;
}
