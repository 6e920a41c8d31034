/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ledgers: the entries of an account, their sums and the balance. */
#include "config.h"

#include <string.h>

#include "api/entity.h"
#include "api/handlers.h"
#include "api/listing.h"
#include "base/gregorian.h"
#include "billing/ledger.h"
#include "http/paging.h"
#include "store/ledgers.h"

/* ---- what there is ---- */

static const struct available {
	const char *name;
	const char *friendly_name;
	const char *markup_type; /* NULL: it cannot be marked up */
} available[] = {
	{ "per-minute-voip", "Per Minute VoIP", "percentage" },
	{ "services", "Monthly Recurring Services", NULL },
	{ "payments", "Payments", NULL },
	{ "rollovers", "Monthly Rollover", NULL },
};

struct problem *
ledgers_available(struct call *c)
{
	struct json_writer *w = &c->response->json;
	size_t i;

	json_begin_array(w);
	for (i = 0; i < NELEM(available); i++) {
		json_begin_object(w);
		json_member_string(w, "name", available[i].name);
		json_member_string(w, "friendly_name",
		    available[i].friendly_name);
		json_key(w, "markup_type");
		json_begin_array(w);
		if (available[i].markup_type != NULL)
			json_string(w, available[i].markup_type);
		json_end(w);
		json_end(w);
	}
	json_end(w);
	return NULL;
}

struct problem *
ledgers_total(struct call *c)
{
	struct json_object *json = json_own(c->arena, json_object_new_object());
	struct problem *p;
	money_t balance;

	p = store_ledger_balance(c->db, c->arena, c->account_id, &balance);
	if (p != NULL)
		return p;
	json_put_money(json, "amount", balance);
	entity_answer(c, json);
	return NULL;
}

/* ---- sums ---- */

/* {"amount", "usage": {"quantity","type","unit"}}, added to what is there. */
static struct problem *
add_total(struct call *c, struct json_object *services,
    const struct ledger_total *total)
{
	struct json_object *sum, *usage;
	int64_t quantity = 0;
	money_t amount = 0;

	/* A service may have dots in its name, so json_at is no help. */
	if (json_object_object_get_ex(services, total->service, &sum)) {
		usage = json_object_at(sum, "usage");
		(void)json_int_at(usage, "quantity", &quantity);
		if (!money_parse(json_object_to_json_string(json_at(sum,
		    "amount")), &amount))
			return problem_fault(c->arena, "a sum of ledgers");
	} else {
		sum = json_object_new_object();
		usage = json_object_new_object();
		json_object_object_add(sum, "usage", usage);
		json_object_object_add(services, total->service, sum);
	}
	if (!money_add(amount, total->amount, &amount) ||
	    __builtin_add_overflow(quantity, total->usage_quantity, &quantity))
		return problem_fault(c->arena, "a sum of ledgers overflows");
	json_put_money(sum, "amount", amount);
	json_put_int(usage, "quantity", quantity);
	if (json_at(usage, "type") == NULL)
		json_put_string(usage, "type", total->usage_type);
	if (json_at(usage, "unit") == NULL)
		json_put_string(usage, "unit", total->usage_unit);
	return NULL;
}

/* Adds up the totals in [first, end) by service; the arena's. */
static struct problem *
sum_totals(struct call *c, const struct ledger_totals *totals, size_t first,
    size_t end, struct json_object **out)
{
	struct problem *p = NULL;
	size_t i;

	*out = json_own(c->arena, json_object_new_object());
	for (i = first; i < end && p == NULL; i++)
		p = add_total(c, *out, &totals->totals[i]);
	return p;
}

struct problem *
ledgers_sums(struct call *c)
{
	const struct config *config = c->config;
	struct ledger_totals totals;
	struct json_object *sums;
	struct time_range range;
	struct problem *p;

	if ((p = time_range_read(c->request, c->now, config->max_range_s,
	         config->max_range_s, &range)) != NULL ||
	    (p = store_ledger_total_list(c->db, c->arena, c->account_id,
	         range.from, range.to, &totals)) != NULL ||
	    (p = sum_totals(c, &totals, 0, totals.count, &sums)) != NULL)
		return p;
	entity_answer(c, sums);
	return NULL;
}

/* Returns the index after the totals of the account at i. */
static size_t
end_of_account(const struct ledger_totals *totals, size_t i)
{
	const char *id = totals->totals[i].for_id;

	while (i < totals->count && strcmp(totals->totals[i].for_id, id) == 0)
		i++;
	return i;
}

