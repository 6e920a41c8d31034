/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * customers: the accounts that an account sells to, with the figures that are
 * kept of each; and an overview of one account, of the same figures.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "api/entity.h"
#include "api/handlers.h"
#include "api/listing.h"
#include "base/gregorian.h"
#include "base/json.h"
#include "store/accounts.h"
#include "store/customers.h"

#define MONTHS 12
#define OFFSET_MAX 100000
#define TEXT_MIN 2   /* of what is looked for */
#define TEXT_MAX 128 /* bytes */
#define DIGITS_MIN 4 /* of a number */

/* The first is the order by default. */
static const char *const sorts[] = { "name", "realm", "balance", "available",
	"recurring", "usage", "change", "standing", "created" };

/* ---- months ---- */

/* A list's months: the present one and those before it. */
struct months {
	int count; /* 0: none are shown */
	char names[MONTHS][GREGORIAN_MONTH_SIZE]; /* the oldest first */
};

static void
months_until(int64_t now, int count, struct months *out)
{
	int64_t start = gregorian_month_start(now);
	int i;

	out->count = count;
	for (i = count - 1; i >= 0; i--) {
		gregorian_month(start, out->names[i]);
		start = gregorian_month_start(start - 1);
	}
}

/* Puts what was charged in each month; kept has those with charges. */
static struct problem *
put_months(struct call *c, struct json_object *row,
    const struct months *months, const char *kept)
{
	struct json_object *list = json_object_new_array(), *one;
	char *rest = kept == NULL ? NULL : arena_strdup(c->arena, kept);
	char *next = strsep(&rest, ",");
	const char *name;
	money_t charged;
	int i;

	json_object_object_add(row, "months", list);
	for (i = 0; i < months->count; i++) {
		name = months->names[i];
		charged = 0;
		if (next != NULL && strncmp(next, name, 6) == 0) {
			if (!money_parse(next + 7, &charged))
				return problem_fault(c->arena,
				    "a month of charges: %s", next);
			next = strsep(&rest, ",");
		}
		one = json_object_new_object();
		json_put_string(one, "month", arena_printf(c->arena,
		    "%.4s-%s", name, name + 4));
		json_put_money(one, "charged", charged);
		json_object_array_add(list, one);
	}
	return NULL;
}

/* ---- a row ---- */

static void
put_figures(struct json_object *json, const struct customer *customer)
{
	json_put_money(json, "balance", customer->balance);
	json_put_money(json, "held", customer->held);
	json_put_money(json, "available", customer->available);
	if (customer->has_recurring)
		json_put_money(json, "recurring", customer->recurring);
	else
		json_object_object_add(json, "recurring", NULL);
	json_put_money(json, "usage", customer->used);
	if (customer->has_changed)
		json_put_money(json, "change", customer->changed);
	else
		json_object_object_add(json, "change", NULL);
}

static struct problem *
row_json(struct call *c, const struct customer *customer,
    const struct months *months, struct json_object **out)
{
	struct json_object *json = json_own(c->arena, json_object_new_object());

	*out = json;
	json_put_string(json, "id", customer->id);
	json_put_string(json, "name", customer->name);
	json_put_string(json, "realm", customer->realm);
	json_put_int(json, "created", customer->created);
	json_put_bool(json, "enabled", customer->enabled);
	json_put_bool(json, "is_reseller", customer->is_reseller);
	json_put_string(json, "standing", customer->standing);
	json_put_string(json, "payer_id", customer->payer_id);
	put_figures(json, customer);
	return months->count == 0 ? NULL :
	    put_months(c, json, months, customer->months);
}

/* ---- what is asked for ---- */

struct customers_wanted {
	struct customer_query query;
	struct months months;
	char month[GREGORIAN_MONTH_SIZE];
	bool begun; /* the offset was passed */
};

static struct problem *
read_sort(struct call *c, struct customer_query *query)
{
	const char *text = request_query(c->request, "sort");
	size_t i;

	query->sort = sorts[0];
	if (text == NULL)
		return NULL;
	query->descending = text[0] == '-';
	for (i = 0; i < NELEM(sorts); i++)
		if (strcmp(text + query->descending, sorts[i]) == 0) {
			query->sort = sorts[i];
			return NULL;
		}
	return problem_invalid(c->arena, "sort", "enum", "one of name, realm, "
	    "balance, available, recurring, usage, change, standing, created, "
	    "with a - in front for the reverse order");
}

/* Digits may be those of a number. */
static struct problem *
read_text(struct call *c, struct customer_match *match)
{
	const char *text = request_query(c->request, "q"), *digits;
	size_t length;

	if (text == NULL || text[0] == '\0')
		return NULL;
	length = strlen(text);
	if (length < TEXT_MIN || length > TEXT_MAX)
		return problem_invalid(c->arena, "q", "minLength",
		    "%d to %d characters of a name, a realm or a number",
		    TEXT_MIN, TEXT_MAX);
	match->like = text;
	digits = text + (text[0] == '+');
	length = strlen(digits);
	if (length >= DIGITS_MIN && strspn(digits, "0123456789") == length)
		match->number = arena_printf(c->arena, "+%s", digits);
	return NULL;
}

static struct problem *
read_match(struct call *c, struct customer_match *match)
{
	const char *reseller = request_query(c->request, "is_reseller");
	const char *standing = request_query(c->request, "standing");

	if (standing != NULL && strlen(standing) > 32)
		return problem_invalid(c->arena, "standing", "maxLength",
		    "a standing has at most 32 characters");
	match->standing = standing == NULL || standing[0] == '\0' ? NULL :
	    standing;
	match->by_reseller = reseller != NULL && reseller[0] != '\0';
	match->is_reseller = match->by_reseller &&
	    strcmp(reseller, "true") == 0;
	if (match->by_reseller && !match->is_reseller &&
	    strcmp(reseller, "false") != 0)
		return problem_invalid(c->arena, "is_reseller", "enum",
		    "true or false");
	return read_text(c, match);
}

