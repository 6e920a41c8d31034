/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reevectl export: an account and its descendants as JSON lines, in the shapes
 * of CouchDB's documents, so that reevectl import reads them back. Left out are
 * passwords, API keys and tokens, which are stored as digests only, and members
 * that are never shown (billing/kind.h), which are counted.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "billing/number_features.h"
#include "billing/quantity_document.h"
#include "ctl/command.h"
#include "ctl/print.h"
#include "ctl/progress.h"
#include "service/terms.h"
#include "service/trail.h"
#include "store/accounts.h"
#include "store/ledgers.h"
#include "store/objects.h"
#include "store/plans.h"

#define AT_ONCE 500
#define ARENA_CHUNK (256 * 1024)

struct export {
	struct ctl *ctl;
	struct arena *arena; /* of one document, until it is printed */
	int64_t written;
	int64_t without; /* objects whose hidden members were left out */
};

/* ---- one document ---- */

static struct json_object *
document(struct export *x, struct json_object *public, const char *id,
    const char *type, int64_t created)
{
	struct json_object *json = json_own(x->arena, json_object_new_object());

	json_put_string(json, "_id", id);
	json_put_string(json, "pvt_type", type);
	if (created != 0)
		json_put_int(json, "pvt_created", created);
	if (public != NULL) {
		json_object_object_foreach(public, key, value)
			json_object_object_add(json, key,
			    json_object_get(value));
	}
	return json;
}

static void
print(struct export *x, struct json_object *json)
{
	ctl_print_document(json_canonical_text(x->arena, json));
	x->written++;
	arena_reset(x->arena);
}

/* Frees a page when the next one is read: its last row names the place. */
static void
turn_page(struct arena **page, struct arena *own_next)
{
	arena_free(page);
	*page = own_next;
}

/* ---- accounts ---- */

static struct problem *
export_account(struct export *x, const struct account *account)
{
	struct json_object *json = document(x, account->document, account->id,
	    "account", account->created);
	struct json_object *tree = json_object_new_array();
	struct account_lines ancestors;
	struct problem *p;
	size_t i;

	p = store_account_parents(
	    x->ctl->db, x->arena, account->id, &ancestors);
	for (i = 0; p == NULL && i < ancestors.count; i++)
		json_object_array_add(tree,
		    json_object_new_string(ancestors.lines[i].id));
	json_object_object_add(json, "pvt_tree", tree);
	json_put_int(json, "pvt_modified", account->modified);
	json_put_bool(json, "pvt_reseller", account->is_reseller);
	json_put_string(json, "name", account->name);
	json_put_string(json, "realm", account->realm);
	json_put_string(json, "language", account->language);
	json_put_bool(json, "enabled", account->enabled);
	if (account->expires != 0)
		json_put_int(json, "pvt_trial_expires", account->expires);
	if (p == NULL)
		print(x, json);
	return p;
}

/* ---- objects, plans, services ---- */

/* Every number has the list of its features, as in CouchDB. */
static void
list_features(struct export *x, struct json_object *number)
{
	struct json_object *list;
	const char *const *names;
	size_t count, i;

	if (json_object_object_get_ex(number, NUMBER_FEATURES, NULL))
		return;
	list = json_object_new_object();
	count = number_features_of(x->arena, number, &names);
	for (i = 0; i < count; i++)
		json_object_object_add(list, names[i],
		    json_object_new_object());
	json_object_object_add(number, NUMBER_FEATURES, list);
}

static void
print_object(struct export *x, const struct account *account,
    const struct object *o)
{
	struct json_object *json;
	int members;

	if (o->kind == NULL)
		return;
	json = document(x, o->document, o->id, o->kind->type, o->created);
	members = json_object_object_length(json);
	kind_hide(o->kind, json);
	x->without += json_object_object_length(json) < members;
	if (o->kind->has_features)
		list_features(x, json);
	json_put_int(json, "pvt_modified", o->modified);
	json_put_string(json, "pvt_account_id", account->id);
	print(x, json);
}

