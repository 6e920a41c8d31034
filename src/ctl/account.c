/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reevectl account create, list, show, tree, move, promote, demote */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/ids.h"
#include "base/json.h"
#include "ctl/command.h"
#include "ctl/print.h"
#include "service/account.h"
#include "service/move.h"
#include "service/terms.h"
#include "store/accounts.h"

#define PAGE 500
#define PAGE_CHUNK (64 * 1024)

static void
write_account(struct json_writer *w, const struct account *account)
{
	json_member_string(w, "id", account->id);
	json_member_string(w, "name", account->name);
	if (account->parent_id != NULL)
		json_member_string(w, "parent_id", account->parent_id);
	json_member_string(w, "reseller_id", account->reseller_id);
	json_member_bool(w, "is_reseller", account->is_reseller);
	json_member_bool(w, "is_master_account", account->is_master);
	json_member_bool(w, "enabled", account->enabled);
	if (account->expires != 0)
		json_member_int(w, "expires", account->expires);
	if (account->realm != NULL)
		json_member_string(w, "realm", account->realm);
	json_member_string(w, "language", account->language);
	json_member_int(w, "created", account->created);
	json_member_int(w, "modified", account->modified);
}

static struct json_object *
document_of(struct ctl *ctl, const char *name)
{
	struct json_object *json = json_own(ctl->arena,
	    json_object_new_object());

	json_put_string(json, "name", name);
	json_put_string(json, "realm", ctl_option(ctl, "realm"));
	json_put_string(json, "language", ctl_option(ctl, "language"));
	return json;
}

struct creation {
	struct ctl *ctl;
	struct new_account account;
};

static struct problem *
create_account(struct db *db, struct arena *a, void *state)
{
	const struct creation *c = state;
	const struct actor actor = ctl_actor(c->ctl, a);

	return account_make(db, a, &actor, CHANGE_UNASKED, &c->account);
}

int
command_account_create(struct ctl *ctl)
{
	const char *name = ctl_named(ctl, "name", 0);
	char fresh[ID_SIZE];
	struct creation c = {
		.ctl = ctl,
		.account = {
			.id = ctl_option(ctl, "id"),
			.parent_id = ctl_option(ctl, "parent"),
			.is_reseller = ctl_option(ctl, "reseller") != NULL,
			.document = document_of(ctl, name),
		},
	};
	struct new_account *account = &c.account;
	struct problem *p;
	int status;

	if (name == NULL || name[0] == '\0')
		return ctl_usage(ctl, "the account needs a name");
	id_new(fresh);
	if (account->id == NULL)
		account->id = fresh;
	if ((status = ctl_check_id(ctl, "id", account->id)) != 0 ||
	    (account->parent_id != NULL &&
	    (status = ctl_check_id(ctl, "parent", account->parent_id)) != 0))
		return status;
	p = db_transaction(ctl->db, ctl->arena, create_account, &c);
	if (p != NULL)
		return ctl_problem(ctl, p);
	if (ctl->json)
		ctl_print("{\"id\":\"%s\"}\n", account->id);
	else
		ctl_print("%s\n", account->id);
	return 0;
}

static void
print_line(const struct account *account)
{
	ctl_print("%s  %*s%s%s%s\n", account->id, (int)account->below * 2, "",
	    account->name, account->is_master ? " (master)" :
	    account->is_reseller ? " (reseller)" : "",
	    account->enabled ? "" : " (disabled)");
}

static void
print_json_line(struct arena *a, const struct account *account)
{
	struct json_writer w;
	struct buffer text;

	buffer_init(&text, a, 0);
	json_writer_init(&w, &text);
	json_begin_object(&w);
	write_account(&w, account);
	json_member_int(&w, "depth", account->below);
	json_end(&w);
	ctl_print_document(text.text);
}

/* Prints an account (NULL: the master account) and its descendants. */
static struct problem *
print_list(struct ctl *ctl, const char *top, int64_t left)
{
	struct arena *page = arena_new(PAGE_CHUNK);
	char after[ID_SIZE] = "";
	struct account_list list;
	struct problem *p;
	size_t i;

	do {
		arena_reset(page);
		p = store_account_list(ctl->db, page, top, after,
		    left < PAGE ? left : PAGE, &list);
		if (p == NULL && top != NULL && list.count == 0 && *after == '\0')
			p = problem_text(page, PROBLEM_BAD_IDENTIFIER,
			    "there is no account %s", top);
		for (i = 0; p == NULL && i < list.count; i++) {
			if (ctl->json)
				print_json_line(page, &list.accounts[i]);
			else
				print_line(&list.accounts[i]);
			snprintf(after, sizeof(after), "%s",
			    list.accounts[i].id);
		}
		left -= p == NULL ? (int64_t)list.count : 0;
	} while (p == NULL && list.count == PAGE && left > 0);
	if (p != NULL)
		p = problem_copy(ctl->arena, p);
	arena_free(&page);
	return p;
}

int
command_account_list(struct ctl *ctl)
{
	const char *top = ctl_named(ctl, "", 0);
	const char *limit_text = ctl_option(ctl, "limit");
	int64_t limit = INT64_MAX;
	struct problem *p;
	int status;

	if (top != NULL && (status = ctl_check_id(ctl, "account", top)) != 0)
		return status;
	if (limit_text != NULL && !ctl_count(limit_text, &limit))
		return ctl_usage(ctl, "--limit needs a number above 0");
	p = print_list(ctl, top, limit);
	return p == NULL ? 0 : ctl_problem(ctl, p);
}

