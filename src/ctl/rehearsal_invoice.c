/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Invoices of a rehearsal: the newest of the old system's audit log, line by line
 * beside Reeve's price of the imported services. Reeve prices the old quantities
 * as well: where that gives the old line, a difference follows from quantities.
 */
#include "config.h"

#include <string.h>

#include "base/json.h"
#include "billing/invoice.h"
#include "billing/invoice_document.h"
#include "billing/plan_number.h"
#include "ctl/rehearsal_compare.h"
#include "service/terms.h"

/* ---- plans ---- */

static void
lack_plan(struct rehearsal_comparison *c, const struct plan_key *key)
{
	struct json_object *json = rehearsal_differ(c, "plan",
	    "doc/rules/merging 2", key->version == 0 ? "the plan is not in the "
	    "dump: it prices nothing" : "the version of the plan is not in the "
	    "dump: it prices nothing", false);

	json_put_string(json, "plan", key->id);
	json_put_string(json, "vendor", key->vendor_id);
}

/* Loads the plan of an assignment. The missing one prices nothing. */
static void
load_plan(struct rehearsal_comparison *c, struct json_object *assignment,
    struct assigned_plan *out)
{
	struct plan_key key = {
		.vendor_id = json_string_at(assignment, "vendor"),
		.id = json_string_at(assignment, "plan"),
	};
	const char *overrides = json_string_at(assignment, "overrides");
	const char *error;

	(void)json_int_at(assignment, "version", &key.version);
	*out = (struct assigned_plan){
		.id = key.id,
		.vendor_id = key.vendor_id,
		.pinned = key.version,
		.overrides = json_parse(c->arena, overrides, strlen(overrides),
		    &error),
	};
	out->document = rehearsal_plans_load(c->rehearsal->plans, c->arena,
	    &key, &out->version);
	if (out->document != NULL)
		return;
	c->lacks_plan = true;
	lack_plan(c, &key);
}

static void
load_plans(struct rehearsal_comparison *c, struct assigned_plans *out)
{
	const char *text = c->account->services.plans, *error;
	struct json_object *list = json_parse(c->arena, text, strlen(text),
	    &error);
	size_t i;

	out->count = list == NULL ? 0 : json_object_array_length(list);
	out->plans = arena_alloc(c->arena, out->count * sizeof(*out->plans));
	for (i = 0; i < out->count; i++)
		load_plan(c, json_object_array_get_idx(list, i),
		    &out->plans[i]);
}

/* The services as they would be stored. */
static struct service
imported_services(struct rehearsal_comparison *c)
{
	struct rehearsed *x = c->account;
	const char *overrides = x->services.overrides, *error;
	struct service service = {
		.account_id = x->id,
		.reseller_id = rehearsal_tree_reseller(x->account),
		.document = x->source.public_fields,
		.overrides = json_parse(c->arena, overrides, strlen(overrides),
		    &error),
	};

	load_plans(c, &service.plans);
	c->rehearsal->totals.priced += service.plans.count > 0;
	service.quantities[QUANTITY_MANUAL] = x->old[QUANTITY_MANUAL];
	return service;
}

/* ---- lines ---- */

static const char *
bookkeeper_text(struct arena *a, const struct bookkeeper *b)
{
	return arena_printf(a, "%s/%s/%s", b->id, b->type, b->vendor_id);
}

/* Prices services; the lines of all invoices. NULL: an amount is too large. */
static struct json_object *
priced_lines(struct rehearsal_comparison *c, const struct service *service,
    money_t *recurring)
{
	struct json_object *list = json_own(c->arena, json_object_new_array());
	const struct invoice *invoice;
	struct billed_state state;
	struct invoices invoices;
	struct json_object *line;
	size_t i, j;

	terms_state(service, &state);
	if (invoices_price(c->arena, &state, false, &invoices) != NULL) {
		c->account->overflow = true;
		return NULL;
	}
	*recurring = invoices.recurring;
	for (i = 0; i < invoices.count; i++) {
		invoice = &invoices.invoices[i];
		for (j = 0; j < invoice->line_count; j++) {
			line = line_json(&invoice->lines[j]);
			json_put_string(line, "bookkeeper", bookkeeper_text(
			    c->arena, &invoice->bookkeeper));
			json_object_array_add(list, line);
		}
	}
	return list;
}

static void
add_old_lines(struct json_object *list, const struct rehearsal_invoice *invoice,
    struct json_object *row)
{
	struct json_object *lines = json_array_at(row, "lines"), *line;
	size_t i;