static struct problem *
export_objects(struct export *x, const struct account *account)
{
	struct object last = { .noun = "", .id = "" };
	struct arena *page = arena_new(ARENA_CHUNK), *next;
	struct object_list list;
	struct problem *p;
	size_t i;

	do {
		next = arena_new(ARENA_CHUNK);
		p = store_object_scan(x->ctl->db, next, account->id, &last,
		    AT_ONCE, &list);
		turn_page(&page, next);
		for (i = 0; p == NULL && i < list.count; i++)
			print_object(x, account, &list.objects[i]);
		if (p == NULL && list.count > 0)
			last = list.objects[list.count - 1];
	} while (p == NULL && list.count == AT_ONCE);
	if (p != NULL)
		p = problem_copy(x->ctl->arena, p);
	arena_free(&page);
	return p;
}

static void
print_plan(struct export *x, const struct account *account,
    const struct plan *plan)
{
	struct json_object *json = document(x, plan->document, plan->id,
	    "service_plan", plan->modified);

	json_put_string(json, "pvt_account_id", account->id);
	json_put_int(json, "pvt_plan_version", plan->version);
	print(x, json);
}

/* Exports all versions, since an account may be assigned any of them. */
static struct problem *
export_plan(struct export *x, const struct account *account,
    const struct plan *newest)
{
	struct problem *p = NULL;
	struct plan *plan;
	int64_t version;

	for (version = 1; version < newest->version && p == NULL; version++) {
		p = store_plan_show(x->ctl->db, x->arena, &(struct plan_key){
		    account->id, newest->id, version }, PLAN_LOOK, &plan);
		if (p == NULL && plan != NULL)
			print_plan(x, account, plan);
	}
	if (p == NULL)
		print_plan(x, account, newest);
	return p;
}

static struct problem *
export_plans(struct export *x, const struct account *account)
{
	struct page_query query = { .start.id = "", .ascending = true,
		.limit = AT_ONCE };
	struct arena *page = arena_new(ARENA_CHUNK), *next;
	struct plan_list list;
	struct problem *p;
	size_t i;

	do {
		next = arena_new(ARENA_CHUNK);
		p = store_plan_list(x->ctl->db, next, account->id, &query, false,
		    &list);
		/* Each page begins with the last row of the page before. */
		i = *query.start.id != '\0';
		turn_page(&page, next);
		for (; p == NULL && i < list.count; i++)
			p = export_plan(x, account, &list.plans[i]);
		if (p == NULL && list.count > 0)
			query.start.id = list.plans[list.count - 1].id;
	} while (p == NULL && list.count == AT_ONCE);
	if (p != NULL)
		p = problem_copy(x->ctl->arena, p);
	arena_free(&page);
	return p;
}

/* Adds the own quantities that no object explains: they stay as imported, and a
 * rehearsal of this export counts them. */
static struct problem *
put_unexplained(struct export *x, const struct account *account,
    struct json_object *json)
{
	struct quantity_table table = { .count = 0 };
	struct source_list list;
	struct problem *p = store_source_import_list(x->ctl->db, x->arena,
	    account->id, &list);
	size_t i;

	if (p != NULL || list.count == 0)
		return p;
	for (i = 0; i < list.count; i++)
		quantity_table_set(x->arena, &table, list.items[i].category,
		    list.items[i].item, list.items[i].n);
	json_object_object_add(json, "pvt_unexplained",
	    quantity_table_json(&table));
	return NULL;
}

static struct problem *
export_service(struct export *x, const struct account *account)
{
	struct service service;
	struct json_object *json;
	struct problem *p;

	p = store_service_load(x->ctl->db, x->arena, account->id, SERVICE_LOOK,
	    &service);
	if (p != NULL)
		return p;
	json = document(x, service.document, account->id, "service",
	    account->created);
	json_put_string(json, "pvt_account_id", account->id);
	json_put_string(json, "pvt_status", service.standing);
	if (service.reason != NULL)
		json_put_string(json, "pvt_status_reason", service.reason);
	if (service.has_reason_code)
		json_put_int(json, "pvt_status_reason_code",
		    service.reason_code);
	json_put_string(json, "billing_id", service.billing_id);
	json_object_object_add(json, "plans", json_object_get(
	    terms_assignments_json(x->arena, &service.plans)));
	json_object_object_add(json, "overrides",
	    json_object_get(service.overrides));
	json_object_object_add(json, "quantities", json_object_get(
	    terms_quantities_json(x->arena, &service)));
	p = put_unexplained(x, account, json);
	if (p == NULL)
		print(x, json);
	return p;
}

