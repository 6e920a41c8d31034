/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/command.h"

#include <errno.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/gregorian.h"
#include "base/ids.h"
#include "base/json.h"
#include "base/machine.h"
#include "billing/number_class.h"
#include "ctl/print.h"

const char *
ctl_option(const struct ctl *ctl, const char *name)
{
	const struct option_row *rows = ctl->command->options;
	size_t i;

	for (i = 0; i < OPTIONS_MAX && rows[i].name != NULL; i++)
		if (strcmp(rows[i].name, name) == 0)
			return ctl->values[i];
	return NULL;
}

const char *
ctl_named(const struct ctl *ctl, const char *option, size_t operand)
{
	const char *value = ctl_option(ctl, option);

	if (value == NULL && operand < ctl->operand_count)
		value = ctl->operands[operand];
	return value;
}

int
ctl_usage(const struct ctl *ctl, const char *format, ...)
{
	va_list ap;

	ctl_tell("reevectl: ");
	va_start(ap, format);
	ctl_vprint(stderr, format, ap);
	va_end(ap);
	if (ctl->command != NULL)
		ctl_tell("\ntry: reevectl %s%s%s --help\n",
		    ctl->command->family, ctl->command->verb == NULL ? "" : " ",
		    ctl->command->verb == NULL ? "" : ctl->command->verb);
	else
		ctl_tell("\ntry: reevectl --help\n");
	return EXIT_USAGE;
}

const char *
ctl_describe(struct arena *a, const struct problem *p)
{
	const char *cause = json_string_at(p->data, "cause");
	struct buffer text;

	if (p->kind == PROBLEM_BAD_IDENTIFIER && cause != NULL)
		return arena_printf(a, "there is no %s", cause);
	if (p->data == NULL || p->kind != PROBLEM_VALIDATION)
		return p->text;
	buffer_init(&text, a, 0);
	json_object_object_foreach(p->data, field, codes) {
		json_object_object_foreach(codes, code, failure) {
			(void)code;
			buffer_printf(&text, "%s%s: %s",
			    text.length == 0 ? "" : "; ", field,
			    json_string_at(failure, "message"));
		}
	}
	return text.text;
}

enum database_user
ctl_user(const struct ctl *ctl)
{
	/* A check needs no owner. */
	return ctl->command->user == AS_OWNER &&
	    ctl_option(ctl, "check") != NULL ? AS_REEVECTL : ctl->command->user;
}

/* The key that names the user of this run. */
static const char *
user_key(const struct ctl *ctl)
{
	enum database_user user = ctl_user(ctl);

	if (user == AS_OWNER && ctl->config->db_admin_user[0] != '\0')
		return "db_admin_user";
	return user == AS_REEVECTL && config_has_reevectl_user(ctl->config) ?
	    "db_reevectl_user" : "db_user";
}

int
ctl_problem(const struct ctl *ctl, const struct problem *p)
{
	ctl_tell("reevectl: %s%s%s\n", ctl_describe(ctl->arena, p),
	    p->log[0] != '\0' ? ": " : "", p->log);
	if (ctl->db != NULL && db_procedure_missing(ctl->db)) {
		ctl_tell("the database lacks what this program needs, "
		    "or %s may not call it: reevectl migrate; if that does not "
		    "help, reevectl migrate --create\n", user_key(ctl));
		return EXIT_UNAVAILABLE;
	}
	switch (p->kind) {
	case PROBLEM_UNAVAILABLE:
	case PROBLEM_UNCERTAIN:
		ctl_tell("is the database up, and are db_socket (or "
		    "db_hosts), %s and its password right? reevectl migrate "
		    "--create makes users\n", user_key(ctl));
		return EXIT_UNAVAILABLE;
	case PROBLEM_FAULT:
		return EXIT_BUG;
	default:
		return EXIT_REFUSED;
	}
}

int
ctl_check_id(const struct ctl *ctl, const char *what, const char *value)
{
	if (value == NULL)
		return ctl_usage(ctl, "which %s? give its id", what);
	if (!id_valid(value))
		return ctl_usage(ctl, "%s '%s' is not 32 lower-case hex digits",
		    what, value);
	return 0;
}

int
ctl_find_account(const struct ctl *ctl, const char *id, struct account **out)
{
	int status = ctl_check_id(ctl, "account", id);
	struct problem *p;

	if (status != 0)
		return status;
	p = store_account_show(ctl->db, ctl->arena, id, out);
	if (p == NULL && *out == NULL)
		p = problem_text(ctl->arena, PROBLEM_BAD_IDENTIFIER,
		    "there is no account %s", id);
	return p == NULL ? 0 : ctl_problem(ctl, p);
}

