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
#include "courier/flights.h"
#include "pool/signals.h"

#define STATUS_SYSTEM 71 /* EX_OSERR */

#define LOOK_S 1 /* interval between looks for messages */
#define WAIT_MS 100 /* for receivers, between two looks at the orders */

/* The time that attempts have after the order to leave: with the time it takes
 * to record that they were broken off, less than the second of a fast stop. An
 * interrupted attempt is repeated with the same delivery id. */
#define GRACE_MS 400

#define PURGE_EVERY_MS (60 * 1000)

#define ARENA_CHUNK (64 * 1024)

struct courier_process {
	const struct courier_place *place;
	struct courier courier;
	struct flights *flights;
	struct arena *arena;  /* of one look */
	int64_t look_at_ms;   /* when to look for messages */
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

/* Takes as many messages as there are places for, if it is time. */
static struct problem *
look(struct courier_process *c)
{
	int64_t now = gregorian_now();
	size_t ended = 0;
	struct problem *p;
	bool due = false;

	c->look_at_ms = clock_monotonic_ms() + LOOK_S * 1000;
	/* While nothing is due, one query per second that takes no locks. */
	p = store_outbox_due(c->courier.db, c->arena, now,
	    courier_farthest(c->place->config, now), &due);
	if (p == NULL && due)
		p = flights_fill(c->flights, c->arena, &ended);
	else if (p == NULL)
		p = purge_if_due(c);
	c->place->score->served += ended;
	return p;
}

static void
deliver(struct courier_process *c)
{
	size_t ended;
	struct problem *p;

	if (clock_monotonic_ms() >= c->look_at_ms)
		note_problem(c, look(c));
	if (flights_count(c->flights) == 0) {
		rest();
		return;
	}
	p = flights_wait(c->flights, c->arena, WAIT_MS, &ended);
	c->place->score->served += ended;
	if (ended == 0)
		return;
	note_problem(c, p);
	/* There are free places, and the next messages of the lines. */
	if (p == NULL)
		c->look_at_ms = 0;
}

/* Gives what is under way a moment, then breaks it off. */
static void
leave(struct courier_process *c)
{
	int64_t until_ms = clock_monotonic_ms() + GRACE_MS, left_ms;
	size_t ended;

	while (flights_count(c->flights) > 0 &&
	    (left_ms = until_ms - clock_monotonic_ms()) > 0) {
		note_problem(c, flights_wait(c->flights, c->arena,
		    (int)left_ms, &ended));
		c->place->score->served += ended;
	}
	note_problem(c, flights_break_off(c->flights, c->arena));
}

int
pool_run_courier(const struct courier_place *place)
{
	struct courier_process c = { .place = place };

	signals_become_worker();
	if (!identity_assume(place->identity))
		return STATUS_SYSTEM;
	memory_limit(place->config->memory_limit);
	prctl(PR_SET_NAME, "reeve-courier");
	prctl(PR_SET_PDEATHSIG, SIGNAL_WORKER_LEAVE);
	if (getppid() != place->master)
		return 0;
	breakers_join(place->breakers);
	c.courier = (struct courier){
		.config = place->config,
		.db = db_new(place->config),
	};
	courier_join(&c.courier);
	c.arena = arena_new(ARENA_CHUNK);
	c.flights = flights_new(&c.courier);
	score_mark(place->score, SCORE_IDLE);
	while (!must_leave()) {
		deliver(&c);
		arena_reset(c.arena);
	}
	leave(&c);
	flights_free(&c.flights);
	courier_leave(&c.courier, c.arena);
	arena_free(&c.arena);
	db_free(&c.courier.db);
	return 0;
}
