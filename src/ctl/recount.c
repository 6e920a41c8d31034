/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reevectl recount, object list */
#include "config.h"

#include <stdio.h>

#include "base/gregorian.h"
#include "base/ids.h"
#include "base/json.h"
#include "ctl/command.h"
#include "ctl/print.h"
#include "ctl/progress.h"
#include "service/recount.h"
#include "store/accounts.h"
#include "store/objects.h"

#define AT_ONCE 500
#define PAGE_CHUNK (256 * 1024)

/* ---- recounting ---- */

/* One recount over one or all accounts. */
struct run {
	struct ctl *ctl;
	struct actor actor; /* its time is that of each account */
	struct arena *arena; /* of one account */
	bool dry;
	int64_t accounts;
	int64_t drifted; /* accounts that differed */
	bool reported;   /* --json: the list of drift is begun */
};

struct attempt {
	const struct run *run;
	const char *account_id;
	struct recount counted;
};

static struct problem *
recount_one(struct db *db, struct arena *a, void *state)
{
	struct attempt *t = state;
	struct actor actor = t->run->actor;

	actor.now = gregorian_now();
	return recount_account(db, a, &actor, t->account_id, t->run->dry,
	    &t->counted);
}

/* ---- the report ---- */

static void
begin_drift(struct run *r)
{
	ctl_print(r->reported ? "," : "{\"drift\":[");
	r->reported = true;
}