int
ctl_need_secret(const struct ctl *ctl)
{
	if (ctl->config->secret[0] != '\0')
		return 0;
	ctl_tell("reevectl: %s: secret or secret_file is not set: "
	    "tokens, credentials and keys cannot be kept without it\n",
	    ctl->config_path);
	return EXIT_CONFIG;
}

int
ctl_need_classes(const struct ctl *ctl)
{
	const char *why;

	return number_classes_read(ctl->arena, ctl->config->number_classes,
	    &why) != NULL ? 0 : ctl_usage(ctl, "number_classes: %s", why);
}

bool
ctl_duration(const char *text, int64_t *seconds)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = {
		{ '\0', 1 }, { 's', 1 }, { 'm', 60 }, { 'h', 3600 },
		{ 'd', 86400 }, { 'w', 604800 }, { 'y', 31557600 },
	};
	size_t digits = strspn(text, "0123456789"), i;

	if (digits == 0 || digits > 11 ||
	    (text[digits] != '\0' && text[digits + 1] != '\0'))
		return false;
	for (i = 0; i < NELEM(units); i++)
		if (units[i].unit == text[digits]) {
			*seconds = strtoll(text, NULL, 10) * units[i].seconds;
			return true;
		}
	return false;
}

bool
ctl_count(const char *text, int64_t *count)
{
	if (text[0] == '\0' || strlen(text) > 9 ||
	    text[strspn(text, "0123456789")] != '\0')
		return false;
	*count = atoll(text);
	return *count > 0;
}

/* sudo names who became root. */
static const char *
operating_user(void)
{
	const char *before = geteuid() == 0 ? getenv("SUDO_USER") : NULL;
	const struct passwd *user = getpwuid(geteuid());

	if (before != NULL && before[0] != '\0')
		return before;
	return user == NULL ? NULL : user->pw_name;
}

/* {user, host, command} of this run; the command without its arguments, which
 * may be secret. The caller owns it. */
static struct json_object *
operator_json(const struct ctl *ctl, struct arena *a)
{
	const struct command *command = ctl->command;
	struct json_object *json = json_object_new_object();
	const char *host = machine_name(a);

	json_put_string(json, "user", operating_user());
	if (host[0] != '\0')
		json_put_string(json, "host", host);
	json_put_string(json, "command", command->verb == NULL ?
	    command->family : arena_printf(a, "%s %s", command->family,
	    command->verb));
	return json;
}

struct actor
ctl_actor(const struct ctl *ctl, struct arena *a)
{
	struct json_object *audit = json_own(a, json_object_new_object());
	struct json_object *authentication = json_object_new_object();

	json_put_bool(audit, "crossbar_request", false);
	json_put_string(authentication, "type", "reevectl");
	json_object_object_add(audit, "authentication", authentication);
	json_object_object_add(audit, "operator", operator_json(ctl, a));
	return (struct actor){
		.config = ctl->config,
		.audit = audit,
		.now = gregorian_now(),
	};
}

struct change
ctl_change(const struct ctl *ctl, struct arena *a, const char *account_id)
{
	const struct actor actor = ctl_actor(ctl, a);
	struct change change = change_by(&actor, CHANGE_UNASKED, account_id);

	change.cascades = true;
	return change;
}

const char *
ctl_secret(struct ctl *ctl, const char *name, int *status)
{
	const char *text = ctl_option(ctl, name);
	const char *path = ctl_option(ctl, arena_printf(ctl->arena, "%s-file",
	    name));
	char line[1024];
	FILE *f;

	*status = 0;
	if (text != NULL)
		return text;
	if (path == NULL) {
		*status = ctl_usage(ctl, "--%s or --%s-file is needed", name,
		    name);
		return NULL;
	}
	f = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
	if (f == NULL || fgets(line, sizeof(line), f) == NULL) {
		ctl_tell("reevectl: cannot read %s: %s\n", path,
		    f == NULL ? strerror(errno) : "it is empty");
		*status = EXIT_NO_INPUT;
		return NULL;
	}
	if (f != stdin)
		fclose(f);
	line[strcspn(line, "\r\n")] = '\0';
	return arena_strdup(ctl->arena, line);
}
