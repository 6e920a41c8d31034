/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "pool/status_process.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "api/status_page.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "pool/looker.h"
#include "pool/signals.h"

#define STATUS_SYSTEM 71 /* EX_OSERR */

/* How long a page waits for the database. The status page shows the rest. */
#define READY_PATIENCE_MS 3000
#define STATUS_PATIENCE_MS 500

/* For those who are here after the order to leave: less than the second of a
 * fast stop. */
#define LEAVE_MS 700

struct status_process {
	const struct status_place *place;
	struct visitors visitors;
	struct looker looker;
	/* As seen last, and since when. */
	uint64_t deliveries;
	int64_t deliveries_ms;
};

/* ---- the pages ---- */

static bool
answer_ping(struct status_process *s, const struct visit *visit,
    struct reply *r)
{
	(void)s;
	(void)visit;
	buffer_puts(&r->body, "pong\n");
	return true;
}

/* True if a message has been due for too long, and no courier has ended an attempt
 * in this time, as far as this process has seen. */
static bool
outbox_is_stuck(struct status_process *s)
{
	const struct config *config = s->place->config;
	uint64_t deliveries = board_deliveries(s->place->board);
	int64_t most_s = config->outbox_stuck_after_s;
	int64_t now_ms = clock_monotonic_ms();

	if (deliveries != s->deliveries) {
		s->deliveries = deliveries;
		s->deliveries_ms = now_ms;
	}
	return config->couriers > 0 && most_s > 0 &&
	    stored_is_overdue(&s->looker.last, most_s) &&
	    now_ms - s->deliveries_ms > most_s * 1000;
}

static bool
answer_ready(struct status_process *s, const struct visit *visit,
    struct reply *r)
{
	const struct stored *last = &s->looker.last;

	if (s->place->board->life->draining) {
		r->status = 503;
		buffer_puts(&r->body, "not ready: the pool stops\n");
		return true;
	}
	looker_ask(&s->looker);
	if (!looker_has_done(&s->looker, visit->since_ms, READY_PATIENCE_MS))
		return false;
	/* A question that is open has had its time. */
	if (s->looker.asked_ms == 0 && stored_is_ready(last)) {
		r->status = outbox_is_stuck(s) ? 503 : 200;
		buffer_puts(&r->body, r->status == 200 ? "ready\n" :
		    "not ready: outbox: messages are due, and no courier "
		    "delivers any\n");
		return true;
	}
	r->status = 503;
	buffer_printf(&r->body, "not ready: %s\n", s->looker.asked_ms == 0 &&
	    last->at_ms != 0 ? last->why : "the database does not answer");
	return true;
}

static bool
answer_status(struct status_process *s, const struct visit *visit,
    struct reply *r)
{
	struct page_choice choice = figures_choose(visit->query);
	struct figures f;

	looker_ask(&s->looker);
	if (!looker_has_done(&s->looker, visit->since_ms, STATUS_PATIENCE_MS))
		return false;
	figures_init(&f, r->body.arena);
	board_gather(s->place->board, &f);
	stored_gather_hosts(s->place->config, &f);
	stored_gather(&s->looker.last, &f, clock_monotonic_ms());
	r->type = figures_type(choice.form);
	figures_write(&r->body, &f, &choice);
	s->place->score->served++;
	return true;
}

static const struct page {
	const char *path;
	bool (*answer)(struct status_process *s, const struct visit *visit,
	    struct reply *r);
} pages[] = {
	{ "/ping", answer_ping },
	{ "/ready", answer_ready },
	{ "/status", answer_status },
};

static bool
answer(void *state, const struct visit *visit, struct reply *r)
{
	size_t i;

	for (i = 0; i < NELEM(pages); i++)
		if (strcmp(pages[i].path, visit->path) == 0)
			return pages[i].answer(state, visit, r);
	r->status = 404;
	buffer_puts(&r->body, "There are /ping, /ready and /status.\n");
	return true;
}

/* ---- from start to end ---- */

static bool
must_leave(struct status_process *s)
{
	signals_let_in();
	if (signals_take_reopen()) {
		log_reopen();
		/* The next child has the new file. */
		looker_end(&s->looker);
	}
	return signals_order() == ORDER_LEAVE;
}

static bool
settle_in(const struct status_place *place)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	signals_become_worker();
	/* The kernel reaps the looker. */
	sigaction(SIGCHLD, &ignore, NULL);
	if (!identity_assume(place->identity))
		return false;
	memory_limit(place->config->memory_limit);
	prctl(PR_SET_NAME, "reeve-status");
	prctl(PR_SET_PDEATHSIG, SIGNAL_WORKER_LEAVE);
	return true;
}

static void
serve(struct status_process *s)
{
	s->visitors.other_fd = s->looker.fd;
	if (visitors_serve(&s->visitors, signals_open_mask()))
		looker_take(&s->looker);
}

int
status_process_run(const struct status_place *place)
{
	struct status_process *s;
	int64_t until_ms;

	if (!settle_in(place))
		return STATUS_SYSTEM;
	if (getppid() != place->master)
		return 0;
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		log_fatal(STATUS_SYSTEM, "out of memory");
	s->place = place;
	s->deliveries = board_deliveries(place->board);
	s->deliveries_ms = clock_monotonic_ms();
	looker_init(&s->looker, place->config);
	visitors_init(&s->visitors);
	memcpy(s->visitors.listeners, place->listeners,
	    sizeof(place->listeners));
	s->visitors.answer = answer;
	s->visitors.state = s;
	score_mark(place->score, SCORE_IDLE);
	while (!must_leave(s))
		serve(s);
	until_ms = clock_monotonic_ms() + LEAVE_MS;
	while (visitors_close(&s->visitors) && clock_monotonic_ms() < until_ms)
		serve(s);
	looker_end(&s->looker);
	visitors_end(&s->visitors);
	free(s);
	return 0;
}
