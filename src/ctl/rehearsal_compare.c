/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/rehearsal_compare.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "billing/quantity_document.h"

#define GROUPS_MAX 500

/* ---- parts of the result ---- */

void
rehearsal_miss(struct rehearsal_comparison *c, const char *what)
{
	json_object_array_add(c->missing, json_object_new_string(what));
}

void
rehearsal_weigh(struct rehearsal_comparison *c, money_t old, money_t reeve)
{
	money_t difference;

	if (!money_subtract(reeve, old, &difference) || !money_add(c->impact,
	    difference < 0 ? -difference : difference, &c->impact))
		c->impact = MONEY_MAX;
}

struct json_object *
rehearsal_differ(struct rehearsal_comparison *c, const char *what,
    const char *rule, const char *why, bool follows)
{
	struct json_object *json = json_object_new_object();

	json_put_string(json, "of", what);
	json_put_string(json, "rule", rule);
	json_put_string(json, "why", why);
	json_put_bool(json, "follows", follows);
	json_object_array_add(c->differences, json);
	c->own += !follows;
	c->following += follows;
	return json;
}

/* Counts the accounts that have a difference. */
static void
group(struct rehearsal_comparison *c, struct json_object *difference)
{
	struct quantity_table *groups = &c->rehearsal->totals.groups;
	const char *scope = json_string_at(difference, "scope");
	const char *category = json_string_at(difference, "category");
	const char *item = json_string_at(difference, "item");
	const char *plan = json_string_at(difference, "plan");
	const char *what = arena_printf(c->arena, "%s%s%s%s%s%s%s%s%s",
	    json_string_at(difference, "of"), scope == NULL ? "" : " ",
	    scope == NULL ? "" : scope, category == NULL ? "" : " ",
	    category == NULL ? "" : category, item == NULL ? "" : "/",
	    item == NULL ? "" : item, plan == NULL ? "" : " ",
	    plan == NULL ? "" : plan);
	const char *rule = json_string_at(difference, "rule");
	int64_t known;

	if (json_true_at(difference, "follows"))
		return;
	if (groups->count >= GROUPS_MAX &&
	    !quantity_table_get(groups, what, rule, &known)) {
		what = "others";
		rule = "";
	}
	(void)!quantity_table_add(c->rehearsal->ctl->arena, groups, what, rule,
	    1);
}

/* ---- quantities ---- */

static const struct {
	const char *category;
	const char *rule;
} counting_rules[] = {
	{ "phone_numbers", "doc/rules/counting 5" },
	{ "number_services", "doc/rules/counting 6" },
	{ "account_apps", "doc/rules/counting 7" },
	{ "user_apps", "doc/rules/counting 7" },
	{ "port_request", "doc/rules/counting 8" },
	{ "billing", "doc/rules/counting 9" },
};

static const char *
counting_rule(const char *category)
{
	size_t i;

	for (i = 0; i < NELEM(counting_rules); i++)
		if (strcmp(counting_rules[i].category, category) == 0)
			return counting_rules[i].rule;
	return "doc/rules/counting 3";
}

/* pair: the old figure, and what is counted in the dump. imported: the figure that
 * import stores, which may be another. */
static struct json_object *
differ_in_quantity(struct rehearsal_comparison *c,
    struct json_object *own_difference, const struct quantity_pair *pair,
    int64_t imported)
{
	json_put_string(own_difference, "category", pair->category);
	json_put_string(own_difference, "item", pair->item);
	json_put_int(own_difference, "old", pair->before);
	json_put_int(own_difference, "reeve", imported);
	if (imported != pair->after)
		json_put_int(own_difference, "counted", pair->after);
	quantity_table_set(c->arena, &c->differing, pair->category, "", 1);
	return own_difference;
}

/* Versions before 5.0 do not count accounts: there is nothing to compare. */
static bool
is_compared(const struct rehearsal_comparison *c,
    const struct quantity_pair *pair)
{
	return c->counts_accounts || strcmp(pair->category, "accounts") != 0;
}