/* *out stays as it is if the request has no such parameter. */
static struct problem *
read_number(struct call *c, const char *name, int64_t max, int64_t *out)
{
	const char *text = request_query(c->request, name);

	if (text == NULL)
		return NULL;
	*out = strtoll(text, NULL, 10);
	if (text[0] == '\0' || strlen(text) > 9 ||
	    text[strspn(text, "0123456789")] != '\0' || *out > max)
		return problem_invalid(c->arena, name, "maximum",
		    "a whole number from 0 to %lld", (long long)max);
	return NULL;
}

static struct problem *
read_wanted(struct call *c, struct customers_wanted *wanted)
{
	struct customer_query *query = &wanted->query;
	int64_t months = 0;
	struct problem *p;

	*wanted = (struct customers_wanted){ .query.seller_id = c->account_id };
	if ((p = read_sort(c, query)) != NULL ||
	    (p = read_match(c, &query->match)) != NULL ||
	    (p = read_number(c, "offset", OFFSET_MAX, &query->offset)) !=
	    NULL || (p = read_number(c, "months", MONTHS, &months)) != NULL)
		return p;
	gregorian_month(c->now, wanted->month);
	query->month = wanted->month;
	months_until(c->now, (int)months, &wanted->months);
	if (months > 0)
		query->since = wanted->months.names[0];
	return NULL;
}

/* ---- the list ---- */

static struct problem *
read_customers(struct call *c, void *state, const struct page_query *page,
    struct list_page *out)
{
	struct customers_wanted *wanted = state;
	struct customer_query query = wanted->query;
	struct customers found;
	struct problem *p;
	size_t i;

	query.at = page->start.id;
	query.limit = page->limit;
	if (wanted->begun)
		query.offset = 0;
	wanted->begun = true;
	p = store_customer_list(c->db, c->arena, &query, &found);
	if (problem_concerns(p, PROBLEM_BAD_IDENTIFIER, "start_key"))
		return page_key_unknown(c->arena);
	if (p != NULL)
		return p;
	out->count = found.count;
	out->items = arena_alloc(c->arena, found.count * sizeof(*out->items));
	for (i = 0; p == NULL && i < found.count; i++) {
		out->items[i] = (struct list_item){
			.place = { found.customers[i].id, 0, 0 },
		};
		p = row_json(c, &found.customers[i], &wanted->months,
		    &out->items[i].whole);
	}
	return p;
}

static struct problem *
put_totals(struct call *c, const struct customer_query *query)
{
	struct json_object *metadata = json_own(c->arena,
	    json_object_new_object());
	struct json_object *sums = json_object_new_object();
	struct customer_totals totals = { 0 };
	struct problem *p;

	json_object_object_add(metadata, "totals", sums);
	p = store_customer_totals(c->db, c->arena, query, &totals);
	if (p != NULL)
		return p;
	json_put_int(metadata, "count", totals.matches);
	json_put_int(metadata, "offset", query->offset);
	json_put_money(sums, "balance", totals.balance);
	json_put_money(sums, "held", totals.held);
	json_put_money(sums, "available", totals.available);
	json_put_money(sums, "recurring", totals.recurring);
	json_put_money(sums, "usage", totals.used);
	json_put_money(sums, "change", totals.changed);
	c->response->metadata = metadata;
	/* Sums change where the page, of which an ETag is made, does not. */
	c->response->untagged = true;
	return NULL;
}

struct problem *
customers_list(struct call *c)
{
	struct customers_wanted wanted;
	const struct listing listing = {
		.file_name = "customers",
		.unfiltered = true,
		.read = read_customers,
		.state = &wanted,
	};
	struct problem *p;

	if ((p = read_wanted(c, &wanted)) != NULL ||
	    (p = listing_answer(c, &listing)) != NULL)
		return p;
	return response_is_csv(c->request) ? NULL :
	    put_totals(c, &wanted.query);
}

/* ---- one account ---- */

/* The ancestors that the caller may see: its own account and descendants. */
static struct problem *
put_ancestors(struct call *c, struct json_object *json)
{
	struct json_object *list = json_object_new_array();
	struct account_lines lines;
	struct problem *p;
	bool seen = false;
	size_t i;

	json_object_object_add(json, "ancestors", list);
	p = store_account_parents(c->db, c->arena, c->account_id, &lines);
	for (i = 0; p == NULL && i < lines.count; i++) {
		seen = seen || strcmp(lines.lines[i].id,
		    c->session->account_id) == 0;
		if (seen)
			json_object_array_add(list, entity_named(
			    lines.lines[i].id, lines.lines[i].name));
	}
	return p;
}

struct problem *
customers_overview(struct call *c)
{
	char month[GREGORIAN_MONTH_SIZE];
	struct customer *customer;
	struct json_object *json;
	struct months months;
	struct problem *p;

	gregorian_month(c->now, month);
	months_until(c->now, MONTHS, &months);
	p = store_customer_show(c->db, c->arena, c->account_id, month,
	    months.names[0], &customer);
	if (p != NULL)
		return p;
	if (customer == NULL)
		return problem_bad_identifier(c->arena, c->account_id);
	if ((p = row_json(c, customer, &months, &json)) != NULL)
		return p;
	json_object_object_add(json, "payer", entity_named(customer->payer_id,
	    customer->payer_name));
	json_object_object_add(json, "seller", entity_named(
	    customer->seller_id, customer->seller_name));
	json_put_string(json, "standing_reason", customer->reason);
	if ((p = put_ancestors(c, json)) == NULL)
		entity_answer(c, json);
	return p;
}
