/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The commands of reevectl, rows of one table (main.c) that the parser and
 * --help read; and functions that the commands share.
 */
#ifndef REEVE_CTL_COMMAND_H
#define REEVE_CTL_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/problem.h"
#include "service/change.h"
#include "store/accounts.h"

#define OPTIONS_MAX 12

/* Exit statuses: those of sysexits.h, and 1 when a check finds a fault. */
enum {
	EXIT_NOT_WELL = 1,
	EXIT_USAGE = 64,
	EXIT_DATA = 65,
	EXIT_NO_INPUT = 66,
	EXIT_UNAVAILABLE = 69,
	EXIT_BUG = 70,
	EXIT_REFUSED = 73, /* unknown or taken names, refused values */
	EXIT_CONFIG = 78
};

struct option_row {
	const char *name;  /* "account" for --account */
	const char *value; /* the value's name in --help; NULL: a flag */
	const char *help;
};

struct ctl;

enum command_needs {
	NEEDS_NOTHING,
	NEEDS_CONFIG, /* and the database, opened when first used */
	NEEDS_PATIENCE /* the same, and its calls have the limits of long work */
};

struct command {
	const char *family; /* "account" */
	const char *verb;   /* "create"; NULL: the family is the command */
	const char *operands; /* as --help shows them: "NAME", "FILE..." */
	size_t operands_most;
	const char *summary;
	int (*run)(struct ctl *ctl);
	enum command_needs needs;
	enum database_user user;
	struct option_row options[OPTIONS_MAX]; /* ends with a NULL name */
};

/* One run of the program. */
struct ctl {
	struct arena *arena;
	const char *config_path;
	const struct config *config;
	struct db *db; /* opened when first needed */
	bool json;
	const struct command *command;
	const char *values[OPTIONS_MAX]; /* by option; flags: "" when given */
	const char *const *operands;     /* ends with NULL */
	size_t operand_count;
};

/* An option's value; NULL: not given. The command's row must list the name. */
const char *ctl_option(const struct ctl *ctl, const char *name);

/* The option's value, else the operand at this index, else NULL. */
const char *ctl_named(const struct ctl *ctl, const char *option,
    size_t operand);

/* The database user of this run. */
enum database_user ctl_user(const struct ctl *ctl);

/* Prints what is wrong with the command line, and a pointer to --help. Returns
 * EXIT_USAGE. */
int ctl_usage(const struct ctl *ctl, const char *format, ...) PRINTF(2, 3);

/* Prints a problem on standard error. Returns the exit status for it. */
int ctl_problem(const struct ctl *ctl, const struct problem *p);

/* A problem in one line: "plan.d.i.step: Value must be at least 1". */
const char *ctl_describe(struct arena *a, const struct problem *p);

/* Checks that value is 32 hex digits. Returns 0, or the status of a usage error
 * that names what. */
int ctl_check_id(const struct ctl *ctl, const char *what, const char *value);

/* Loads the account of an id, 32 hex digits. Returns 0, or the status of an
 * error that was printed. */
int ctl_find_account(const struct ctl *ctl, const char *id,
    struct account **out);

/* The administrator as the actor of a use case; the arena's. */
struct actor ctl_actor(const struct ctl *ctl, struct arena *a);

/* A change of an account's services by the administrator; the caller sets
 * propose. */
struct change ctl_change(const struct ctl *ctl, struct arena *a,
    const char *account_id);

/* Reads "10y", "90d", "12h", "5m", "30s" or "30" into seconds. False: the text
 * is no duration. */
bool ctl_duration(const char *text, int64_t *seconds) MUSTCHECK;

/* Reads a number above 0 of up to nine digits. False: the text is none. */
bool ctl_count(const char *text, int64_t *count) MUSTCHECK;

/*
 * A secret that an option gives, or the first line of the file that NAME-file
 * names; "-": standard input. The arena's. NULL: the reason was printed, and
 * *status is the exit status.
 */
const char *ctl_secret(struct ctl *ctl, const char *name, int *status);

/* Checks that credentials can be looked up: an empty secret is a usage
 * error. */
int ctl_need_secret(const struct ctl *ctl);

/* Reads the classes of phone numbers, which counting needs; a usage error when
 * they cannot be read. */
int ctl_need_classes(const struct ctl *ctl);

/* The command families. */
int command_account_create(struct ctl *ctl);
int command_account_demote(struct ctl *ctl);
int command_account_list(struct ctl *ctl);
int command_account_move(struct ctl *ctl);
int command_account_payers(struct ctl *ctl);
int command_account_promote(struct ctl *ctl);
int command_account_show(struct ctl *ctl);
int command_account_tree(struct ctl *ctl);
int command_audit_rebuild(struct ctl *ctl);
int command_audit_verify(struct ctl *ctl);
int command_check_config(struct ctl *ctl);
int command_compare(struct ctl *ctl);
int command_deliver(struct ctl *ctl);
int command_export(struct ctl *ctl);
int command_import(struct ctl *ctl);
int command_key_create(struct ctl *ctl);
int command_key_revoke(struct ctl *ctl);
int command_migrate(struct ctl *ctl);
int command_object_list(struct ctl *ctl);
int command_outbox_list(struct ctl *ctl);
int command_outbox_replay(struct ctl *ctl);
int command_price(struct ctl *ctl);
int command_quantities(struct ctl *ctl);
int command_recount(struct ctl *ctl);
int command_run_due(struct ctl *ctl);
int command_secret_rotate(struct ctl *ctl);
int command_token_issue(struct ctl *ctl);
int command_token_revoke(struct ctl *ctl);
int command_usage_import(struct ctl *ctl);
int command_user_create(struct ctl *ctl);
int command_user_password(struct ctl *ctl);

#endif
