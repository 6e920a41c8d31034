/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "pool/courier_process.h"

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/gregorian.h"
#include "base/log.h"
#include "base/memory.h"
#include "courier/courier.h"
#include "pool/signals.h"

#define STATUS_SYSTEM 71 /* EX_OSERR */

#define LOOK_S 1 /* interval between looks for messages */

/* The time that an attempt has after the order to leave: less than the second
 * of a fast stop. An interrupted attempt is repeated with the same delivery
 * id. */
#define GRACE_MS 700

#define PURGE_EVERY_MS (60 * 1000)

#define ARENA_CHUNK (64 * 1024)

struct courier_process {
	const struct courier_place *place;
	struct courier courier;
	struct arena *arena;  /* of one message */
	int64_t leave_at_ms;  /* when the order to leave came; 0: not yet */
	int64_t purge_at_ms;
	bool failing; /* the database failed, and this was logged */
};

static bool
must_leave(void)
{
	signals_let_in();
	if (signals_take_reopen())
		log_reopen();
	return signals_order() != ORDER_NONE;
}

static bool
must_interrupt(void *state)
{
	struct courier_process *c = state;

	if (!must_leave())
		return false;
	if (c->leave_at_ms == 0)
		c->leave_at_ms = clock_monotonic_ms();
	return clock_monotonic_ms() - c->leave_at_ms >= GRACE_MS;
}

/* Sleeps for LOOK_S, or until a signal. */
static void
rest(void)
{
	const struct timespec pause = { .tv_sec = LOOK_S };

	ppoll(NULL, 0, &pause, signals_open_mask());
}

/* Logs the first failure and the recovery, not each attempt of every second. */
static void
note_problem(struct courier_process *c, const struct problem *p)
{
	if (p != NULL && !c->failing)
		log_error("courier: %s%s%s", p->text, p->log[0] != '\0' ?
		    ": " : "", p->log);
	else if (p == NULL && c->failing)
		log_info("courier: works again");
	c->failing = p != NULL;
}

static struct problem *
purge_if_due(struct courier_process *c)
{
	if (clock_monotonic_ms() < c->purge_at_ms)
		return NULL;
	c->purge_at_ms = clock_monotonic_ms() + PURGE_EVERY_MS;
	return courier_purge(&c->courier, c->arena);
}

/* *found: there may be further messages. */
static struct problem *
deliver_next(struct courier_process *c, bool *found)
{
	struct courier_step step = { .found = false };
	struct problem *p;

	*found = false;
	/* While nothing is due, one query per second that takes no locks. */
	p = store_outbox_due(c->courier.db, c->arena, gregorian_now(), found);
	if (p != NULL || !*found)
		return p != NULL ? p : purge_if_due(c);
	p = courier_deliver(&c->courier, c->arena, &step);
	/* Nothing claimed: other couriers hold all due lines. Wait for them. */
	*found = p == NULL && step.found;
	c->place->score->served += step.found;
	return p;
}

int
pool_run_courier(const struct courier_place *place)
{
	struct courier_process c = { .place = place };
	bool found;

	signals_become_worker();
	if (!identity_assume(place->identity))
		return STATUS_SYSTEM;
	memory_limit(place->config->memory_limit);
	prctl(PR_SET_NAME, "reeve-courier");
	prctl(PR_SET_PDEATHSIG, SIGNAL_WORKER_LEAVE);
	if (getppid() != place->master)
		return 0;
	c.courier = (struct courier){
		.config = place->config,
		.db = db_new(place->config),
		.stop = must_interrupt,
		.state = &c,
	};
	c.arena = arena_new(ARENA_CHUNK);
	score_mark(place->score, SCORE_IDLE);
	while (!must_leave()) {
		note_problem(&c, deliver_next(&c, &found));
		arena_reset(c.arena);
		if (!found)
			rest();
	}
	arena_free(&c.arena);
	db_free(&c.courier.db);
	return 0;
}
