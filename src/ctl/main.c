/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reevectl: the administrator's command. The table of commands, and the
 * dispatch from argv. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "ctl/command.h"
#include "ctl/options.h"
#include "ctl/print.h"
#include "store/programs.h"

/* clang-format off */
static const struct command commands[] = {
	{ "account", "create", "[NAME]", 1, "Create an account", command_account_create, NEEDS_CONFIG, AS_REEVECTL, {
		{ "name", "NAME", "name of the new account (or the operand)" },
		{ "parent", "ID", "parent account; without: the master account, of which there is one" },
		{ "id", "ID", "32 hex digits; without: a new one" },
		{ "realm", "REALM", "SIP realm, unique among accounts; without: a generated one" },
		{ "reseller", NULL, "make it a reseller" },
		{ "language", "TAG", "language of its users (en-us)" } } },
	{ "account", "demote", "ID", 1, "Make a reseller an ordinary account", command_account_demote, NEEDS_PATIENCE, AS_REEVECTL, {
		{ NULL, NULL, NULL } } },
	{ "account", "list", "[ID]", 1, "List an account and its descendants", command_account_list, NEEDS_PATIENCE, AS_REEVECTL, {
		{ "limit", "N", "list at most this many" } } },
	{ "account", "move", "ID", 1, "Move an account and its descendants to another parent", command_account_move, NEEDS_PATIENCE, AS_REEVECTL, {
		{ "to", "ID", "new parent account; required" },
		{ "plans", "HOW", "plans of a former seller: pin (at their version) or remove (pin)" } } },
	{ "account", "payers", "", 0, "List accounts whose payer is further above than their parent", command_account_payers, NEEDS_PATIENCE, AS_REEVECTL, {
		{ NULL, NULL, NULL } } },
	{ "account", "promote", "ID", 1, "Make an account a reseller", command_account_promote, NEEDS_PATIENCE, AS_REEVECTL, {
		{ NULL, NULL, NULL } } },
	{ "account", "show", "ID", 1, "Show an account, its plans and quantities", command_account_show, NEEDS_CONFIG, AS_REEVECTL, {
		{ NULL, NULL, NULL } } },
	{ "account", "tree", "[ID]", 1, "Draw an account and its descendants as a tree", command_account_tree, NEEDS_PATIENCE, AS_REEVECTL, {
		{ NULL, NULL, NULL } } },
	{ "audit", "rebuild", "[ACCOUNT]", 1, "Recompute day rows from entries and ledgers", command_audit_rebuild, NEEDS_PATIENCE, AS_REEVECTL, {
		{ "all", NULL, "every account, instead of one" },
		{ "from", "DAY", "first day, YYYY-MM-DD" },
		{ "to", "DAY", "last day" } } },
	{ "audit", "verify", "[ACCOUNT]", 1, "Check chain, lines and day rows; exit 1 if something differs", command_audit_verify, NEEDS_PATIENCE, AS_REEVECTL, {
		{ "all", NULL, "every account, instead of one" } } },
	{ "check-config", NULL, "", 0, "Check the configuration and show the current values", command_check_config, NEEDS_CONFIG, AS_POOL, {
		{ "sample", NULL, "print a sample file with every key instead" } } },
	{ "compare", NULL, "URL", 1, "Compare services and daily summaries with those of a running Kazoo; exit 1 if something differs", command_compare, NEEDS_PATIENCE, AS_REEVECTL, {
		{ "account", "ID", "this account and its descendants (all)" },
		{ "after", "ID", "the accounts with ids after this one, where a comparison stopped" },
		{ "from", "DAY", "first day of the summaries, YYYY-MM-DD (that of this month)" },
		{ "to", "DAY", "last day (today)" },
		{ "token", "TEXT", "token of the other system, which other users of this machine can see; prefer --token-file" },
		{ "token-file", "FILE", "file whose first line is the token; - is standard input" },
		{ "csv", NULL, "print the differences as CSV" } } },
	{ "deliver", NULL, "", 0, "Deliver the messages that are due; exit 1 if one could not be delivered", command_deliver, NEEDS_CONFIG, AS_POOL, {
		{ "once", NULL, "deliver at most one message" } } },
	{ "export", NULL, "[ID]", 1, "Print an account and its descendants as JSON lines that import reads", command_export, NEEDS_PATIENCE, AS_REEVECTL, {
		{ NULL, NULL, NULL } } },
	{ "import", NULL, "FILE...", 1000000, "Import documents as CouchDB exports them; - is standard input", command_import, NEEDS_PATIENCE, AS_REEVECTL, {
		{ "account", "ID", "owner of documents that name no account" },
		{ "batch", "N", "documents in one transaction (500)" },
		{ "since", "MOMENT", "only documents modified since then, which replace what was imported; list what the dump no longer has" },
		{ "delete-missing", NULL, "with --since: delete here what the dump no longer has" },
		{ "sample", NULL, "print a sample configuration that asks and answers as a Kazoo does instead" },
		{ "rehearse", NULL, "write nothing: compare the bills of the old system with those of Reeve; exit 1 if something differs" },
		{ "csv", NULL, "of --rehearse: print the report as CSV" },
		{ "html", NULL, "of --rehearse: print the report as a page of HTML" } } },
	{ "key", "create", "[ACCOUNT]", 1, "Create an API key of an account, and print it this once", command_key_create, NEEDS_CONFIG, AS_REEVECTL, {
		{ "account", "ID", "the account (or the operand)" },
		{ "label", "TEXT", "purpose of the key" } } },
	{ "key", "revoke", "KEY", 1, "Revoke an API key (itself or its id) and every token issued with it", command_key_revoke, NEEDS_CONFIG, AS_REEVECTL, {
		{ NULL, NULL, NULL } } },
	{ "migrate", NULL, "", 0, "Bring the database to this version's schema and procedures", command_migrate, NEEDS_CONFIG, AS_OWNER, {
		{ "create", NULL, "first create the database, and the users of pool and reevectl, who may EXECUTE only" },
		{ "beside", NULL, "also while other programs use the database: they fail from now on, until that of the new version is started" },
		{ "check", NULL, "change nothing; exit 1 if migrate is needed" } } },
	{ "object", "list", "KIND", 1, "List the objects of a kind of an account", command_object_list, NEEDS_PATIENCE, AS_REEVECTL, {
		{ "account", "ID", "account; required" },
		{ "kind", "KIND", "users, devices... (or the operand)" } } },
	{ "outbox", "list", "[ACCOUNT]", 1, "List undelivered messages", command_outbox_list, NEEDS_PATIENCE, AS_REEVECTL, {
		{ "dead", NULL, "only messages that were given up" } } },
	{ "outbox", "replay", "[ID]", 1, "Requeue a message that was given up", command_outbox_replay, NEEDS_PATIENCE, AS_REEVECTL, {
		{ "all", NULL, "all messages that were given up" } } },
	{ "price", NULL, "[FILE...]", 1000, "Price JSON lines as the API does, without a database; - or no file is standard input", command_price, NEEDS_NOTHING, AS_POOL, {
		{ "explain", NULL, "show for every line where its fields come from and how it was calculated" } } },
	{ "quantities", NULL, "[ACCOUNT]", 1, "Print quantities of an account and its descendants at the start and end of months, as CSV", command_quantities, NEEDS_PATIENCE, AS_REEVECTL, {
		{ "from", "YYYYMM", "the first month" },
		{ "to", "YYYYMM", "the last month" } } },
	{ "recount", NULL, "[ACCOUNT]", 1, "Recount quantities from the objects", command_recount, NEEDS_PATIENCE, AS_REEVECTL, {
		{ "all", NULL, "every account, instead of one" },
		{ "dry-run", NULL, "change nothing; exit 1 if a count differs from the stored one" } } },
	{ "run-due", NULL, "[ACCOUNT]", 1, "Do the tasks that are due, each once, for all accounts or one", command_run_due, NEEDS_PATIENCE, AS_POOL, {
		{ "at", "MOMENT", "time of the run: YYYY-MM-DD or \"YYYY-MM-DD hh:mm:ss\", UTC (now)" },
		{ "only", "TASK,...", "only these tasks" },
		{ "dry-run", NULL, "change nothing; exit 1 if something is due" } } },
	{ "secret", "rotate", "", 0, "Rewrite what was made under the previous secret, and say what is left; exit 1 if something is", command_secret_rotate, NEEDS_PATIENCE, AS_REEVECTL, {
		{ NULL, NULL, NULL } } },
	{ "token", "issue", "[ACCOUNT]", 1, "Issue a token and print it", command_token_issue, NEEDS_CONFIG, AS_REEVECTL, {
		{ "account", "ID", "account of the token (or the operand)" },
		{ "user", "ID", "user of that account" },
		{ "expiry", "TIME", "lifetime: 90d, 12h, 10y, 3600; 0: no expiry (token_expiry)" } } },
	{ "token", "revoke", "TOKEN", 1, "Revoke a token", command_token_revoke, NEEDS_CONFIG, AS_REEVECTL, {
		{ NULL, NULL, NULL } } },
	{ "usage", "import", "FILE...", 1000, "Import usage, each entry once, from JSON lines or CSV", command_usage_import, NEEDS_PATIENCE, AS_REEVECTL, {
		{ "account", "ID", "owner of entries that name no account; others must belong to its descendants (the master account)" },
		{ "batch", "N", "entries in one transaction (1000)" },
		{ "csv", NULL, "read the files as CSV whatever their names" },
		{ "delimiter", "CHARACTER", "between cells of CSV; tab is one (what the first row seems to have)" },
		{ "encoding", "NAME", "of CSV: utf-16, latin-1... (what a byte order mark says, or utf-8)" },
		{ "map", "COLUMN=FIELD,...", "fields of columns: source.id, usage.quantity, period.start..." },
		{ "set", "FIELD=TEXT,...", "fields with the same text in every row" } } },
	{ "user", "create", "[USERNAME]", 1, "Create a user of an account", command_user_create, NEEDS_CONFIG, AS_REEVECTL, {
		{ "account", "ID", "account; required" },
		{ "username", "NAME", "name of the user (or the operand)" },
		{ "password", "TEXT", "password, which other users of this machine can see; prefer --password-file" },
		{ "password-file", "FILE", "file whose first line is the password; - is standard input" },
		{ "id", "ID", "32 hex digits; without: a new one" },
		{ "first-name", "NAME", "first name; without: the user name" },
		{ "last-name", "NAME", "last name; without: Admin or User" },
		{ "email", "ADDRESS", "e-mail address" },
		{ "priv-level", "LEVEL", "admin or user (user)" },
		{ "role", "ROLE", "admin, clerk or viewer; without: as priv-level says" } } },
	{ "user", "password", "[USERNAME]", 1, "Give a user another password", command_user_password, NEEDS_CONFIG, AS_REEVECTL, {
		{ "account", "ID", "account; required" },
		{ "username", "NAME", "name of the user (or the operand)" },
		{ "password", "TEXT", "password, which other users of this machine can see; prefer --password-file" },
		{ "password-file", "FILE", "file whose first line is the password; - is standard input" } } },
};
/* clang-format on */

