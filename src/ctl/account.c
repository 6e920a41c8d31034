/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reevectl account create, list, show */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/gregorian.h"
#include "base/ids.h"
#include "base/json.h"
#include "ctl/command.h"
#include "store/accounts.h"
#include "store/services.h"

#define PAGE 1000

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

/* The document a new account starts with. */
static const char *
document_of(struct arena *a, const struct account *account)
{
	struct json_writer w;
	struct buffer text;

	buffer_init(&text, a, 0);
	json_writer_init(&w, &text);
	json_begin_object(&w);
	json_member_string(&w, "name", account->name);
	if (account->realm != NULL)
		json_member_string(&w, "realm", account->realm);
	json_end(&w);
	return text.text;
}

int
account_create_command(struct ctl *ctl)
{
	const char *language = ctl_option(ctl, "language");
	char id[ID_SIZE];
	struct account account = {
		.id = ctl_option(ctl, "id"),
		.parent_id = ctl_option(ctl, "parent"),
		.name = ctl_named(ctl, "name", 0),
		.realm = arena_lower(ctl->arena, ctl_option(ctl, "realm")),
		.is_reseller = ctl_option(ctl, "reseller") != NULL,
		.enabled = true,
		.language = language == NULL ? "en-us" : language,
	};
	struct problem *p;
	int status;

	if (account.name == NULL || account.name[0] == '\0')
		return ctl_usage(ctl, "what is the account called?");
	if (account.id == NULL) {
		id_new(id);
		account.id = id;
	}
	if ((status = ctl_check_id(ctl, "id", account.id)) != 0 ||
	    (account.parent_id != NULL &&
	    (status = ctl_check_id(ctl, "parent", account.parent_id)) != 0))
		return status;
	account.created = account.modified = gregorian_now();
	p = account_create(ctl->db, ctl->arena, &account,
	    document_of(ctl->arena, &account));
	if (p != NULL)
		return ctl_problem(ctl, p);
	if (ctl->json)
		printf("{\"id\":\"%s\"}\n", account.id);
	else
		printf("%s\n", account.id);
	return 0;
}

static void
print_line(const struct account *account)
{
	printf("%s  %*s%s%s%s\n", account->id, (int)account->below * 2, "",
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
	printf("%s\n", text.text);
}

int
account_list_command(struct ctl *ctl)
{
	const char *top = ctl_named(ctl, "", 0), *after = "";
	const char *limit_text = ctl_option(ctl, "limit");
	int64_t left = INT64_MAX;
	struct account_list list;
	struct problem *p;
	size_t i;
	int status;

	if (top != NULL && (status = ctl_check_id(ctl, "account", top)) != 0)
		return status;
	if (limit_text != NULL && !ctl_count(limit_text, &left))
		return ctl_usage(ctl, "--limit needs a number above 0");
	do {
		p = account_list(ctl->db, ctl->arena, top, after,
		    left < PAGE ? left : PAGE, &list);
		if (p == NULL && top != NULL && list.count == 0 && *after == '\0')
			p = problem_text(ctl->arena, PROBLEM_BAD_IDENTIFIER,
			    "there is no account %s", top);
		if (p != NULL)
			return ctl_problem(ctl, p);
		for (i = 0; i < list.count; i++) {
			if (ctl->json)
				print_json_line(ctl->arena, &list.accounts[i]);
			else
				print_line(&list.accounts[i]);
			after = list.accounts[i].id;
		}
		left -= (int64_t)list.count;
	} while (list.count == PAGE && left > 0);
	return 0;
}

int
account_show_command(struct ctl *ctl)
{
	const char *id = ctl_named(ctl, "", 0);
	struct account *account;
	struct service service;
	struct json_writer w;
	struct buffer text;
	struct problem *p;
	int status;

	if ((status = ctl_check_id(ctl, "account", id)) != 0)
		return status;
	p = account_show(ctl->db, ctl->arena, id, &account);
	if (p == NULL && account == NULL)
		p = problem_text(ctl->arena, PROBLEM_BAD_IDENTIFIER,
		    "there is no account %s", id);
	if (p == NULL)
		p = service_load(ctl->db, ctl->arena, id, SERVICE_LOOK, &service);
	if (p != NULL)
		return ctl_problem(ctl, p);
	buffer_init(&text, ctl->arena, 0);
	json_writer_init(&w, &text);
	json_begin_object(&w);
	write_account(&w, account);
	json_member_int(&w, "descendants", account->below);
	json_key(&w, "plans");
	json_tree(&w, assignments_json(ctl->arena, &service.plans));
	json_key(&w, "quantities");
	json_tree(&w, quantities_json(ctl->arena, &service));
	json_end(&w);
	if (ctl->json) {
		printf("%s\n", text.text);
	} else {
		const char *error;
		struct json_object *tree = json_parse(ctl->arena, text.text,
		    text.length, &error);

		printf("%s\n", json_object_to_json_string_ext(tree,
		    JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
		    JSON_C_TO_STRING_NOSLASHESCAPE));
	}
	return 0;
}
