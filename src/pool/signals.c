/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "pool/signals.h"

#include <stddef.h>
#include <time.h>

#include "base/attr.h"

static void take_order(int number);
static void take_reopen(int number);

/* All handled signals, and their handlers in a worker. */
static const struct {
	int number;
	void (*in_worker)(int number);
} table[] = {
	{ SIGCHLD, SIG_DFL },
	{ SIGHUP, SIG_IGN }, /* a terminal sends it to all; the master acts */
	{ SIGINT, take_order },
	{ SIGQUIT, take_order },
	{ SIGTERM, take_order },
	{ SIGUSR1, take_reopen },
	{ SIGUSR2, SIG_IGN },
};

static volatile sig_atomic_t order = ORDER_NONE;
static volatile sig_atomic_t reopen;
static sigset_t open_mask;

static void
take_order(int number)
{
	if (number != SIGNAL_WORKER_DRAIN)
		order = ORDER_LEAVE;
	else if (order == ORDER_NONE)
		order = ORDER_DRAIN;
}

static void
take_reopen(int number)
{
	(void)number;
	reopen = 1;
}

static void
all_of_table(sigset_t *set)
{
	size_t i;

	sigemptyset(set);
	for (i = 0; i < NELEM(table); i++)
		sigaddset(set, table[i].number);
}

void
signals_block(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t set;

	/* An inherited SIG_IGN would make the kernel reap our children. */
	sigaction(SIGCHLD, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
	all_of_table(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

int
signals_wait(int timeout_ms)
{
	struct timespec timeout = { timeout_ms / 1000,
		(long)(timeout_ms % 1000) * 1000000 };
	sigset_t set;
	int number;

	all_of_table(&set);
	number = sigtimedwait(&set, NULL, &timeout);
	return number < 0 ? 0 : number;
}

void
signals_become_worker(void)
{
	struct sigaction action = { .sa_flags = 0 };
	size_t i;

	order = ORDER_NONE;
	reopen = 0;
	sigprocmask(SIG_BLOCK, NULL, &open_mask);
	sigemptyset(&action.sa_mask);
	for (i = 0; i < NELEM(table); i++) {
		action.sa_handler = table[i].in_worker;
		sigaction(table[i].number, &action, NULL);
		sigdelset(&open_mask, table[i].number);
	}
}

void
signals_let_in(void)
{
	sigset_t pending, closed_mask;

	sigpending(&pending);
	if (sigisemptyset(&pending))
		return;
	sigprocmask(SIG_SETMASK, &open_mask, &closed_mask);
	sigprocmask(SIG_SETMASK, &closed_mask, NULL);
}

const sigset_t *
signals_open_mask(void)
{
	return &open_mask;
}

enum order
signals_order(void)
{
	return (enum order)order;
}

bool
signals_take_reopen(void)
{
	bool was = reopen != 0;

	reopen = 0;
	return was;
}
