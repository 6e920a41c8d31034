/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ledgers/entries: the entries of all sources, with the balance after each
 * (rules/ledgers 15 to 17). */
#include "config.h"

#include <string.h>

#include "api/handlers.h"
#include "api/listing.h"
#include "billing/ledger.h"
#include "store/ledgers.h"

/* The author of an entry that was written by hand. */
static void
put_who(struct arena *a, struct json_object *json, struct json_object *document)
{
	struct json_object *by = json_object_at(document,
	    "audit.authentication");
	struct json_object *user = json_object_at(document, "audit.agent.user");
	const char *first = json_string_at(user, "first_name");
	const char *last = json_string_at(user, "last_name");
	struct json_object *who;

	if (by == NULL)
		return;
	who = json_object_new_object();
	json_put_string(who, "account_id", json_string_at(by, "account_id"));
	json_put_string(who, "account_name", json_string_at(by,
	    "account_name"));
	json_put_string(who, "user_id", json_string_at(user, "id"));
	if (first != NULL && last != NULL)
		json_put_string(who, "name", arena_printf(a, "%s %s", first,
		    last));
	json_object_object_add(json, "who", who);
}

static struct json_object *
line_json(struct call *c, const struct ledger_line *line)
{
	const struct ledger_entry *e = &line->entry;
	struct json_object *json = json_own(c->arena, json_object_new_object());
	struct json_object *whole = ledger_entry_json(c->arena, e);
	static const char *const copied[] = { "usage", "period", "account",
		"executor" };
	struct json_object *member;
	size_t i;

	json_put_string(json, "id", e->id);
	json_put_int(json, "created", e->created);
	json_put_string(json, "type", e->debit ? "debit" : "credit");
	json_put_string(json, "source_service", e->service);
	json_put_string(json, "source_id", json_string_at(whole, "source.id"));
	json_put_money(json, "amount", e->debit ? -e->amount : e->amount);
	json_put_money(json, "balance", line->balance);
	json_put_bool(json, "counted", line->counted);
	json_put_string(json, "description", json_string_at(whole,
	    "description"));
	json_put_string(json, "reason", json_string_at(whole,
	    "audit.change_reason"));
	for (i = 0; i < NELEM(copied); i++)
		if ((member = json_object_at(whole, copied[i])) != NULL)
			json_object_object_add(json, copied[i],
			    json_object_get(member));
	put_who(c->arena, json, whole);
	return json;
}

static struct problem *
read_lines(struct call *c, void *state, const struct page_query *query,
    struct list_page *out)
{
	struct ledger_lines list;
	struct problem *p;
	size_t i;

	p = store_ledger_entry_list(c->db, c->arena, state, query, &list);
	if (p != NULL)
		return p;
	out->count = list.count;
	out->items = arena_alloc(c->arena, list.count * sizeof(*out->items));
	for (i = 0; i < list.count; i++)
		out->items[i] = (struct list_item){
			.place = { list.lines[i].entry.id,
			    list.lines[i].entry.created, 0 },
			.whole = line_json(c, &list.lines[i]),
		};
	return NULL;
}

/* The service and the type that are asked for. */
static struct problem *
read_query(struct call *c, struct ledger_query *out)
{
	const char *service = request_query(c->request, "source_service");
	const char *type = request_query(c->request, "type");

	if (type != NULL && strcmp(type, "credit") != 0 &&
	    strcmp(type, "debit") != 0)
		return problem_unlisted(c->arena, "type");
	*out = (struct ledger_query){
		.account_id = c->account_id,
		.service = service == NULL ? "" : service,
		.type = type == NULL ? "" : type,
	};
	return NULL;
}

struct problem *
ledgers_entries(struct call *c)
{
	int64_t longest = c->config->summary_max_range_s;
	struct ledger_query query;
	struct time_range range;
	const struct listing listing = {
		.file_name = "ledger-entries",
		.order = LISTING_BY_MOMENT,
		.at_once = true,
		.range = &range,
		.read = read_lines,
		.state = &query,
	};
	struct problem *p = read_query(c, &query);

	if (p == NULL)
		p = time_range_read(c->request, c->now, longest, longest,
		    &range);
	return p != NULL ? p : listing_answer(c, &listing);
}
