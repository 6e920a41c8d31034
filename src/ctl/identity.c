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
#include "ctl/command.h"
#include "store/accounts.h"
#include "store/auth.h"

/* ---- users ---- */

/* The password, from its option or file; NULL: none, *status says why. */
static const char *
read_password(struct ctl *ctl, int *status)
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

static const char *
user_document(struct arena *a, const struct user *user)
{
	struct json_writer w;
	struct buffer text;

	buffer_init(&text, a, 0);
	json_writer_init(&w, &text);
	json_begin_object(&w);
	if (user->email != NULL)
		json_member_string(&w, "email", user->email);
	json_member_bool(&w, "enabled", true);
	if (user->first_name != NULL)
		json_member_string(&w, "first_name", user->first_name);
	if (user->last_name != NULL)
		json_member_string(&w, "last_name", user->last_name);
	json_member_string(&w, "priv_level", user->priv_level);
	json_member_string(&w, "username", user->username);
	json_end(&w);
	return text.text;
}

struct new_user {
	const struct config *config;
	struct user user;
	char md5[MD5_HEX_SIZE];
	char sha1[SHA1_HEX_SIZE];
};

/* A user and what he logs in with, or neither. */
static struct problem *
write_user(struct db *db, struct arena *a, void *state)
{
	struct new_user *n = state;
	struct problem *p;

	if ((p = user_create(db, a, &n->user, user_document(a, &n->user))) != NULL ||
	    (p = user_credential_set(db, a, n->config, &n->user, "md5",
	    n->md5)) != NULL)
		return p;
	return user_credential_set(db, a, n->config, &n->user, "sha", n->sha1);
}

int
user_create_command(struct ctl *ctl)
{
	const char *password, *level = ctl_option(ctl, "priv-level");
	const char *name = ctl_named(ctl, "username", 0);
	char id[ID_SIZE];
	struct new_user n = {
		.config = ctl->config,
		.user = {
			.id = ctl_option(ctl, "id"),
			.account_id = ctl_option(ctl, "account"),
			.first_name = ctl_option(ctl, "first-name"),
			.last_name = ctl_option(ctl, "last-name"),
			.email = ctl_option(ctl, "email"),
			.priv_level = level == NULL ? "user" : level,
			.enabled = true,
		},
	};
	struct problem *p;
	int status;

	id_new(id);
	if (n.user.id == NULL)
		n.user.id = id;
	if ((status = ctl_check_id(ctl, "account", n.user.account_id)) != 0 ||
	    (status = ctl_check_id(ctl, "id", n.user.id)) != 0 ||
	    (status = ctl_need_secret(ctl)) != 0)
		return status;
	if (name == NULL || name[0] == '\0' || strchr(name, ':') != NULL)
		return ctl_usage(ctl, "a user name without ':' is needed");
	if ((password = read_password(ctl, &status)) == NULL)
		return status;
	/* The credential is made of the name as typed; the index is not. */
	secret_md5_credentials(name, password, n.md5);
	secret_sha1_credentials(name, password, n.sha1);
	n.user.username = arena_lower(ctl->arena, name);
	n.user.created = n.user.modified = gregorian_now();
	p = db_transaction(ctl->db, ctl->arena, write_user, &n);
	if (p != NULL)
		return ctl_problem(ctl, p);
	if (ctl->json)
		printf("{\"id\":\"%s\"}\n", n.user.id);
	else
		printf("%s\n", n.user.id);
	return 0;
}

/* ---- keys ---- */

int
key_create_command(struct ctl *ctl)
{
	const char *account = ctl_named(ctl, "account", 0);
	const char *label = ctl_option(ctl, "label");
	char id[ID_SIZE], key[API_KEY_SIZE];
	struct problem *p;
	int status;

	if ((status = ctl_check_id(ctl, "account", account)) != 0 ||
	    (status = ctl_need_secret(ctl)) != 0)
		return status;
	id_new(id);
	secret_api_key(key);
	p = api_key_create(ctl->db, ctl->arena, ctl->config, id, account,
	    label == NULL ? "" : label, key, gregorian_now());
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
