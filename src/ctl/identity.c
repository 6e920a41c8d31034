/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reevectl user create, key create|revoke, token issue|revoke */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/gregorian.h"
#include "base/ids.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "ctl/command.h"
#include "ctl/print.h"
#include "service/api_key.h"
#include "service/user.h"
#include "store/accounts.h"
#include "store/auth.h"

/* ---- users ---- */

#define PASSWORD_MAX 256 /* characters, as in the schema of users */

/* The password from its option or file. NULL: there is none; the reason was
 * printed and *status is the exit status. */
static const char *
read_password(struct ctl *ctl, int *status)
{
	const char *password = ctl_secret(ctl, "password", status);

	if (password != NULL && (password[0] == '\0' ||
	    utf8_characters(password) > PASSWORD_MAX)) {
		*status = ctl_usage(ctl, "a password has 1 to %d characters",
		    PASSWORD_MAX);
		return NULL;
	}
	return password;
}

static struct json_object *
user_document(struct ctl *ctl, const char *username, const char *password)
{
	static const struct {
		const char *member, *option;
	} texts[] = {
		{ "email", "email" },
		{ "first_name", "first-name" },
		{ "last_name", "last-name" },
		{ "priv_level", "priv-level" },
		{ "role", "role" },
	};
	struct json_object *json = json_own(ctl->arena,
	    json_object_new_object());
	size_t i;

	for (i = 0; i < NELEM(texts); i++)
		json_put_string(json, texts[i].member,
		    ctl_option(ctl, texts[i].option));
	json_put_string(json, "username", username);
	json_put_string(json, "password", password);
	return json;
}

struct user_command {
	struct ctl *ctl;
	struct new_user user;
	const char *username;
	const char *password;
};

static struct problem *
create_user(struct db *db, struct arena *a, void *state)
{
	const struct user_command *command = state;
	const struct actor actor = ctl_actor(command->ctl, a);
	struct problem *p = user_make(db, a, &actor, &command->user);

	return p != NULL && p->kind == PROBLEM_BAD_IDENTIFIER ?
	    problem_text(a, p->kind, "there is no account %s",
	    command->user.account_id) : p;
}

int
command_user_create(struct ctl *ctl)
{
	struct user_command command = {
		.ctl = ctl,
		.user = {
			.account_id = ctl_option(ctl, "account"),
			.id = ctl_option(ctl, "id"),
		},
		.username = ctl_named(ctl, "username", 0),
	};
	struct new_user *user = &command.user;
	struct problem *p;
	char id[ID_SIZE];
	int status;

	id_new(id);
	if (user->id == NULL)
		user->id = id;
	if ((status = ctl_check_id(ctl, "account", user->account_id)) != 0 ||
	    (status = ctl_check_id(ctl, "id", user->id)) != 0 ||
	    (status = ctl_need_secret(ctl)) != 0)
		return status;
	if (command.username == NULL || command.username[0] == '\0' ||
	    strchr(command.username, ':') != NULL)
		return ctl_usage(ctl, "a user name without ':' is needed");
	if ((command.password = read_password(ctl, &status)) == NULL)
		return status;
	user->document = user_document(ctl, command.username,
	    command.password);
	p = db_transaction(ctl->db, ctl->arena, create_user, &command);
	if (p != NULL)
		return ctl_problem(ctl, p);
	if (ctl->json)
		ctl_print("{\"id\":\"%s\"}\n", user->id);
	else
		ctl_print("%s\n", user->id);
	return 0;
}

static struct problem *
set_password(struct db *db, struct arena *a, void *state)
{
	const struct user_command *command = state;

	return user_set_password(db, a, command->ctl->config,
	    command->user.account_id, command->username, command->password);
}

