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
#include "service/api_key.h"
#include "service/credential.h"
#include "service/object.h"
#include "store/accounts.h"
#include "store/auth.h"

/* ---- users ---- */

#define PASSWORD_MAX 256 /* characters, as in the schema of users */

static const char *
given_password(struct ctl *ctl, int *status)
{
	const char *text = ctl_option(ctl, "password");
	const char *path = ctl_option(ctl, "password-file");
	char line[1024];
	FILE *f;

	*status = 0;
	if (text != NULL)
		return text;
	if (path == NULL) {
		*status = ctl_usage(ctl, "--password or --password-file is "
		    "needed");
		return NULL;
	}
	f = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
	if (f == NULL || fgets(line, sizeof(line), f) == NULL) {
		fprintf(stderr, "reevectl: cannot read %s: %s\n", path,
		    f == NULL ? strerror(errno) : "it is empty");
		*status = EXIT_NO_INPUT;
		return NULL;
	}
	if (f != stdin)
		fclose(f);
	line[strcspn(line, "\r\n")] = '\0';
	return arena_strdup(ctl->arena, line);
}

/* The password, from its option or file; NULL: none, *status says why. */
static const char *
read_password(struct ctl *ctl, int *status)
{
	const char *password = given_password(ctl, status);

	if (password != NULL && (password[0] == '\0' ||
	    utf8_characters(password) > PASSWORD_MAX)) {
		*status = ctl_usage(ctl, "a password has 1 to %d characters",
		    PASSWORD_MAX);
		return NULL;
	}
	return password;
}

static struct json_object *
user_document(struct arena *a, const struct ctl *ctl, const char *username,
    const char *level)
{
	static const struct {
		const char *member, *option;
	} texts[] = {
		{ "email", "email" },
		{ "first_name", "first-name" },
		{ "last_name", "last-name" },
	};
	struct json_object *json = json_own(a, json_object_new_object());
	size_t i;

	for (i = 0; i < NELEM(texts); i++)
		json_put_string(json, texts[i].member,
		    ctl_option(ctl, texts[i].option));
	json_put_bool(json, "enabled", true);
	json_put_string(json, "priv_level", level == NULL ? "user" : level);
	json_put_string(json, "username", arena_lower(a, username));
	return json;
}

struct new_user {
	struct ctl *ctl;
	const char *account_id;
	const char *id;
	const char *username; /* as typed: what he logs in with is made of it */
	const char *password;
	struct json_object *document;
	struct object_change changes[2];
	size_t count;
};

static struct problem *
propose_user(struct db *db, struct arena *a, const struct service *current,
    struct service *proposed, void *state)
{
	struct new_user *n = state;

	(void)current;
	n->changes[0] = (struct object_change){
		.kind = kind_of_noun("users"),
		.id = n->id,
		.document = n->document,
		.create = true,
	};
	n->count = 1;
	return objects_count(db, a, NULL, n->changes, &n->count, proposed);
}

/* A user and what he logs in with, or neither. */
static struct problem *
write_user(struct db *db, struct arena *a, const struct service *done,
    void *state)
{
	struct new_user *n = state;
	struct problem *p = objects_save(db, a, NULL, done, n->changes, n->count,
	    gregorian_now());

	return p != NULL ? p : credential_set_password(db, a, n->ctl->config,
	    &(struct user_key){ n->account_id, n->id }, n->username,
	    n->password);
}

static struct problem *
create_user(struct db *db, struct arena *a, void *state)
{
	struct new_user *n = state;
	struct change change = ctl_change(n->ctl, a, n->account_id);
	struct service done;
	struct problem *p;

	change.propose = propose_user;
	change.write = write_user;
	change.state = n;
	p = change_commit(db, a, &change, &done);
	return p != NULL && p->kind == PROBLEM_BAD_IDENTIFIER ?
	    problem_text(a, p->kind, "there is no account %s",
	    n->account_id) : p;
}

