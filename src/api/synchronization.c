/* SPDX-License-Identifier: GPL-3.0-or-later */
/* services/synchronization: every bookkeeper is told its invoice now. */
#include "config.h"

#include <string.h>

#include "api/actor.h"
#include "api/commit.h"
#include "api/handlers.h"
#include "courier/synchronization.h"

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
	const struct actor actor = actor_of_call(c);
	struct synchronization s;
	struct problem *p;
	size_t i;

	if ((p = commit_take_place(c)) != NULL ||
	    (p = courier_synchronize(c->db, c->arena, &actor, c->account_id,
	    &s)) != NULL)
		return p;
	json_begin_array(&c->response->json);
	for (i = 0; i < s.count && p == NULL; i++)
		p = write_entry(c, &s.entries[i]);
	json_end(&c->response->json);
	return p;
}