static void
print_name(const struct command *c)
{
	ctl_print("reevectl %s%s%s", c->family, c->verb == NULL ? "" : " ",
	    c->verb == NULL ? "" : c->verb);
}

static void
print_help(void)
{
	char name[40];
	size_t i;

	ctl_print("usage: reevectl [-c FILE] [--json] COMMAND [OPTIONS] [OPERANDS]\n"
	    "\n"
	    "  -c, --config FILE  the configuration file (%s)\n"
	    "      --json         print answers as JSON\n"
	    "      --help         print this, or the options of a command\n"
	    "      --version      print the version\n"
	    "\n"
	    "commands:\n", config_default_path());
	for (i = 0; i < NELEM(commands); i++) {
		snprintf(name, sizeof(name), "%s%s%s", commands[i].family,
		    commands[i].verb == NULL ? "" : " ",
		    commands[i].verb == NULL ? "" : commands[i].verb);
		ctl_print("  %-16s  %s\n", name, commands[i].summary);
	}
	ctl_print("\nexit status: 0 done; 1 a check found a fault; 64 wrong "
	    "usage; 65 bad data;\n66 no such file; 69 no database; 70 a bug; "
	    "73 unknown or taken name,\nrefused value; 78 configuration\n");
}

static void
print_command_help(const struct command *c)
{
	const struct option_row *o;
	char name[40];

	ctl_print("usage: ");
	print_name(c);
	ctl_print(" [OPTIONS] %s\n\n%s.\n\n", c->operands, c->summary);
	for (o = c->options; o < c->options + OPTIONS_MAX && o->name != NULL; o++) {
		snprintf(name, sizeof(name), "--%s %s", o->name,
		    o->value == NULL ? "" : o->value);
		ctl_print("  %-24s %s\n", name, o->help);
	}
}