/* ---- audit and ledgers ---- */

static bool
print_entry(void *state, const struct audit_entry *entry,
    struct json_object *tree)
{
	struct export *x = state;
	struct json_object *json = document(x, tree, entry->id, "audit_log",
	    entry->created);

	/* The newer form has no type. */
	if (entry->form == AUDIT_QUANTITIES)
		json_object_object_del(json, "pvt_type");
	json_put_string(json, "pvt_account_id", entry->account_id);
	print(x, json);
	return true;
}

static bool
print_ledger(void *state, const char *account_id,
    const struct ledger_entry *entry)
{
	struct export *x = state;
	struct json_object *json = document(x, ledger_entry_document(
	    x->arena, entry), entry->id, "ledger", entry->created);
	char units[MONEY_TEXT_SIZE];

	money_to_units(entry->amount, units);
	json_object_object_del(json, "id");
	json_object_object_add(json, "amount",
	    json_object_new_double_s(0, units));
	json_put_string(json, "pvt_account_id", account_id);
	json_put_string(json, "pvt_ledger_type", entry->debit ? "debit" :
	    "credit");
	print(x, json);
	return true;
}

static struct problem *
export_history(struct export *x, const struct account *account)
{
	struct problem *p;

	p = trail_each(x->ctl->db, x->arena, account->id, print_entry, x);
	return p != NULL ? p :
	                   store_ledger_each(x->ctl->db, x->arena, account->id,
	                       print_ledger, x);
}

/* ---- all accounts ---- */

/* Import needs this order: all accounts first, then the rest. */
static struct problem *
each_account(struct export *x, const char *top, struct problem *(*fn)(
    struct export *x, const struct account *account))
{
	struct account_list list;
	struct problem *p = NULL;
	const char *after = "";
	struct arena *page = arena_new(ARENA_CHUNK), *next;
	size_t i;

	do {
		next = arena_new(ARENA_CHUNK);
		p = store_account_list(
		    x->ctl->db, next, top, after, AT_ONCE, &list);
		turn_page(&page, next);
		for (i = 0; p == NULL && i < list.count; i++) {
			if (list.accounts[i].deleted == 0)
				p = fn(x, &list.accounts[i]);
			after = list.accounts[i].id;
		}
	} while (p == NULL && list.count == AT_ONCE);
	if (p != NULL)
		p = problem_copy(x->ctl->arena, p);
	arena_free(&page);
	return p;
}

static struct problem *
export_rest(struct export *x, const struct account *account)
{
	struct problem *p;

	if ((p = export_plans(x, account)) != NULL ||
	    (p = export_service(x, account)) != NULL ||
	    (p = export_objects(x, account)) != NULL)
		return p;
	return export_history(x, account);
}

int
command_export(struct ctl *ctl)
{
	const char *top = ctl_named(ctl, "", 0);
	struct export x = { .ctl = ctl };
	struct problem *p;
	int status;

	if (top != NULL && (status = ctl_check_id(ctl, "account", top)) != 0)
		return status;
	x.arena = arena_new(ARENA_CHUNK);
	p = each_account(&x, top, export_account);
	if (p == NULL)
		p = each_account(&x, top, export_rest);
	if (p == NULL && x.written == 0)
		p = problem_text(ctl->arena, PROBLEM_BAD_IDENTIFIER,
		    "there is no account %s", top == NULL ? "" : top);
	arena_free(&x.arena);
	if (p != NULL)
		return ctl_problem(ctl, p);
	if (x.without > 0)
		ctl_tell("reevectl: left out: the secrets of %lld "
		    "bookkeepers and webhooks, which must be set again where "
		    "this is imported\n", (long long)x.without);
	if (fflush(stdout) != 0) {
		ctl_tell("reevectl: standard output: %s\n", strerror(errno));
		return EXIT_NO_INPUT;
	}
	return 0;
}