	for (i = 0; i < json_object_array_length(lines); i++) {
		line = json_object_get(json_object_array_get_idx(lines, i));
		json_put_string(line, "bookkeeper", invoice->bookkeeper);
		json_object_array_add(list, line);
	}
}

static bool
has_bookkeeper(struct json_object *lines, const char *bookkeeper)
{
	size_t i;

	for (i = 0; i < json_object_array_length(lines); i++)
		if (strcmp(json_string_at(json_object_array_get_idx(lines, i),
		    "bookkeeper"), bookkeeper) == 0)
			return true;
	return false;
}

/*
 * True of the invoice of a bookkeeper that the plans do not name any longer: the
 * account has a newer one. Where a plan is missing, nobody knows.
 */
static bool
is_past(struct rehearsal_comparison *c, const struct rehearsal_invoice *invoice,
    int64_t newest, struct json_object *reeve)
{
	return invoice->created < newest && !c->lacks_plan && reeve != NULL &&
	    !has_bookkeeper(reeve, invoice->bookkeeper);
}

/* The lines of the old invoices. NULL: the dump has none. reeve: those of
 * Reeve's, NULL: not known. */
static struct json_object *
old_lines(struct rehearsal_comparison *c, struct json_object *reeve)
{
	struct rehearsal_invoice *invoice;
	struct json_object *list, *row;
	const char *error;
	int64_t newest = 0;

	if (c->account->invoices == NULL)
		return NULL;
	for (invoice = c->account->invoices; invoice != NULL;
	    invoice = invoice->next)
		if (invoice->created > newest)
			newest = invoice->created;
	json_put_int(c->old, "invoiced", newest);
	list = json_own(c->arena, json_object_new_array());
	for (invoice = c->account->invoices; invoice != NULL;
	    invoice = invoice->next) {
		if (is_past(c, invoice, newest, reeve))
			continue;
		row = json_parse(c->arena, invoice->text.text,
		    invoice->text.length, &error);
		add_old_lines(list, invoice, row);
	}
	return list;
}

