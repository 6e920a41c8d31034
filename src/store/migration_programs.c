/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/migration_programs.h"

#include <signal.h>
#include <time.h>

#include "base/buffer.h"
#include "store/migration_lease.h"
#include "store/programs.h"

#define LOOK_MS 200
#define NAMED_MOST 5

/* Those that are ignored stay so (nohup). */
static void
fill_with_endings(sigset_t *set)
{
	static const int endings[] = { SIGHUP, SIGINT, SIGTERM };
	struct sigaction now;
	size_t i;

	sigemptyset(set);
	for (i = 0; i < NELEM(endings); i++)
		if (sigaction(endings[i], NULL, &now) == 0 &&
		    now.sa_handler != SIG_IGN)
			sigaddset(set, endings[i]);
}

void
migration_hold_signals(sigset_t *before)
{
	sigset_t endings;

	fill_with_endings(&endings);
	sigprocmask(SIG_BLOCK, &endings, before);
}

void
migration_release_signals(const sigset_t *before)
{
	sigprocmask(SIG_SETMASK, before, NULL);
}

static struct problem *
heed_signals(struct migration *m, long ms)
{
	const struct timespec pause = { .tv_nsec = ms * 1000000L };
	sigset_t endings;

	fill_with_endings(&endings);
	if (sigtimedwait(&endings, NULL, &pause) < 0)
		return NULL;
	return problem_text(m->arena, PROBLEM_UNAVAILABLE, m->halfway ?
	    "interrupted; a migrate before it stopped halfway: run it again" :
	    "interrupted before anything was changed");
}

struct problem *
migration_heed_signals(struct migration *m)
{
	return heed_signals(m, 0);
}

struct problem *
migration_let_notes_arrive(struct migration *m)
{
	return heed_signals(m, LOOK_MS);
}

/* The programs, for people; NULL: there are none. */
static struct problem *
name_programs(struct migration *m, const char **names)
{
	const struct program_user *users;
	struct db_result found;
	struct buffer text;
	struct problem *p;
	size_t i;

	*names = NULL;
	p = store_program_list(m->db, m->arena, &found);
	if (p != NULL || found.count == 0)
		return p;
	users = found.rows;
	buffer_init(&text, m->arena, 0);
	for (i = 0; i < found.count && i < NAMED_MOST; i++)
		buffer_printf(&text, "%s%s on %s (process %lld, noted for %lld "
		    "s)", i == 0 ? "" : ", ", users[i].name, users[i].host,
		    (long long)users[i].process, (long long)users[i].seconds);
	if (found.count > NAMED_MOST)
		buffer_printf(&text, " and %zu more",
		    found.count - NAMED_MOST);
	*names = text.text;
	return NULL;
}

struct problem *
migration_refuse_programs(struct migration *m)
{
	const char *names;
	struct problem *p = name_programs(m, &names);

	if (p != NULL || names == NULL)
		return p;
	if (m->halfway)
		return problem_text(m->arena, PROBLEM_CONFLICT, "the database "
		    "is used by %s, and a migrate stopped halfway: run it with "
		    "--beside", names);
	return problem_text(m->arena, PROBLEM_CONFLICT, "the database is used "
	    "by %s: stop these first (a process that was killed is noted for "
	    "the time shown), or run migrate --beside, from which on they "
	    "answer 503 until the program of this version is started; nothing "
	    "was changed", names);
}

struct problem *
migration_await_programs(struct migration *m)
{
	bool told = false;
	const char *names;
	struct problem *p;

	while ((p = name_programs(m, &names)) == NULL && names != NULL) {
		if (!told)
			migration_say(m, "waiting for", names);
		told = true;
		if ((p = migration_keep_lease(m)) != NULL ||
		    (p = migration_let_notes_arrive(m)) != NULL)
			return p;
	}
	return p;
}