int
user_create_command(struct ctl *ctl)
{
	const char *password, *level = ctl_option(ctl, "priv-level");
	struct new_user n = {
		.ctl = ctl,
		.account_id = ctl_option(ctl, "account"),
		.id = ctl_option(ctl, "id"),
		.username = ctl_named(ctl, "username", 0),
	};
	struct problem *p;
	char id[ID_SIZE];
	int status;

	id_new(id);
	if (n.id == NULL)
		n.id = id;
	if ((status = ctl_check_id(ctl, "account", n.account_id)) != 0 ||
	    (status = ctl_check_id(ctl, "id", n.id)) != 0 ||
	    (status = ctl_need_secret(ctl)) != 0)
		return status;
	if (n.username == NULL || n.username[0] == '\0' ||
	    strchr(n.username, ':') != NULL)
		return ctl_usage(ctl, "a user name without ':' is needed");
	if ((password = read_password(ctl, &status)) == NULL)
		return status;
	n.password = password;
	n.document = user_document(ctl->arena, ctl, n.username, level);
	p = db_transaction(ctl->db, ctl->arena, create_user, &n);
	if (p != NULL)
		return ctl_problem(ctl, p);
	if (ctl->json)
		printf("{\"id\":\"%s\"}\n", n.id);
	else
		printf("%s\n", n.id);
	return 0;
}

struct new_password {
	struct ctl *ctl;
	const char *account_id;
	const char *id;
	const char *username;
	const char *password;
};

static struct problem *
set_password(struct db *db, struct arena *a, void *state)
{
	const struct new_password *n = state;

	return credential_set_password(db, a, n->ctl->config,
	    &(struct user_key){ n->account_id, n->id }, n->username,
	    n->password);
}

int
user_password_command(struct ctl *ctl)
{
	struct new_password n = {
		.ctl = ctl,
		.account_id = ctl_option(ctl, "account"),
		.username = ctl_named(ctl, "username", 0),
	};
	struct object *user;
	struct problem *p;
	int status;

	if ((status = ctl_check_id(ctl, "account", n.account_id)) != 0 ||
	    (status = ctl_need_secret(ctl)) != 0)
		return status;
	if (n.username == NULL || n.username[0] == '\0')
		return ctl_usage(ctl, "which user? give the name");
	if ((n.password = read_password(ctl, &status)) == NULL)
		return status;
	p = object_by_claim(ctl->db, ctl->arena, kind_of_noun("users"),
	    arena_printf(ctl->arena, "%s/%s", n.account_id, n.username), &user);
	if (p == NULL && user == NULL)
		p = problem_text(ctl->arena, PROBLEM_BAD_IDENTIFIER,
		    "account %s has no user %s", n.account_id, n.username);
	if (p == NULL) {
		n.id = user->id;
		p = db_transaction(ctl->db, ctl->arena, set_password, &n);
	}
	return p == NULL ? 0 : ctl_problem(ctl, p);
}

/* ---- keys ---- */

int
key_create_command(struct ctl *ctl)
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
		printf("{\"id\":\"%s\",\"api_key\":\"%s\"}\n", id, key);
	else
		printf("%s\n", key);
	return 0;
}

static int
report_revoked(struct ctl *ctl, const char *what, bool revoked,
    const struct problem *p)
{
	if (p != NULL)
		return ctl_problem(ctl, p);
	if (ctl->json)
		printf("{\"revoked\":%s}\n", revoked ? "true" : "false");
	if (revoked)
		return 0;
	fprintf(stderr, "reevectl: there is no such %s\n", what);
	return EXIT_REFUSED;
}

int
key_revoke_command(struct ctl *ctl)
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
token_issue_command(struct ctl *ctl)
{
	const char *account = ctl_named(ctl, "account", 0);
	const char *user = ctl_option(ctl, "user");
	const char *expiry = ctl_option(ctl, "expiry");
	int64_t life_s = ctl->config->token_expiry_s, now = gregorian_now();
	char token[TOKEN_SIZE];
	struct problem *p;
	int status;

	if ((status = ctl_check_id(ctl, "account", account)) != 0 ||
	    (user != NULL && (status = ctl_check_id(ctl, "user", user)) != 0))
		return status;
	if (expiry != NULL && !ctl_duration(expiry, &life_s))
		return ctl_usage(ctl, "--expiry %s: a number with s, m, h, d, w "
		    "or y behind it is needed", expiry);
	p = token_issue(ctl->db, ctl->arena, account, user, NULL, "reevectl",
	    now, life_s == 0 ? 0 : now + life_s, token);
	if (p != NULL)
		return ctl_problem(ctl, p);
	if (ctl->json)
		printf("{\"auth_token\":\"%s\"}\n", token);
	else
		printf("%s\n", token);
	return 0;
}

int
token_revoke_command(struct ctl *ctl)
{
	const char *token = ctl_named(ctl, "", 0);
	bool revoked = false;
	struct problem *p;

	if (token == NULL)
		return ctl_usage(ctl, "which token?");
	p = token_revoke(ctl->db, ctl->arena, token, &revoked);
	return report_revoked(ctl, "token", revoked, p);
}