/* ---- from argv to a command ---- */

static const struct command *
find_command(char **argv, int *used)
{
	size_t i;

	for (i = 0; i < NELEM(commands); i++) {
		if (argv[0] == NULL || strcmp(argv[0], commands[i].family) != 0)
			continue;
		*used = 1;
		if (commands[i].verb == NULL)
			return &commands[i];
		*used = 2;
		if (argv[1] != NULL && strcmp(argv[1], commands[i].verb) == 0)
			return &commands[i];
	}
	return NULL;
}

static bool
asks_for_help(char **words)
{
	for (; *words != NULL; words++)
		if (strcmp(*words, "--help") == 0 || strcmp(*words, "-h") == 0)
			return true;
	return false;
}

static int
parse(struct ctl *ctl, int argc, char **argv, bool *help)
{
	int at, used, status;

	if ((status = options_before_command(ctl, argc, argv, &at, help)) != 0)
		return status;
	if (argv[at] == NULL)
		return *help ? 0 : ctl_usage(ctl, "no command");
	ctl->command = find_command(argv + at, &used);
	if (ctl->command == NULL && asks_for_help(argv + at)) {
		*help = true;
		return 0;
	}
	if (ctl->command == NULL)
		return ctl_usage(ctl, "no command '%s%s%s'", argv[at],
		    argv[at + 1] == NULL ? "" : " ",
		    argv[at + 1] == NULL ? "" : argv[at + 1]);
	at += used - 1;
	return options_of_command(ctl, argc - at, argv + at, help);
}