/* True if both have the text, or both have none. */
static bool
same_text(struct json_object *x, struct json_object *y, const char *name)
{
	const char *a = json_string_at(x, name), *b = json_string_at(y, name);

	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool
same_bookkeeper_id(struct json_object *x, struct json_object *y)
{
	const char *a = json_string_at(x, "bookkeeper");
	const char *b = json_string_at(y, "bookkeeper");
	size_t length = strcspn(a, "/");

	return length == strcspn(b, "/") && strncmp(a, b, length) == 0;
}

/* The likeness of two lines; 0: they are of different items. Several may show
 * the same item: of two bookkeepers, or of two items under one name. */
static int
likeness(struct json_object *x, struct json_object *y)
{
	if (!same_text(x, y, "category") || !same_text(x, y, "item"))
		return 0;
	return 1 + same_text(x, y, "name") + 2 * same_bookkeeper_id(x, y) +
	    4 * same_text(x, y, "bookkeeper");
}

/* Takes the line that is most like another out of a list. NULL: there is
 * none. */
static struct json_object *
take_line(struct rehearsal_comparison *c, struct json_object *list,
    struct json_object *like)
{
	size_t n = json_object_array_length(list), i, found = n;
	struct json_object *line;
	int best = 0, now;

	for (i = 0; i < n; i++) {
		now = likeness(json_object_array_get_idx(list, i), like);
		if (now > best) {
			best = now;
			found = i;
		}
	}
	if (found == n)
		return NULL;
	line = json_own(c->arena, json_object_get(
	    json_object_array_get_idx(list, found)));
	json_object_array_del_idx(list, found, 1);
	return line;
}

/* ---- differences of a line ---- */

/* The members of a line that decide what it costs, with their rules. */
static const struct {
	const char *path;
	const char *name; /* in the report */
	const char *rule;
} fields[] = {
	{ "quantity", "quantity", "doc/rules/counting 12" },
	{ "rate", "rate", "doc/rules/pricing 4" },
	{ "billable", "billable", "doc/rules/pricing 2" },
	{ "discounts.total", "discount", "doc/rules/pricing 7" },
	{ "total", "total", "doc/rules/pricing 11" },
};

#define TOTAL 4 /* in fields */

/* A number of a line; a missing discount is 0. False: it is not said. */
static bool
figure(struct json_object *line, size_t field, money_t *out)
{
	struct json_object *value = json_at(line, fields[field].path);

	*out = 0;
	if (value == NULL)
		return strchr(fields[field].path, '.') != NULL;
	return plan_money(value, out);
}

/* The first field in which two lines differ; NELEM(fields): none. What one of
 * them does not say is not compared. */
static size_t
first_difference(struct json_object *old, struct json_object *reeve)
{
	money_t a, b;
	size_t i;

	for (i = 0; i < NELEM(fields); i++)
		if (figure(old, i, &a) && figure(reeve, i, &b) && a != b)
			break;
	return i;
}

static void
put_fields(struct json_object *difference, struct json_object *old,
    struct json_object *reeve)
{
	struct json_object *all = json_object_new_object(), *one;
	bool has_old, has_reeve;
	money_t a, b;
	size_t i;

	for (i = 0; i < NELEM(fields); i++) {
		has_old = old != NULL && figure(old, i, &a);
		has_reeve = reeve != NULL && figure(reeve, i, &b);
		if ((has_old && has_reeve && a == b) ||
		    (!has_old && !has_reeve))
			continue;
		one = json_object_new_object();
		if (has_old)
			json_put_money(one, "old", a);
		if (has_reeve)
			json_put_money(one, "reeve", b);
		json_object_object_add(all, fields[i].name, one);
	}
	json_object_object_add(difference, "fields", all);
}

/* A line, with the same line by the old quantities. */
struct line_trio {
	struct json_object *old;    /* NULL: the old invoice has none */
	struct json_object *reeve;  /* NULL: Reeve's has none */
	struct json_object *steady; /* Reeve's price of the old quantities */
};

/* True of a line of accounts, where the old system counts none: that is told only
 * here. */
static bool
counts_first(const struct rehearsal_comparison *c, const struct line_trio *t)
{
	return !c->counts_accounts && strcmp(json_string_at(t->reeve,
	    "category"), "accounts") == 0;
}

/* True if quantities explain the difference, or a missing plan: these are told
 * already. */
static bool
follows(struct rehearsal_comparison *c, const struct line_trio *t, size_t field)
{
	int64_t known;

	if (t->reeve == NULL)
		return c->lacks_plan;
	if (t->old == NULL || counts_first(c, t))
		return false;
	if (t->steady != NULL &&
	    first_difference(t->old, t->steady) == NELEM(fields))
		return true;
	return field == 0 && quantity_table_get(&c->differing,
	    json_string_at(t->reeve, "category"), "", &known);
}

static void
weigh_line(struct rehearsal_comparison *c, const struct line_trio *t)
{
	money_t old = 0, reeve = 0;

	if ((t->old == NULL || figure(t->old, TOTAL, &old)) &&
	    (t->reeve == NULL || figure(t->reeve, TOTAL, &reeve)))
		rehearsal_weigh(c, old, reeve);
}

/* A line of one side that costs nothing is no difference. */
static bool
is_nothing(struct json_object *line)
{
	money_t total, quantity;

	return figure(line, TOTAL, &total) && total == 0 &&
	    figure(line, 0, &quantity) && quantity == 0;
}

static void
compare_line(struct rehearsal_comparison *c, const struct line_trio *t)
{
	struct json_object *shown = t->old != NULL ? t->old : t->reeve, *json;
	size_t field = 0;
	bool told = follows(c, t, 0);
	const char *rule, *why;

	if (t->old == NULL || t->reeve == NULL) {
		if (is_nothing(shown))
			return;
		rule = t->old == NULL ? "doc/rules/merging 3" :
		    "doc/rules/merging 2";
		why = t->old == NULL ? "the old invoice does not have this "
		    "line: was the plan changed since?" : told ?
		    "a plan is not in the dump" :
		    "no plan of the dump prices this item";
	} else {
		field = first_difference(t->old, t->reeve);
		if (field == NELEM(fields))
			return;
		rule = fields[field].rule;
		why = field == 0 && counts_first(c, t) ? "the old system counts "
		    "no accounts, Reeve does" :
		    field == 0 ? "the invoice has another quantity" :
		    field == 1 ? "the price is another: was the plan, or an "
		    "override, changed since?" : NULL;
		told = follows(c, t, field);
		if (told)
			why = "a quantity differs";
	}
	json = rehearsal_differ(c, "line", rule, why, told);
	json_put_string(json, "category", json_string_at(shown, "category"));
	json_put_string(json, "item", json_string_at(shown, "item"));
	json_put_string(json, "bookkeeper",
	    json_string_at(shown, "bookkeeper"));
	put_fields(json, t->old, t->reeve);
	weigh_line(c, t);
}

static void
compare_lines(struct rehearsal_comparison *c, struct json_object *old,
    struct json_object *reeve, struct json_object *steady)
{
	struct line_trio t;
	size_t i;

	for (i = 0; i < json_object_array_length(old); i++) {
		t.old = json_object_array_get_idx(old, i);
		t.reeve = take_line(c, reeve, t.old);
		t.steady = take_line(c, steady, t.old);
		compare_line(c, &t);
	}
	for (i = 0; i < json_object_array_length(reeve); i++) {
		t.old = NULL;
		t.reeve = json_object_array_get_idx(reeve, i);
		t.steady = NULL;
		compare_line(c, &t);
	}
}

/* ---- sums ---- */

/* The lines as they are reported: what they cost, and why. The caller's. */
static struct json_object *
shown_lines(struct json_object *lines)
{
	static const char *const names[] = { "bookkeeper", "category", "item" };
	struct json_object *list = json_object_new_array(), *line, *shown;
	money_t amount;
	size_t i, j;

	for (i = 0; i < json_object_array_length(lines); i++) {
		line = json_object_array_get_idx(lines, i);
		shown = json_object_new_object();
		for (j = 0; j < NELEM(names); j++)
			json_put_string(shown, names[j],
			    json_string_at(line, names[j]));
		for (j = 0; j < NELEM(fields); j++)
			if (figure(line, j, &amount))
				json_put_money(shown, fields[j].name, amount);
		json_object_array_add(list, shown);
	}
	return list;
}

/* The sum of the totals. False: a line does not say its total. */
static bool
sum_of(struct json_object *lines, money_t *out)
{
	money_t total;
	size_t i;

	*out = 0;
	for (i = 0; i < json_object_array_length(lines); i++)
		if (!figure(json_object_array_get_idx(lines, i), TOTAL,
		    &total) || !money_add(*out, total, out))
			return false;
	return true;
}

/* False: the dump does not say it. */
static bool
add_old_sum(struct rehearsal_comparison *c, struct json_object *old)
{
	money_t sum;

	if (old != NULL)
		json_object_object_add(c->old, "invoice", shown_lines(old));
	if (old == NULL || !sum_of(old, &sum))
		return false;
	json_put_money(c->old, "recurring", sum);
	return true;
}

static void
add_sums(struct rehearsal_comparison *c, struct json_object *old,
    money_t recurring)
{
	struct rehearsal_totals *totals = &c->rehearsal->totals;
	money_t old_recurring = 0;

	json_put_money(c->reeve, "recurring", recurring);
	if (!money_add(totals->recurring_all, recurring,
	    &totals->recurring_all))
		c->account->overflow = true;
	if (!add_old_sum(c, old))
		return;
	totals->invoices++;
	if (!sum_of(old, &old_recurring) || !money_add(totals->old_recurring, old_recurring,
	    &totals->old_recurring) || !money_add(totals->recurring, recurring,
	    &totals->recurring))
		c->account->overflow = true;
}

/* An account without services has no plan. That is told already. */
static void
compare_with_nothing(struct rehearsal_comparison *c)
{
	struct json_object *old = old_lines(c, NULL);
	money_t sum;

	add_sums(c, old, 0);
	if (old != NULL && sum_of(old, &sum))
		rehearsal_weigh(c, sum, 0);
}

void
rehearsal_compare_invoices(struct rehearsal_comparison *c)
{
	struct rehearsed *x = c->account;
	struct json_object *old, *reeve, *steady;
	struct service service;
	money_t recurring, unused;

	if (x->invoices == NULL)
		rehearsal_miss(c, "invoice");
	if (!x->has_services) {
		compare_with_nothing(c);
		return;
	}
	service = imported_services(c);
	service.quantities[QUANTITY_ACCOUNT] = x->old[QUANTITY_ACCOUNT];
	service.quantities[QUANTITY_CASCADE] = c->old_cascade;
	steady = priced_lines(c, &service, &unused);
	service.quantities[QUANTITY_ACCOUNT] = x->own;
	service.quantities[QUANTITY_CASCADE] = c->cascade;
	reeve = priced_lines(c, &service, &recurring);
	if (reeve == NULL || steady == NULL)
		return;
	json_object_object_add(c->reeve, "invoice", shown_lines(reeve));
	old = old_lines(c, reeve);
	c->rehearsal->totals.priced_invoices += old != NULL &&
	    service.plans.count > 0;
	add_sums(c, old, recurring);
	if (old != NULL)
		compare_lines(c, old, reeve, steady);
}
