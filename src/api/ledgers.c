/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ledgers: what an account was credited and debited (rules/ledgers). */
#include "config.h"

#include <string.h>

#include "api/actor.h"
#include "api/commit.h"
#include "api/entity.h"
#include "api/handlers.h"
#include "api/listing.h"
#include "base/gregorian.h"
#include "billing/ledger.h"
#include "http/paging.h"
#include "service/posting.h"
#include "store/accounts.h"
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
			.whole = ledger_entry_json(c->arena, e),
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

/* ---- credits and debits ---- */

static struct problem *
stored_entry(struct call *c, const struct ledger *ledger,
    struct json_object **out)
{
	struct ledger_entry *entry = NULL;
	struct problem *p;

	p = store_ledger_show(
	    c->db, c->arena, ledger->account_id, ledger->id, &entry);
	if (p == NULL && entry == NULL)
		p = problem_fault(c->arena, "ledger entry %s is not there",
		    ledger->id);
	if (p == NULL)
		*out = ledger_entry_json(c->arena, entry);
	return p;
}

/* {"ledger", "available_dollars", "is_reseller"} by account
 * (rules/ledgers 7). */
static struct problem *
answer_both(struct call *c, const struct posting *posting)
{
	struct json_object *json = json_own(c->arena, json_object_new_object());
	struct json_object *part, *entry;
	struct account *account;
	struct problem *p;
	money_t balance;
	size_t i;

	for (i = 0; i < posting->count; i++) {
		const char *id = posting->entries[i].account_id;

		if ((p = stored_entry(c, &posting->entries[i], &entry)) !=
		        NULL ||
		    (p = store_ledger_balance(c->db, c->arena, id, &balance)) !=
		        NULL ||
		    (p = store_account_show(c->db, c->arena, id, &account)) !=
		        NULL)
			return p;
		part = json_object_new_object();
		json_object_object_add(part, "ledger", json_object_get(entry));
		json_put_money(part, "available_dollars", balance);
		json_put_bool(part, "is_reseller", account != NULL &&
		    account->is_reseller);
		json_object_object_add(json, id, part);
	}
	entity_answer(c, json);
	return NULL;
}

static struct problem *
answer_one(struct call *c, const struct posting *posting)
{
	struct json_object *json;
	struct problem *p = stored_entry(c, &posting->entries[0], &json);

	if (p == NULL)
		entity_answer(c, json);
	return p;
}

static struct problem *
read_posting(struct call *c, bool debit, struct posting *posting)
{
	const char *seller_id = c->session->target_reseller_id;
	struct ledger own = {
		.account_id = c->account_id,
		.for_name = c->session->target_name,
		.debit = debit,
		.created = c->now,
	};
	struct ledger_note note = {
		.trigger = "crossbar",
		.module = "cb_ledgers",
		.audit = actor_of_call(c).audit,
	};
	struct problem *p = ledger_read(c->arena, c->body, &own, &note);

	if (p != NULL)
		return p;
	posting_begin(c->arena, &own, &note, posting);
	if (!request_control_is(c->request, "impact_reseller", "true") ||
	    strcmp(seller_id, c->account_id) == 0)
		return NULL;
	if (!debit && !c->session->is_master)
		return problem_text(c->arena, PROBLEM_FORBIDDEN,
		    "impact_reseller: nobody credits itself: ask who sells to "
		    "the reseller");
	posting_add_copy(c->arena, seller_id, &note, posting);
	return NULL;
}

static struct problem *
write_posting(struct call *c, void *state)
{
	const struct posting *posting = state;
	struct problem *p;

	p = posting_write(c->db, c->arena, posting, c->now);
	if (p != NULL)
		return p;
	c->response->status = 201;
	return posting->count == 2 ? answer_both(c, posting) :
	    answer_one(c, posting);
}

static struct problem *
post(struct call *c, bool debit)
{
	struct posting posting;
	struct problem *p = read_posting(c, debit, &posting);

	return p != NULL ? p : commit_request(c, write_posting, &posting);
}

struct problem *
ledgers_credit(struct call *c)
{
	return post(c, false);
}

struct problem *
ledgers_debit(struct call *c)
{
	return post(c, true);
}

/* ---- usage ---- */

/* A batch: valid entries are written, others are answered with their
 * problem. */
struct usage {
	size_t count;            /* as they came */
	struct problem **wrong;  /* of each; NULL: none */
	size_t readable;
	struct ledger *ledgers;  /* the valid entries */
	size_t *places;          /* index of each in the body */
	struct ledger_result *results;
};

/*
 * An account does not charge itself: it might take the place of what its
 * reseller is going to charge it.
 */