static int
run(struct ctl *ctl)
{
	const char *error;
	int status;

	/* A sample is asked for before there is a configuration. */
	if (ctl->command->needs == NEEDS_NOTHING ||
	    ctl_option(ctl, "sample") != NULL)
		return ctl->command->run(ctl);
	ctl->config = config_load(ctl->arena, ctl->config_path,
	    ctl_user(ctl), &error);
	if (ctl->config == NULL) {
		ctl_tell("reevectl: %s\n", error);
		return EXIT_CONFIG;
	}
	ctl->db = ctl->command->needs == NEEDS_PATIENCE ?
	    db_new_patient(ctl->config) : db_new(ctl->config);
	db_log_in_as(ctl->db, ctl_user(ctl));
	if (ctl->command->needs == NEEDS_PATIENCE)
		store_program_join(ctl->db, PROGRAM_COMMAND);
	status = ctl->command->run(ctl);
	store_program_leave(ctl->db, ctl->arena);
	db_free(&ctl->db);
	if (fflush(stdout) != 0)
		status = EXIT_BUG;
	return status;
}

int
main(int argc, char **argv)
{
	struct ctl ctl = { .config_path = config_default_path() };
	bool help = false;
	int status;

	if (!secret_init()) {
		ctl_tell("reevectl: no source of randomness\n");
		return EXIT_BUG;
	}
	ctl.arena = arena_new(64 * 1024);
	status = parse(&ctl, argc, argv, &help);
	if (help && ctl.command != NULL)
		print_command_help(ctl.command);
	else if (help)
		print_help();
	else if (status == 0)
		status = run(&ctl);
	arena_free(&ctl.arena);
	return help ? 0 : status;
}