static void
compare_own(struct rehearsal_comparison *c)
{
	struct quantity_walk walk = {
		.before = &c->account->old[QUANTITY_ACCOUNT],
		.after = &c->account->counted,
	};
	struct quantity_pair pair;
	struct json_object *json;
	bool fewer;

	while (quantity_walk_pair(&walk, &pair)) {
		if (pair.before == pair.after || !is_compared(c, &pair))
			continue;
		fewer = pair.after < pair.before;
		json = rehearsal_differ(c, "quantity", fewer ?
		    "doc/rules/counting 18" : counting_rule(pair.category),
		    fewer ? "the dump has fewer objects than the old figure: "
		    "import keeps that figure" :
		    "the dump has more objects than the old figure: import "
		    "counts them", false);
		json_put_string(json, "scope", "account");
		differ_in_quantity(c, json, &pair, fewer ? pair.before :
		    pair.after);
	}
}

/* The reason why a cascade is another; NULL: an account below has it. */
static const char *
cascade_reason(struct rehearsal_comparison *c, const struct quantity_pair *pair,
    int64_t imported)
{
	int64_t sum;

	quantity_table_get(&c->account->old_below, pair->category, pair->item,
	    &sum);
	if (sum == pair->before)
		return NULL;
	return imported == pair->after ? "it is not the sum of the accounts "
	    "below: import counts these" : "it is not the sum of the accounts "
	    "below: import keeps it until a recount";
}

static void
compare_cascade(struct rehearsal_comparison *c)
{
	struct quantity_walk walk = {
		.before = &c->account->old[QUANTITY_CASCADE],
		.after = &c->account->below,
	};
	struct quantity_pair pair;
	struct json_object *json;
	int64_t imported;
	const char *why;

	while (quantity_walk_pair(&walk, &pair)) {
		quantity_table_get(&c->cascade, pair.category, pair.item,
		    &imported);
		if ((pair.before == imported && pair.after == imported) ||
		    !is_compared(c, &pair))
			continue;
		why = cascade_reason(c, &pair, imported);
		json = rehearsal_differ(c, "quantity", "doc/rules/counting 15",
		    why == NULL ? "an account below differs" : why,
		    why == NULL);
		json_put_string(json, "scope", "cascade");
		differ_in_quantity(c, json, &pair, imported);
	}
}

/* Makes of an item of a cascade that the document states what import does: accounts
 * are counted before it is read, objects add to it what no document counts. */
static bool
import_cascade(struct rehearsal_comparison *c, const struct quantity_pair *pair)
{
	int64_t stated;

	quantity_table_get(&c->cascade, pair->category, pair->item, &stated);
	if (strcmp(pair->category, "accounts") != 0)
		return pair->after <= pair->before || quantity_table_add(
		    c->arena, &c->cascade, pair->category, pair->item,
		    pair->after - pair->before);
	if (pair->after > stated)
		quantity_table_set(c->arena, &c->cascade, pair->category,
		    pair->item, pair->after);
	return true;
}

/* The cascade of the old system, and that of the import: where the document states
 * none, both are the sum over the accounts below. */
static void
make_cascades(struct rehearsal_comparison *c)
{
	const struct rehearsed *x = c->account;
	struct quantity_walk walk = { .before = &x->old_below,
		.after = &x->below };
	struct quantity_pair pair;

	if (!x->has_cascade) {
		c->old_cascade = x->old_below;
		c->cascade = x->below;
		return;
	}
	c->old_cascade = x->old[QUANTITY_CASCADE];
	quantity_table_copy(c->arena, &c->old_cascade, &c->cascade);
	while (quantity_walk_pair(&walk, &pair))
		if (!import_cascade(c, &pair))
			c->account->overflow = true;
}