static void
report(struct run *r, const char *account_id, enum quantity_scope scope,
    const struct quantity_pair *d)
{
	const char *table = quantity_scope_name(scope);
	struct json_object *one;

	if (!r->ctl->json) {
		ctl_print("%s  %s %s/%s: %lld stored, %lld counted\n", account_id,
		    table, d->category, d->item, (long long)d->before,
		    (long long)d->after);
		return;
	}
	one = json_object_new_object();
	json_put_string(one, "account_id", account_id);
	json_put_string(one, "table", table);
	json_put_string(one, "category", d->category);
	json_put_string(one, "item", d->item);
	json_put_int(one, "stored", d->before);
	json_put_int(one, "counted", d->after);
	begin_drift(r);
	ctl_put_document(stdout, json_object_to_json_string_ext(one,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(one);
}

static bool
report_table(struct run *r, const struct attempt *t,
    enum quantity_scope scope)
{
	struct quantity_walk walk = {
		.before = &t->counted.before.quantities[scope],
		.after = &t->counted.after.quantities[scope],
	};
	struct quantity_pair d;
	bool any = false;

	while (quantity_walk_difference(&walk, &d)) {
		if (d.before == d.after) /* 0, or none */
			continue;
		report(r, t->account_id, scope, &d);
		any = true;
	}
	return any;
}

static struct problem *
run_account(struct run *r, const char *account_id)
{
	struct attempt t = { .run = r, .account_id = account_id };
	struct problem *p;
	bool own, cascade;

	arena_reset(r->arena);
	p = db_transaction(r->ctl->db, r->arena, recount_one, &t);
	if (p != NULL)
		return problem_copy(r->ctl->arena, p);
	own = report_table(r, &t, QUANTITY_ACCOUNT);
	cascade = report_table(r, &t, QUANTITY_CASCADE);
	r->accounts++;
	r->drifted += own || cascade;
	return NULL;
}

static struct problem *
run_all(struct run *r)
{
	struct progress progress;
	struct account_list list;
	struct problem *p = NULL;
	char after[ID_SIZE] = "";
	struct arena *page = arena_new(PAGE_CHUNK);
	size_t i;

	progress_begin(&progress, "recounting", 0);
	do {
		arena_reset(page);
		p = store_account_list(
		    r->ctl->db, page, NULL, after, AT_ONCE, &list);
		if (p != NULL)
			p = problem_copy(r->ctl->arena, p);
		for (i = 0; p == NULL && i < list.count; i++) {
			snprintf(after, sizeof(after), "%s",
			    list.accounts[i].id);
			if (list.accounts[i].deleted == 0)
				p = run_account(r, after);
			progress_at(&progress, r->accounts);
		}
	} while (p == NULL && list.count == AT_ONCE);
	progress_end(&progress);
	arena_free(&page);
	return p;
}

static void
print_totals(struct run *r)
{
	if (!r->ctl->json) {
		ctl_print("%lld account%s counted, %lld %s\n",
		    (long long)r->accounts, r->accounts == 1 ? "" : "s",
		    (long long)r->drifted, r->dry ? "drifted" : "corrected");
		return;
	}
	if (!r->reported)
		begin_drift(r);
	ctl_print("],\"accounts\":%lld,\"%s\":%lld}\n", (long long)r->accounts,
	    r->dry ? "drifted" : "corrected", (long long)r->drifted);
}

int
command_recount(struct ctl *ctl)
{
	const char *account = ctl_named(ctl, "", 0);
	struct run r = {
		.ctl = ctl,
		.actor = ctl_actor(ctl, ctl->arena),
		.dry = ctl_option(ctl, "dry-run") != NULL,
	};
	struct problem *p;
	int status;

	if ((account == NULL) == (ctl_option(ctl, "all") == NULL))
		return ctl_usage(ctl, "which account, or --all?");
	if (account != NULL &&
	    (status = ctl_check_id(ctl, "account", account)) != 0)
		return status;
	if ((status = ctl_need_classes(ctl)) != 0)
		return status;
	r.arena = arena_new(1024 * 1024);
	p = account != NULL ? run_account(&r, account) : run_all(&r);
	arena_free(&r.arena);
	/* Corrections made before the problem stay. */
	if (p == NULL || r.accounts > 0)
		print_totals(&r);
	if (p != NULL)
		return ctl_problem(ctl, p);
	return r.dry && r.drifted > 0 ? EXIT_NOT_WELL : 0;
}

/* ---- listing objects ---- */

static void
print_object(const struct ctl *ctl, const struct object *o)
{
	const char *name = json_string_at(o->document, "name");

	if (name == NULL)
		name = json_string_at(o->document, "username");
	if (ctl->json) {
		kind_hide(o->kind, o->document);
		json_put_string(o->document, "id", o->id);
		ctl_print_document(json_object_to_json_string_ext(o->document,
		    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	} else {
		ctl_print("%-32s  %s\n", o->id, name == NULL ? "" : name);
	}
}

static struct problem *
print_objects(struct ctl *ctl, const char *account, const struct kind *kind)
{
	struct page_query query = { .start.id = "", .ascending = true,
		.limit = AT_ONCE };
	struct arena *page = arena_new(PAGE_CHUNK), *next;
	struct object_list list;
	struct problem *p;
	size_t i;

	do {
		/* Each page begins with the last row of the page before, which
		 * names it. */
		next = arena_new(PAGE_CHUNK);
		p = store_object_list(
		    ctl->db, next, account, kind, &query, &list);
		i = *query.start.id != '\0';
		arena_free(&page);
		page = next;
		for (; p == NULL && i < list.count; i++)
			print_object(ctl, &list.objects[i]);
		if (p == NULL && list.count > 0)
			query.start.id = list.objects[list.count - 1].id;
	} while (p == NULL && list.count == AT_ONCE);
	if (p != NULL)
		p = problem_copy(ctl->arena, p);
	arena_free(&page);
	return p;
}

int
command_object_list(struct ctl *ctl)
{
	const char *account = ctl_option(ctl, "account");
	const char *noun = ctl_named(ctl, "kind", 0);
	const struct kind *kind = noun == NULL ? NULL : kind_of_noun(noun);
	struct account *found;
	struct problem *p;
	size_t i;
	int status;

	if ((status = ctl_find_account(ctl, account, &found)) != 0)
		return status;
	if (kind == NULL) {
		ctl_tell("reevectl: the kinds are");
		for (i = 0; (kind = kind_at(i)) != NULL; i++)
			ctl_tell(" %s", kind->noun);
		ctl_tell("\n");
		return ctl_usage(ctl, "of which kind?");
	}
	p = print_objects(ctl, account, kind);
	return p == NULL ? 0 : ctl_problem(ctl, p);
}