int
command_account_show(struct ctl *ctl)
{
	const char *id = ctl_named(ctl, "", 0);
	struct account *account;
	struct service service;
	struct json_writer w;
	struct buffer text;
	struct problem *p;
	int status;

	if ((status = ctl_find_account(ctl, id, &account)) != 0)
		return status;
	p = store_service_load(ctl->db, ctl->arena, id, SERVICE_LOOK, &service);
	if (p != NULL)
		return ctl_problem(ctl, p);
	buffer_init(&text, ctl->arena, 0);
	json_writer_init(&w, &text);
	json_begin_object(&w);
	write_account(&w, account);
	json_member_int(&w, "descendants", account->below);
	json_key(&w, "plans");
	json_tree(&w, terms_assignments_json(ctl->arena, &service.plans));
	json_key(&w, "quantities");
	json_tree(&w, terms_quantities_json(ctl->arena, &service));
	json_end(&w);
	if (ctl->json) {
		ctl_print_document(text.text);
	} else {
		const char *error;
		struct json_object *tree = json_parse(ctl->arena, text.text,
		    text.length, &error);

		ctl_print_document(json_object_to_json_string_ext(tree,
		    JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
		    JSON_C_TO_STRING_NOSLASHESCAPE));
	}
	return 0;
}

/* ---- move, promote, demote ---- */

struct hierarchy_change {
	struct ctl *ctl;
	const char *account_id;
	const char *to;  /* move */
	enum move_plans plans; /* move */
	bool promote;
};

static struct problem *
move(struct db *db, struct arena *a, void *state)
{
	const struct hierarchy_change *d = state;
	const struct actor actor = ctl_actor(d->ctl, a);

	return move_account(db, a, &actor, &(struct move){ d->account_id,
	    d->to, d->plans, false });
}

static struct problem *
resell(struct db *db, struct arena *a, void *state)
{
	const struct hierarchy_change *d = state;
	const struct actor actor = ctl_actor(d->ctl, a);

	return account_promote(db, a, &actor, d->account_id, d->promote);
}

static int
do_deed(struct ctl *ctl, struct hierarchy_change *d,
    struct problem *(*work)(struct db *db, struct arena *a, void *state))
{
	struct account *account;
	struct problem *p;
	int status;

	d->ctl = ctl;
	d->account_id = ctl_named(ctl, "", 0);
	if ((status = ctl_find_account(ctl, d->account_id, &account)) != 0)
		return status;
	if (account->is_master) {
		ctl_tell("reevectl: the master account stays what it is and "
		    "where it is\n");
		return EXIT_REFUSED;
	}
	p = db_transaction(ctl->db, ctl->arena, work, d);
	return p == NULL ? 0 : ctl_problem(ctl, p);
}

int
command_account_move(struct ctl *ctl)
{
	struct hierarchy_change d = { .to = ctl_option(ctl, "to") };
	const char *plans = ctl_option(ctl, "plans");
	int status = ctl_check_id(ctl, "to", d.to);

	if (plans != NULL && !move_plans_named(plans, &d.plans))
		return ctl_usage(ctl, "--plans needs pin or remove");
	return status != 0 ? status : do_deed(ctl, &d, move);
}

int
command_account_promote(struct ctl *ctl)
{
	struct hierarchy_change d = { .promote = true };

	return do_deed(ctl, &d, resell);
}

int
command_account_demote(struct ctl *ctl)
{
	struct hierarchy_change d = { .promote = false };

	return do_deed(ctl, &d, resell);
}

/* ---- tree ---- */

/* Prints the descendants of an account, indented by their depth. */
static struct problem *
print_below(struct ctl *ctl, const char *id, int depth)
{
	struct page_query query = { .start.id = "", .ascending = true,
		.limit = PAGE };
	struct arena *page = arena_new(PAGE_CHUNK), *next;
	struct account_lines lines;
	struct problem *p;
	size_t i;

	do {
		/* Each page begins with the last row of the page before, which
		 * names it. */
		next = arena_new(PAGE_CHUNK);
		p = store_account_kin(
		    ctl->db, next, RELATION_CHILDREN, id, &query, &lines);
		i = *query.start.id != '\0';
		arena_free(&page);
		page = next;
		for (; p == NULL && i < lines.count; i++) {
			ctl_print("%s  %*s%s\n", lines.lines[i].id, depth * 2, "",
			    lines.lines[i].name);
			if (lines.lines[i].descendants > 0)
				p = print_below(ctl, lines.lines[i].id,
				    depth + 1);
		}
		if (p == NULL && lines.count > 0)
			query.start.id = lines.lines[lines.count - 1].id;
	} while (p == NULL && lines.count == PAGE);
	if (p != NULL)
		p = problem_copy(ctl->arena, p);
	arena_free(&page);
	return p;
}

int
command_account_tree(struct ctl *ctl)
{
	const char *id = ctl_named(ctl, "", 0);
	struct account *account;
	struct problem *p;
	int status;

	if (id != NULL && (status = ctl_check_id(ctl, "account", id)) != 0)
		return status;
	p = store_account_show(ctl->db, ctl->arena, id, &account);
	if (p == NULL && account == NULL)
		p = problem_text(ctl->arena, PROBLEM_BAD_IDENTIFIER,
		    "there is no account %s", id == NULL ? "yet" : id);
	if (p != NULL)
		return ctl_problem(ctl, p);
	account->below = 0; /* the tree begins with it */
	print_line(account);
	p = print_below(ctl, account->id, 1);
	return p == NULL ? 0 : ctl_problem(ctl, p);
}