static struct problem *
read_usage_entry(struct call *c, struct json_object *given, const char *place,
    const struct ledger_note *maker, struct ledger *out)
{
	struct ledger_note note = *maker;
	struct problem *p;

	*out = (struct ledger){ .account_id = c->account_id, .created = c->now };
	if (!json_object_is_type(given, json_type_object))
		return problem_invalid(c->arena, place, "type",
		    "Value did not match type(s): object");
	/* Members that clients add are not read, so they need not be
	 * removed. */
	p = ledger_read_usage(c->arena, given, place, out, &note);
	if (p != NULL)
		return p;
	if (!c->session->is_master &&
	    strcmp(out->account_id, c->session->account_id) == 0)
		return problem_invalid(c->arena, problem_path(c->arena, place,
		    "account.id"), "forbidden", "an account does not charge "
		    "itself: its reseller does");
	if (out->for_name == NULL && strcmp(out->account_id, c->account_id) == 0)
		out->for_name = c->session->target_name;
	ledger_complete(c->arena, out, &note);
	return NULL;
}

/* The caller, in short: the batch's audit entry has the rest. */
static struct json_object *
short_audit(const struct call *c)
{
	struct json_object *audit = json_own(c->arena, json_object_new_object());
	struct json_object *who = json_object_new_object();
	struct json_object *request = json_object_new_object();

	json_put_string(who, "account_id", c->session->account_id);
	json_object_object_add(audit, "authentication", who);
	json_put_string(request, "id", c->request->request_id);
	json_object_object_add(audit, "request", request);
	return audit;
}

static void
read_usage(struct call *c, struct usage *usage)
{
	struct json_object *list = c->body;
	const struct ledger_note maker = {
		.trigger = "crossbar",
		.module = "cb_ledgers",
		.audit = short_audit(c),
	};
	size_t i;

	usage->count = json_object_array_length(list);
	usage->wrong = arena_alloc(c->arena, usage->count *
	    sizeof(struct problem *));
	usage->ledgers = arena_alloc(c->arena, usage->count *
	    sizeof(*usage->ledgers));
	usage->places = arena_alloc(c->arena, usage->count *
	    sizeof(*usage->places));
	usage->results = arena_alloc(c->arena, usage->count *
	    sizeof(*usage->results));
	for (i = 0; i < usage->count; i++) {
		usage->wrong[i] = read_usage_entry(c,
		    json_object_array_get_idx(list, i),
		    arena_printf(c->arena, "%zu", i), &maker,
		    &usage->ledgers[usage->readable]);
		if (usage->wrong[i] == NULL)
			usage->places[usage->readable++] = i;
	}
}

/* The problem of a batch without a valid entry. */
static struct problem *
all_wrong(const struct usage *usage)
{
	struct problem *p = usage->wrong[0];
	size_t i;

	for (i = 1; i < usage->count; i++) {
		json_object_object_foreach(usage->wrong[i]->data, key, value)
			json_object_object_add(p->data, key,
			    json_object_get(value));
	}
	return p;
}

static void
write_usage_result(struct json_writer *w, const struct problem *wrong,
    const struct ledger_result *result)
{
	json_begin_object(w);
	json_member_string(w, "status", wrong != NULL ? "error" :
	    result->outcome == LEDGER_KNOWN ? "duplicate" : "created");
	if (wrong == NULL) {
		json_member_string(w, "id", result->id);
	} else {
		json_key(w, "errors");
		json_tree(w, wrong->data);
	}
	json_end(w);
}

/* The number of entries by outcome. */
static struct json_object *
usage_counts(struct call *c, const struct usage *usage)
{
	struct json_object *json = json_own(c->arena, json_object_new_object());
	int64_t created = 0, duplicate = 0;
	size_t i;

	for (i = 0; i < usage->readable; i++) {
		created += usage->results[i].outcome == LEDGER_WRITTEN;
		duplicate += usage->results[i].outcome == LEDGER_KNOWN;
	}
	json_put_int(json, "created", created);
	json_put_int(json, "duplicate", duplicate);
	json_put_int(json, "error", (int64_t)usage->count - created - duplicate);
	return json;
}

static struct problem *
add_usage(struct call *c, void *state)
{
	struct usage *usage = state;
	struct json_writer *w = &c->response->json;
	const struct ledger_result *r;
	struct problem *p;
	size_t i, next = 0;

	p = store_ledger_add(c->db, c->arena,
	    &(struct ledger_batch){
	        c->account_id, usage->ledgers, usage->readable, c->now },
	    usage->results);
	if (p != NULL)
		return p;
	for (i = 0; i < usage->readable; i++)
		if (usage->results[i].outcome == LEDGER_FOREIGN)
			usage->wrong[usage->places[i]] = problem_invalid(
			    c->arena, arena_printf(c->arena, "%zu.account.id",
			    usage->places[i]), "not_found",
			    "no such account at or below the one in the URL");
	json_begin_array(w);
	for (i = 0; i < usage->count; i++) {
		r = &usage->results[next];
		if (next < usage->readable && usage->places[next] == i)
			next++;
		write_usage_result(w, usage->wrong[i], r);
	}
	json_end(w);
	c->response->status = 201;
	c->response->metadata = usage_counts(c, usage);
	return NULL;
}

struct problem *
ledgers_usage(struct call *c)
{
	struct usage usage = { 0 };

	read_usage(c, &usage);
	if (usage.readable == 0)
		return all_wrong(&usage);
	return commit_request(c, add_usage, &usage);
}