static struct json_object *
quantities_of(const struct quantity_table *own,
    const struct quantity_table *cascade, const struct quantity_table *manual)
{
	const struct quantity_table tables[QUANTITY_SCOPE__MAX] = {
		[QUANTITY_ACCOUNT] = *own,
		[QUANTITY_CASCADE] = *cascade,
		[QUANTITY_MANUAL] = *manual,
	};

	return quantity_tables_json(tables);
}

static void
compare_quantities(struct rehearsal_comparison *c)
{
	const struct rehearsed *x = c->account;

	make_cascades(c);
	json_object_object_add(c->reeve, "quantities", quantities_of(&x->own,
	    &c->cascade, &x->old[QUANTITY_MANUAL]));
	if (!x->has_services) {
		rehearsal_miss(c, "services");
		rehearsal_differ(c, "services", "doc/rules/counting 18", "the "
		    "dump has no services document of it: the old system "
		    "counted nothing for it, Reeve counts its objects and has "
		    "no plan to price them", false);
		return;
	}
	json_object_object_add(c->old, "quantities",
	    quantities_of(&x->old[QUANTITY_ACCOUNT], &c->old_cascade,
	    &x->old[QUANTITY_MANUAL]));
	c->counts_accounts = quantity_table_category(
	    &x->old[QUANTITY_ACCOUNT], "accounts").count > 0;
	c->rehearsal->totals.without_accounts += !c->counts_accounts;
	compare_own(c);
	if (x->has_cascade)
		compare_cascade(c);
	else
		rehearsal_miss(c, "cascade");
}

/* ---- ledgers ---- */

static struct json_object *
months_json(const struct quantity_table *months)
{
	struct json_object *json = json_object_new_object(), *month;
	size_t i;

	for (i = 0; i < months->count; i++) {
		month = json_object_at(json, months->rows[i].category);
		if (month == NULL) {
			month = json_object_new_object();
			json_object_object_add(json, months->rows[i].category,
			    month);
		}
		json_put_money(month, months->rows[i].item,
		    months->rows[i].number);
	}
	return json;
}

static void
compare_months(struct rehearsal_comparison *c)
{
	struct quantity_walk walk = {
		.before = &c->account->ledger.old_months,
		.after = &c->account->ledger.months,
	};
	struct quantity_pair pair;
	struct json_object *json;

	while (quantity_walk_pair(&walk, &pair)) {
		if (pair.before == pair.after)
			continue;
		json = rehearsal_differ(c, "month", "doc/rules/ledgers 10",
		    "an entry is of another month in UTC, or is left out",
		    false);
		json_put_string(json, "month", pair.category);
		json_put_string(json, "service", pair.item);
		json_put_money(json, "old", pair.before);
		json_put_money(json, "reeve", pair.after);
	}
}

static void
compare_rollovers(struct rehearsal_comparison *c)
{
	const struct rehearsal_ledger *l = &c->account->ledger;
	const struct rehearsal_break *fault;
	struct json_object *json;
	size_t i;

	for (i = 0; i < l->break_count; i++) {
		fault = &l->breaks[i];
		json = rehearsal_differ(c, "rollover", "doc/rules/ledgers 11",
		    "the rollover is not what the entries before it add "
		    "up to, which Reeve counts",
		    l->old_balance != l->balance);
		json_put_string(json, "month", fault->month);
		json_put_money(json, "old", fault->said);
		json_put_money(json, "reeve", fault->sum);
	}
}

