/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/migration_grants.h"

#include <string.h>

#include "store/db_admin.h"
#include "store/db_login.h"
#include "store/migration_routines.h"

/* A line of the head of a file in sql/routines. */
#define BY_REEVECTL "\n-- Called by reevectl.\n"
#define BY_MIGRATE "\n-- Called by migrate.\n"
#define INTERNAL " Internal.\n"

static const enum database_user users[] = { AS_POOL, AS_REEVECTL };

/* True of a user who is granted anything: the owner has all rights already, and
 * a name is granted once. */
static bool
is_granted(const struct migration *m, enum database_user user)
{
	if (user == AS_REEVECTL && !config_has_reevectl_user(m->config))
		return false;
	return strcmp(db_login(m->config, user).name,
	    db_login(m->config, AS_OWNER).name) != 0;
}

/* The comment lines that a file begins with. */
static const char *
head_of(struct migration *m, const char *text)
{
	const char *end = text;

	while (strncmp(end, "--", 2) == 0 && (end = strchr(end, '\n')) != NULL)
		end++;
	return arena_strndup(m->arena, text, (size_t)(end - text));
}

static bool
may_call(struct migration *m, enum database_user user, const char *text)
{
	const char *head = head_of(m, text);

	if (strstr(head, BY_MIGRATE) != NULL || strstr(head, INTERNAL) != NULL)
		return false;
	return user == AS_REEVECTL || strstr(head, BY_REEVECTL) == NULL;
}

static struct problem *
run(struct migration *m, const char *file, enum database_user user,
    const char *procedure)
{
	const struct migration_template values = { file, user, procedure };

	return is_granted(m, user) ? migration_run_template(m, &values) : NULL;
}

struct problem *
migration_create_users(struct migration *m)
{
	struct problem *p = NULL;
	size_t i;

	for (i = 0; i < NELEM(users) && p == NULL; i++)
		p = run(m, "user.sql", users[i], NULL);
	return p;
}

struct problem *
migration_grant(struct migration *m, const struct migration_routine *routine)
{
	struct problem *p = NULL;
	size_t i;

	if (!config_has_reevectl_user(m->config))
		return NULL;
	for (i = 0; i < NELEM(users) && p == NULL; i++)
		if (may_call(m, users[i], routine->text))
			p = run(m, "execute.sql", users[i], routine->name);
	if (p == NULL || db_is_lost(m->db) || db_waited_for_lock(m->db))
		return p;
	return problem_text(m->arena, PROBLEM_CONFLICT, "the database users "
	    "cannot be granted what they call: reevectl migrate --create makes "
	    "users that are not there, and db_admin_user needs the right to "
	    "grant on the database (doc/operation 3.1): %s", p->text);
}

struct problem *
migration_try_grants(struct migration *m)
{
	const struct migration_routine *one = m->routines;

	/* The pool calls it, and this migrate has. */
	while (one->name != NULL && strcmp(one->name, "migration_list") != 0)
		one++;
	return one->name == NULL ? NULL : migration_grant(m, one);
}

/* The right to call all procedures, if the user has it. */
static struct problem *
take_all(struct migration *m, enum database_user user)
{
	struct problem *p = run(m, "narrow.sql", user, NULL);

	return p != NULL && db_had_no_grant(m->db) ? NULL : p;
}

struct problem *
migration_grant_all(struct migration *m, bool create)
{
	const struct migration_routine *one;
	struct problem *p = NULL;
	size_t i;

	if (!config_has_reevectl_user(m->config))
		return create ? run(m, "grants.sql", AS_POOL, NULL) : NULL;
	for (i = 0; i < NELEM(users) && p == NULL && create; i++)
		p = run(m, "revoke.sql", users[i], NULL);
	for (one = m->routines; one->name != NULL && p == NULL; one++)
		p = migration_grant(m, one);
	for (i = 0; i < NELEM(users) && p == NULL && !create; i++)
		p = take_all(m, users[i]);
	return p;
}