/* The sums of an account from its totals in [first, end); the caller's. */
static struct problem *
account_sums(struct call *c, const struct ledger_totals *totals, size_t first,
    size_t end, struct json_object **out)
{
	struct json_object *account = json_object_new_object(), *sums;
	const char *name = NULL;
	struct problem *p;
	money_t sum = 0;
	size_t i;

	*out = json_object_new_object();
	json_object_object_add(*out, "account", account);
	for (i = first; i < end; i++) {
		if (name == NULL)
			name = totals->totals[i].for_name;
		if (!money_add(sum, totals->totals[i].amount, &sum))
			return problem_fault(c->arena,
			    "a sum of ledgers overflows");
	}
	json_put_string(account, "id", totals->totals[first].for_id);
	json_put_string(account, "name", name);
	if ((p = sum_totals(c, totals, first, end, &sums)) != NULL)
		return p;
	json_object_object_add(*out, "ledgers", json_object_get(sums));
	json_put_money(*out, "total", sum);
	return NULL;
}

static struct problem *
breakdown(struct call *c, const struct ledger_totals *totals,
    struct json_object *list)
{
	struct json_object *account;
	struct problem *p;
	size_t i, end;

	for (i = 0; i < totals->count; i = end) {
		end = end_of_account(totals, i);
		p = account_sums(c, totals, i, end, &account);
		json_object_array_add(list, account);
		if (p != NULL)
			return p;
	}
	return NULL;
}

/* "YYYYMM" as the seconds of that month. */
static bool
read_month(struct arena *a, const char *text, struct time_range *out)
{
	if (strlen(text) != 6 || text[strspn(text, "0123456789")] != '\0' ||
	    strcmp(text, "100001") < 0 || !gregorian_parse_day(arena_printf(a,
	    "%.4s-%s-01", text, text + 4), &out->from))
		return false;
	out->to = gregorian_next_month(out->from) - 1;
	return true;
}

struct problem *
ledgers_summary(struct call *c)
{
	const char *month = c->parameters[0];
	struct json_object *json, *list, *sums;
	struct ledger_totals totals;
	struct time_range range;
	struct problem *p;

	if (!read_month(c->arena, month, &range)) {
		p = problem_bad_identifier(c->arena, month);
		p->name = "bad identifier";
		p->data = json_own(c->arena, json_object_new_array());
		json_object_array_add(p->data, json_object_new_string(month));
		return p;
	}
	json = json_own(c->arena, json_object_new_object());
	list = json_object_new_array();
	json_object_object_add(json, "breakdown", list);
	if ((p = store_ledger_total_list(c->db, c->arena, c->account_id,
	         range.from, range.to, &totals)) != NULL ||
	    (p = sum_totals(c, &totals, 0, totals.count, &sums)) != NULL ||
	    (p = breakdown(c, &totals, list)) != NULL)
		return p;
	json_object_object_add(json, "summary", json_object_get(sums));
	entity_answer(c, json);
	return NULL;
}

/* ---- entries ---- */

/* A list of one service's entries. */
static struct problem *
read_entries(struct call *c, void *state,
    const struct page_query *query, struct list_page *out)
{
	struct ledger_entries list;
	const struct ledger_entry *e;
	struct problem *p;
	size_t i;

	(void)state;
	p = store_ledger_list(c->db, c->arena, c->account_id, c->parameters[0],
	    query, &list);
	if (p != NULL)
		return p;
	out->count = list.count;
	out->items = arena_alloc(c->arena, list.count * sizeof(*out->items));
	for (i = 0; i < list.count; i++) {
		e = &list.entries[i];
		out->items[i] = (struct list_item){
			.place = { e->id, e->created, 0 },
			.text = ledger_entry_text(c->arena, e),
		};
	}
	return NULL;
}

struct problem *
ledgers_list(struct call *c)
{
	const struct listing listing = {
		.file_name = "ledgers",
		.order = LISTING_BY_MOMENT,
		.read = read_entries,
	};

	return listing_answer(c, &listing);
}

struct problem *
ledgers_show(struct call *c)
{
	const char *service = c->parameters[0], *id = c->parameters[1];
	struct ledger_entry *entry = NULL;
	struct problem *p;

	if (!id_month_valid(id))
		return problem_bad_identifier(c->arena, id);
	p = store_ledger_show(c->db, c->arena, c->account_id, id, &entry);
	if (p != NULL)
		return p;
	if (entry == NULL || strcmp(entry->service, service) != 0)
		return problem_bad_identifier(c->arena, id);
	entity_answer(c, ledger_entry_json(c->arena, entry));
	return NULL;
}