static void
compare_ledgers(struct rehearsal_comparison *c)
{
	const struct rehearsal_ledger *l = &c->account->ledger;
	struct rehearsal_totals *totals = &c->rehearsal->totals;
	struct json_object *json;

	if (l->entries == 0) {
		rehearsal_miss(c, "ledgers");
		return;
	}
	totals->ledgers++;
	json_put_money(c->old, "balance", l->old_balance);
	json_put_money(c->reeve, "balance", l->balance);
	json_object_object_add(c->old, "months", months_json(&l->old_months));
	json_object_object_add(c->reeve, "months", months_json(&l->months));
	if (!money_add(totals->old_balance, l->old_balance,
	    &totals->old_balance) || !money_add(totals->balance, l->balance,
	    &totals->balance))
		c->account->overflow = true;
	if (l->old_balance != l->balance) {
		json = rehearsal_differ(c, "balance", "doc/rules/ledgers 13",
		    l->break_count > 0 ? "a rollover is not the sum of what "
		    "was before: Reeve counts the entries" : l->leaves_out ?
		    "an entry is left out" :
		    "the old balance begins with another entry", false);
		json_put_money(json, "old", l->old_balance);
		json_put_money(json, "reeve", l->balance);
		rehearsal_weigh(c, l->old_balance, l->balance);
	}
	compare_rollovers(c);
	compare_months(c);
}

/* ---- logins ---- */

static void
add_logins(struct rehearsal_comparison *c)
{
	const struct rehearsed *x = c->account;
	struct rehearsal_totals *totals = &c->rehearsal->totals;
	struct json_object *json = json_object_new_object();

	json_put_int(json, "md5", x->md5);
	json_put_int(json, "sha1", x->sha);
	json_put_int(json, "none", x->none);
	json_put_int(json, "disabled", x->disabled);
	json_put_bool(json, "api_key", x->has_key);
	json_object_object_add(c->json, "logins", json);
	totals->md5 += x->md5;
	totals->sha += x->sha;
	totals->none += x->none;
	totals->disabled += x->disabled;
	totals->keys += x->has_key;
}

/* ---- an account ---- */

static struct json_object *
member(struct json_object *parent, const char *name,
    struct json_object *own_member)
{
	json_object_object_add(parent, name, own_member);
	return own_member;
}

static void
begin(struct rehearsal_comparison *c)
{
	struct json_object *account;

	c->json = json_own(c->arena, json_object_new_object());
	account = member(c->json, "account", json_object_new_object());
	json_put_string(account, "id", c->account->id);
	json_put_string(account, "name", c->account->name);
	c->old = member(c->json, "old", json_object_new_object());
	c->reeve = member(c->json, "reeve", json_object_new_object());
	c->missing = member(c->json, "missing", json_object_new_array());
	c->differences = member(c->json, "differences",
	    json_object_new_array());
}

/* Adds the result so that the worst is read first. */
static void
end(struct rehearsal_comparison *c)
{
	struct rehearsal_totals *totals = &c->rehearsal->totals;
	size_t n = json_object_array_length(c->differences), i;
	const char *text;

	for (i = 0; i < n; i++)
		group(c, json_object_array_get_idx(c->differences, i));
	json_put_money(c->json, "impact", c->impact);
	json_put_int(c->json, "count", c->own);
	totals->differing += c->own + c->following > 0;
	totals->differences += c->own;
	totals->following += c->following;
	text = json_canonical_text(c->arena, c->json);
	spool_add(c->rehearsal->results, arena_printf(c->arena,
	    "%c%016" PRIx64 "%016" PRIx64 "%s",
	    c->own > 0 ? 'A' : c->following > 0 ? 'B' : 'C',
	    (uint64_t)(INT64_MAX - c->impact), (uint64_t)(INT64_MAX - c->own),
	    c->account->id), text, strlen(text));
}

void
rehearsal_compare(struct rehearsal *r, struct arena *a,
    struct rehearsed *account)
{
	struct rehearsal_comparison c = {
		.rehearsal = r,
		.arena = a,
		.account = account,
	};

	begin(&c);
	r->totals.accounts++;
	r->totals.compared += account->has_services;
	compare_quantities(&c);
	rehearsal_compare_invoices(&c);
	compare_ledgers(&c);
	add_logins(&c);
	if (account->overflow || account->ledger.overflow)
		rehearsal_differ(&c, "overflow", "doc/rules/pricing 17",
		    "more is counted than can be", false);
	end(&c);
}
