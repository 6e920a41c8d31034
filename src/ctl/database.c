/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reevectl migrate, check-config */
#include "config.h"

#include <stdio.h>

#include "ctl/command.h"
#include "ctl/print.h"
#include "store/auth.h"
#include "store/db_admin.h"
#include "store/migration.h"

static void
say(const char *text)
{
	ctl_tell("%s\n", text);
}

static int
check_migration(struct ctl *ctl)
{
	const char *why;
	struct problem *p = migration_check(ctl->db, ctl->arena, &why);

	if (p != NULL)
		return ctl_problem(ctl, p);
	if (ctl->json)
		ctl_print("{\"current\":%s}\n", why == NULL ? "true" : "false");
	if (why == NULL)
		return 0;
	ctl_tell("reevectl: %s\n", why);
	return EXIT_NOT_WELL;
}

/* A decision of the administrator is asked for at each run until it is made. */
static struct problem *
say_undecided(struct ctl *ctl, struct db *admin)
{
	bool had_users;
	struct problem *p;

	if (ctl->config->user_role[0] != '\0')
		return NULL;
	p = store_installation_had_users(admin, ctl->arena, &had_users);
	if (p == NULL && had_users)
		say("users of priv_level user without a role have the rights of "
		    "an admin, as before there were roles: set user_role in the "
		    "configuration, to user (the default of new installations) "
		    "or to what they need");
	return p;
}

int
command_migrate(struct ctl *ctl)
{
	const struct migration_wish wish = {
		.create = ctl_option(ctl, "create") != NULL,
		.beside = ctl_option(ctl, "beside") != NULL,
		.say = ctl->json ? NULL : say,
	};
	struct db *admin;
	struct problem *p;

	if (ctl_option(ctl, "check") != NULL)
		return check_migration(ctl);
	admin = db_new_admin(ctl->config);
	p = migration_run(admin, ctl->arena, ctl->config, &wish);
	if (p == NULL)
		p = say_undecided(ctl, admin);
	db_free(&admin);
	if (p != NULL)
		return ctl_problem(ctl, p);
	if (ctl->json)
		ctl_print("{\"current\":true}\n");
	return 0;
}

int
command_check_config(struct ctl *ctl)
{
	if (ctl_option(ctl, "sample") != NULL)
		config_print_sample(stdout, false);
	else
		config_print(ctl->config, stdout);
	return 0;
}