int
command_user_password(struct ctl *ctl)
{
	struct user_command command = {
		.ctl = ctl,
		.user = { .account_id = ctl_option(ctl, "account") },
		.username = ctl_named(ctl, "username", 0),
	};
	struct problem *p;
	int status;

	if ((status = ctl_check_id(ctl, "account",
	    command.user.account_id)) != 0 ||
	    (status = ctl_need_secret(ctl)) != 0)
		return status;
	if (command.username == NULL || command.username[0] == '\0')
		return ctl_usage(ctl, "which user? give the name");
	if ((command.password = read_password(ctl, &status)) == NULL)
		return status;
	p = db_transaction(ctl->db, ctl->arena, set_password, &command);
	return p == NULL ? 0 : ctl_problem(ctl, p);
}

/* ---- keys ---- */

int
command_key_create(struct ctl *ctl)
{
	const char *account = ctl_named(ctl, "account", 0);
	const char *label = ctl_option(ctl, "label");
	const struct key_owner owner = { account, label == NULL ? "" : label,
		gregorian_now() };
	char id[ID_SIZE], key[API_KEY_SIZE];
	struct problem *p;
	int status;

	if ((status = ctl_check_id(ctl, "account", account)) != 0 ||
	    (status = ctl_need_secret(ctl)) != 0)
		return status;
	secret_api_key(key);
	p = api_key_keep(ctl->db, ctl->arena, ctl->config, &owner, key, id);
	if (p != NULL)
		return ctl_problem(ctl, p);
	if (ctl->json)
		ctl_print("{\"id\":\"%s\",\"api_key\":\"%s\"}\n", id, key);
	else
		ctl_print("%s\n", key);
	return 0;
}

static int
report_revoked(struct ctl *ctl, const char *what, bool revoked,
    const struct problem *p)
{
	if (p != NULL)
		return ctl_problem(ctl, p);
	if (ctl->json)
		ctl_print("{\"revoked\":%s}\n", revoked ? "true" : "false");
	if (revoked)
		return 0;
	ctl_tell("reevectl: there is no such %s\n", what);
	return EXIT_REFUSED;
}

int
command_key_revoke(struct ctl *ctl)
{
	const char *key = ctl_named(ctl, "", 0);
	bool revoked = false;
	struct problem *p;
	int status;

	if (key == NULL)
		return ctl_usage(ctl, "which key? give it or its id");
	if ((status = ctl_need_secret(ctl)) != 0)
		return status;
	p = api_key_revoke(ctl->db, ctl->arena, ctl->config, key, &revoked);
	return report_revoked(ctl, "key", revoked, p);
}

/* ---- tokens ---- */

int
command_token_issue(struct ctl *ctl)
{
	const char *account = ctl_named(ctl, "account", 0);
	const char *user = ctl_option(ctl, "user");
	const char *expiry = ctl_option(ctl, "expiry");
	int64_t life_s = ctl->config->token_expiry_s, now = gregorian_now();
	char token[TOKEN_SIZE];
	struct problem *p;
	int status;

	if ((status = ctl_check_id(ctl, "account", account)) != 0 ||
	    (user != NULL && (status = ctl_check_id(ctl, "user", user)) != 0) ||
	    (status = ctl_need_secret(ctl)) != 0)
		return status;
	if (expiry != NULL && !ctl_duration(expiry, &life_s))
		return ctl_usage(ctl, "--expiry %s: must be a number, "
		    "followed by s, m, h, d, w or y", expiry);
	p = store_token_issue(ctl->db, ctl->arena, &(struct token_grant){
	    .account_id = account,
	    .user_id = user,
	    .method = "reevectl",
	    .expires = life_s == 0 ? 0 : now + life_s,
	    }, now, token);
	if (p != NULL)
		return ctl_problem(ctl, p);
	if (ctl->json)
		ctl_print("{\"auth_token\":\"%s\"}\n", token);
	else
		ctl_print("%s\n", token);
	return 0;
}

int
command_token_revoke(struct ctl *ctl)
{
	const char *token = ctl_named(ctl, "", 0);
	bool revoked = false;
	struct problem *p;
	int status;

	if (token == NULL)
		return ctl_usage(ctl, "which token?");
	if ((status = ctl_need_secret(ctl)) != 0)
		return status;
	p = store_token_revoke(ctl->db, ctl->arena, token, &revoked);
	return report_revoked(ctl, "token", revoked, p);
}
