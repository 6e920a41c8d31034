/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "pool/worker.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/application.h"
#include "api/limits.h"
#include "base/clock.h"
#include "base/counters.h"
#include "base/log.h"
#include "base/memory.h"
#include "http/fastcgi.h"
#include "pool/board.h"
#include "pool/signals.h"

#define STATUS_SYSTEM 71 /* EX_OSERR */

/*
 * The web server's time for the parameters of a request; twice that for its
 * body, too, which is less than the default of request_terminate_timeout.
 */
#define STALL_TIMEOUT_S 10

/* Pause between attempts while the system has no free descriptors. */
#define SHORTAGE_PAUSE_MS 100

struct worker {
	const struct worker_place *place;
	struct application *app;
	struct fastcgi *fastcgi;
	uint64_t served;
	int64_t drain_until_ms; /* 0: no order to drain */
	bool shortage;
	int status;
};

/* ---- one request ---- */

/* request_terminate_timeout counts from here again. */
static void
note_progress(void *score)
{
	score_mark(score, SCORE_BUSY);
}

/* Leaves a trace of the request, for the case that it ends this process. */
static void
note_request(const struct worker_place *place, struct gateway *g)
{
	uint64_t fingerprint = suspects_fingerprint(g);

	place->score->fingerprint = fingerprint;
	score_mark(place->score, SCORE_BUSY);
	g->refused = place->suspects != NULL && suspects_refuse(
	    place->suspects, fingerprint, clock_monotonic_ms());
}

static void
run(struct worker *w, struct gateway *g)
{
	struct score *score = w->place->score;

	note_request(w->place, g);
	g->progress = note_progress;
	g->watcher = score;
	application_serve(w->app, g);
	score->fingerprint = 0;
	score->served = ++w->served;
}

/* Its client may have gone while the connection waited in the queue. */
static void
serve(struct worker *w, int own_connection)
{
	struct gateway *g;

	score_mark(w->place->score, SCORE_READING);
	g = fastcgi_begin(w->fastcgi, own_connection, STALL_TIMEOUT_S);
	if (g != NULL && gateway_is_gone(g)) {
		log_debug("a request is dropped: its client has gone");
		counters_drop();
	} else if (g != NULL) {
		run(w, g);
	}
	if (g != NULL)
		fastcgi_end(w->fastcgi);
	score_mark(w->place->score, SCORE_IDLE);
}

/* ---- the next connection ---- */

static bool
has_served_enough(const struct worker *w)
{
	int64_t max = w->place->config->max_requests;

	return w->place->master != 0 && max > 0 && w->served >= (uint64_t)max;
}

static bool
is_draining(struct worker *w)
{
	if (w->drain_until_ms == 0 && signals_order() == ORDER_DRAIN)
		/* The other half of the time is for the last request. */
		w->drain_until_ms = clock_monotonic_ms() +
		    w->place->config->process_control_timeout_s * 1000 / 2;
	return w->drain_until_ms != 0;
}

static bool
must_leave(struct worker *w)
{
	return signals_order() == ORDER_LEAVE || has_served_enough(w) ||
	    w->status != 0 || (is_draining(w) &&
	    clock_monotonic_ms() >= w->drain_until_ms);
}

/* Logs it once, not for every connection. */
static void
note_shortage(struct worker *w, bool now)
{
	if (now && !w->shortage)
		log_error("accept: %s", strerror(errno));
	w->shortage = now;
	if (now)
		poll(NULL, 0, SHORTAGE_PAUSE_MS);
}

/* -1: none now, or none ever if w->status is set. */
static int
accept_one(struct worker *w)
{
	int fd = accept4(w->place->listen_fd, NULL, NULL, SOCK_CLOEXEC);

	if (fd >= 0) {
		note_shortage(w, false);
		return fd;
	}
	switch (errno) {
	case EAGAIN: /* a sibling was faster */
	case EINTR:
	case ECONNABORTED:
	case EPROTO:
		break;
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
		note_shortage(w, true);
		break;
	default:
		log_error("accept: %s", strerror(errno));
		w->status = STATUS_SYSTEM;
	}
	return -1;
}

/* Without couriers, nobody else tells reevectl migrate that an idle pool is
 * there. */
static void
note_presence(const struct worker *w)
{
	const struct worker_place *place = w->place;

	if (place->slot != 0 || place->config->couriers != 0)
		return;
	score_mark(place->score, SCORE_BUSY);
	application_rest(w->app);
	score_mark(place->score, SCORE_IDLE);
}

static void
wait_for_one(const struct worker *w)
{
	struct pollfd listening = { .fd = w->place->listen_fd,
		.events = POLLIN };
	const struct timespec heartbeat = { .tv_sec = SCORE_HEARTBEAT_S };

	/* The result does not matter: the caller checks everything again. */
	if (ppoll(&listening, 1, &heartbeat, signals_open_mask()) == 0)
		note_presence(w);
	log_counts();
	score_mark(w->place->score, SCORE_IDLE);
}

/* -1: the worker must leave. */
static int
next_connection(struct worker *w)
{
	int fd;

	for (;;) {
		signals_let_in();
		if (signals_take_reopen())
			log_reopen();
		if (must_leave(w))
			return -1;
		fd = accept_one(w);
		if (fd >= 0 || is_draining(w))
			return fd;
		if (w->status == 0)
			wait_for_one(w);
	}
}

/* ---- from start to end ---- */

/* Makes the worker leave when the master dies. False: it has died already. */
static bool
follow_master(pid_t master)
{
	if (master == 0)
		return true;
	prctl(PR_SET_NAME, "reeve-worker");
	/* A change of user resets this, so it comes after that. */
	prctl(PR_SET_PDEATHSIG, SIGNAL_WORKER_LEAVE);
	return getppid() == master;
}

static void
gather(const void *board, struct figures *f)
{
	board_gather(board, f);
}

int
worker_run(const struct worker_place *place)
{
	const struct figure_source figures = { gather, place->board };
	struct worker w = { .place = place };
	int fd;

	signals_become_worker();
	if (!identity_assume(place->identity))
		return STATUS_SYSTEM;
	if (!follow_master(place->master))
		return 0;
	memory_limit(place->config->memory_limit);
	w.fastcgi = fastcgi_new();
	places_join(&place->limits->places, place->slot,
	    place->config->workers);
	breakers_join(&place->limits->breakers);
	w.app = application_new(place->config, place->limits, &figures);
	note_presence(&w);
	score_mark(place->score, SCORE_IDLE);
	while ((fd = next_connection(&w)) >= 0)
		serve(&w, fd);
	application_free(&w.app);
	fastcgi_free(&w.fastcgi);
	return w.status;
}
