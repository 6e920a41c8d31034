/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "pool/master.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/limits.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "pool/board.h"
#include "pool/courier_process.h"
#include "pool/process.h"
#include "pool/reload.h"
#include "pool/scoreboard.h"
#include "pool/signals.h"
#include "pool/status_process.h"
#include "pool/suspects.h"
#include "pool/throttle.h"
#include "pool/worker.h"

#define STATUS_SYSTEM 71 /* EX_OSERR */

/* Twice the max workers: a reload starts the new ones next to the old ones. */
#define SLOTS 2048

_Static_assert(SLOTS <= PLACES_MAX, "each worker has a place");

#define FAST_STOP_MS 1000
#define TICK_MS 1000
#define TICK_BUSY_MS 20 /* while workers start and stop */

#define CONFIG_ARENA_CHUNK (16 * 1024)

/* The stop in progress; it may become harder, never softer. */
enum stop { STOP_NOT, STOP_GRACEFUL, STOP_FAST };

struct child {
	pid_t pid; /* 0: the slot is free */
	enum score_role role;
	uint32_t generation;
	int64_t kill_at_ms; /* deadline after the order to leave; 0: no order */
	bool killed;        /* by us, so its death is no fault of its own */
};

struct master {
	struct pool *pool;
	const struct config *config;
	struct arena *config_arena; /* of a reload; NULL before the first */
	struct child children[SLOTS];
	struct board board;
	struct score *scores; /* those of the board */
	struct limits *limits;
	struct suspects *suspects;
	uint32_t generation; /* counts reloads */
	int64_t started_ms;  /* the last worker's start */
	bool start_fails;    /* the last worker that died was not ready yet */
	int64_t unthrottled; /* starts that replace normal exits */
	struct throttle throttle;
	/* Separate, so that dying couriers do not delay workers. */
	struct throttle courier_throttle;
	struct throttle status_throttle;
	enum stop stop;
};

/* ---- counting ---- */

struct census {
	int64_t all;      /* children of every role */
	int64_t current;  /* current workers without an order to leave */
	int64_t starting; /* those of them that are not ready yet */
	int64_t old;      /* workers of older generations without an order */
	int64_t couriers; /* current couriers */
	int64_t status;   /* current status processes */
};

static void
take_census(const struct master *m, struct census *c)
{
	const struct child *child;
	size_t i;

	memset(c, 0, sizeof(*c));
	for (i = 0; i < SLOTS; i++) {
		child = &m->children[i];
		c->all += child->pid != 0;
		if (child->pid == 0 || child->kill_at_ms != 0)
			continue;
		if (child->role == SCORE_COURIER) {
			c->couriers += child->generation == m->generation;
		} else if (child->role == SCORE_STATUS) {
			c->status += child->generation == m->generation;
		} else if (child->generation != m->generation) {
			c->old++;
		} else {
			c->current++;
			c->starting += m->scores[i].state == SCORE_STARTING;
		}
	}
}

/* ---- starting ---- */

static void
prepare_score(struct master *m, size_t slot, enum score_role role)
{
	struct score *score = &m->scores[slot];

	score->served = 0;
	score->fingerprint = 0;
	score->generation = m->generation;
	score->role = (int32_t)role;
	score_mark(score, SCORE_STARTING);
}

static void
close_status_listeners(const struct master *m)
{
	size_t i;

	for (i = 0; i < STATUS_LISTENERS; i++)
		if (m->pool->status[i].fd >= 0)
			close(m->pool->status[i].fd);
}

static void NORETURN
run_worker(const struct master *m, size_t slot, pid_t master)
{
	struct worker_place place = {
		.config = m->config,
		.identity = &m->pool->identity,
		.listen_fd = m->pool->listener.fd,
		.score = &m->scores[slot],
		.board = &m->board,
		.limits = m->limits,
		.suspects = m->suspects,
		.slot = slot,
		.master = master,
	};

	close_status_listeners(m);
	exit(worker_run(&place));
}

static void NORETURN
run_courier(const struct master *m, size_t slot, pid_t master)
{
	struct courier_place place = {
		.config = m->config,
		.identity = &m->pool->identity,
		.score = &m->scores[slot],
		.breakers = &m->limits->breakers,
		.master = master,
	};

	close(m->pool->listener.fd);
	close_status_listeners(m);
	exit(pool_run_courier(&place));
}

static void NORETURN
run_status(const struct master *m, size_t slot, pid_t master)
{
	struct status_place place = {
		.config = m->config,
		.identity = &m->pool->identity,
		.board = &m->board,
		.score = &m->scores[slot],
		.master = master,
	};
	size_t i;

	/* It keeps the pool's socket, to see how many wait there. */
	for (i = 0; i < STATUS_LISTENERS; i++)
		place.listeners[i] = m->pool->status[i].fd;
	exit(status_process_run(&place));
}

static struct throttle *
throttle_of(struct master *m, enum score_role role)
{
	switch (role) {
	case SCORE_COURIER:
		return &m->courier_throttle;
	case SCORE_STATUS:
		return &m->status_throttle;
	default:
		return &m->throttle;
	}
}

/* False: no further child can be started now. */
static bool
start_child(struct master *m, enum score_role role)
{
	pid_t pid, master = getpid();
	size_t slot;

	for (slot = 0; slot < SLOTS && m->children[slot].pid != 0; slot++)
		;
	if (slot == SLOTS)
		return false;
	prepare_score(m, slot, role);
	pid = fork();
	if (pid == 0)
		counters_use(&m->board.counters[slot]);
	if (pid == 0 && role == SCORE_COURIER)
		run_courier(m, slot, master);
	if (pid == 0 && role == SCORE_STATUS)
		run_status(m, slot, master);
	if (pid == 0)
		run_worker(m, slot, master);
	if (pid < 0) {
		log_error("fork: %s", strerror(errno));
		throttle_death(throttle_of(m, role), clock_monotonic_ms());
		return false;
	}
	m->board.life->starts[role]++;
	m->scores[slot].pid = (int32_t)pid;
	m->children[slot] = (struct child){ .pid = pid, .role = role,
		.generation = m->generation };
	if (role == SCORE_WORKER)
		m->started_ms = clock_monotonic_ms();
	log_debug("%s %ld started", score_role_name(role), (long)pid);
	return true;
}

/* Returns the number of starts that the throttle allows now: during a pause,
 * too, there is one worker, unless it is the start that fails. */
static int64_t
starts_allowed(const struct master *m, const struct census *c)
{
	int64_t now_ms = clock_monotonic_ms();

	if (throttle_wait_ms(&m->throttle, now_ms) == 0)
		return INT64_MAX;
	if (m->unthrottled == 0 && c->current == 0 && !m->start_fails &&
	    now_ms - m->started_ms >= THROTTLE_PAUSE_LEAST_MS)
		return 1;
	return m->unthrottled;
}

static void
start_missing(struct master *m, const struct census *c)
{
	int64_t missing = m->config->workers - c->current;
	int64_t allowed = starts_allowed(m, c);

	if (missing <= 0)
		m->unthrottled = 0;
	/* While old workers serve there is time to see how new ones do. */
	if (c->old > 0)
		missing = c->starting > 0 ? 0 : missing > 0;
	if (missing > allowed)
		missing = allowed;
	while (missing-- > 0 && start_child(m, SCORE_WORKER))
		if (m->unthrottled > 0)
			m->unthrottled--;
}

static void
start_couriers(struct master *m, const struct census *c)
{
	int64_t missing = m->config->couriers - c->couriers;

	if (throttle_wait_ms(&m->courier_throttle, clock_monotonic_ms()) > 0)
		return;
	while (missing-- > 0 && start_child(m, SCORE_COURIER))
		;
}

static void
start_status(struct master *m, const struct census *c)
{
	bool wanted = false;
	size_t i;

	for (i = 0; i < STATUS_LISTENERS; i++)
		wanted |= m->pool->status[i].fd >= 0;
	if (wanted && c->status == 0 &&
	    throttle_wait_ms(&m->status_throttle, clock_monotonic_ms()) == 0)
		start_child(m, SCORE_STATUS);
}

/* ---- ending ---- */

static void
order_to_leave(struct child *child, int signal, int64_t patience_ms)
{
	child->kill_at_ms = clock_monotonic_ms() + patience_ms;
	kill(child->pid, signal);
}

/* Dismisses as many old workers as there are new ones ready. */
static void
dismiss_old(struct master *m, const struct census *c)
{
	int64_t ready = c->current - c->starting;
	int64_t spare = c->old - (m->config->workers - ready);
	size_t i;

	for (i = 0; i < SLOTS && spare > 0; i++) {
		struct child *child = &m->children[i];

		if (child->pid == 0 || child->kill_at_ms != 0 ||
		    child->role != SCORE_WORKER ||
		    child->generation == m->generation)
			continue;
		order_to_leave(child, SIGNAL_WORKER_LEAVE,
		    m->config->process_control_timeout_s * 1000);
		spare--;
	}
}

/* No client waits for a courier, and those of the status page can wait: old ones
 * leave before new ones start. */
static void
dismiss_old_others(struct master *m)
{
	struct child *child;
	size_t i;

	for (i = 0; i < SLOTS; i++) {
		child = &m->children[i];
		if (child->pid != 0 && child->kill_at_ms == 0 &&
		    child->role != SCORE_WORKER &&
		    child->generation != m->generation)
			order_to_leave(child, SIGNAL_WORKER_LEAVE,
			    m->config->process_control_timeout_s * 1000);
	}
}

static void
kill_child(struct child *child)
{
	child->killed = true;
	kill(child->pid, SIGKILL);
}

/* True if its request takes too long: it may be too stuck for a signal. */
static bool
is_overdue(const struct master *m, size_t slot, int64_t now_ms)
{
	const struct score *score = &m->scores[slot];
	int64_t limit_ms = m->config->request_terminate_timeout_s * 1000;

	return limit_ms > 0 && (score->state == SCORE_READING ||
	    score->state == SCORE_BUSY) && now_ms - score->since_ms > limit_ms;
}

/* True if it waits for requests but gives no sign of life. */
static bool
is_silent(const struct master *m, size_t slot, int64_t now_ms)
{
	const struct score *score = &m->scores[slot];

	return m->children[slot].role == SCORE_WORKER &&
	    score->state == SCORE_IDLE &&
	    now_ms - score->since_ms > SCORE_SILENT_S * 1000;
}

static void
kill_overdue(struct master *m)
{
	int64_t now_ms = clock_monotonic_ms();
	struct child *child;
	size_t i;

	for (i = 0; i < SLOTS; i++) {
		child = &m->children[i];
		if (child->pid == 0 || child->killed)
			continue;
		if (is_overdue(m, i, now_ms)) {
			log_warn("worker %ld killed: %s with one request for "
			    "longer than request_terminate_timeout (%lld s)",
			    (long)child->pid,
			    score_state_name(m->scores[i].state), (long long)
			    m->config->request_terminate_timeout_s);
			kill_child(child);
		} else if (is_silent(m, i, now_ms)) {
			log_warn("worker %ld killed: idle, and without a sign "
			    "of life for %d s", (long)child->pid,
			    SCORE_SILENT_S);
			kill_child(child);
		} else if (child->kill_at_ms != 0 &&
		    now_ms >= child->kill_at_ms) {
			log_warn("%s %ld killed: %s, and did not leave in "
			    "time", score_role_name(child->role), (long)child->pid,
			    score_state_name(m->scores[i].state));
			kill_child(child);
		}
	}
}

/* ---- reaping ---- */

static struct child *
find_child(struct master *m, pid_t pid, size_t *slot)
{
	size_t i;

	for (i = 0; i < SLOTS; i++) {
		if (m->children[i].pid == pid) {
			*slot = i;
			return &m->children[i];
		}
	}
	return NULL;
}

static void
log_end(const struct master *m, size_t slot, int status)
{
	const struct child *child = &m->children[slot];
	const char *role = score_role_name(child->role);
	const char *units = child->role == SCORE_COURIER ? "messages" :
	    "requests";
	long pid = (long)child->pid;
	unsigned long long served = m->scores[slot].served;

	if (child->killed || (WIFEXITED(status) && WEXITSTATUS(status) == 0))
		log_debug("%s %ld left after %llu %s", role, pid, served,
		    units);
	else if (WIFSIGNALED(status))
		log_error("%s %ld died of signal %d (%s), %s, after %llu %s",
		    role, pid, WTERMSIG(status), strsignal(WTERMSIG(status)),
		    score_state_name(m->scores[slot].state), served, units);
	else
		log_error("%s %ld ended with status %d after %llu %s", role,
		    pid, WEXITSTATUS(status), served, units);
}

/* A death while a request was served delays no start. The request is to blame
 * unless somebody sent KILL. */
static bool
is_of_request(struct master *m, size_t slot, int status)
{
	bool by_other = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
	uint64_t fingerprint = m->scores[slot].fingerprint;

	if (m->children[slot].role != SCORE_WORKER || fingerprint == 0)
		return false;
	if (!by_other && suspects_note_death(m->suspects, fingerprint,
	    clock_monotonic_ms()))
		log_warn("the request during which worker %ld died has ended "
		    "%d workers; such requests get 503 for %d s",
		    (long)m->children[slot].pid, SUSPECT_DEATHS,
		    SUSPECT_REFUSED_MS / 1000);
	m->unthrottled++;
	return true;
}

static void
child_ended(struct master *m, size_t slot, int status)
{
	struct child *child = &m->children[slot];
	bool well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	struct life *life = m->board.life;

	log_end(m, slot, status);
	life->kills[child->role] += child->killed;
	life->deaths[child->role] += !well && !child->killed;
	if (!well && !child->killed && !is_of_request(m, slot, status)) {
		if (child->role == SCORE_WORKER)
			m->start_fails = m->scores[slot].state ==
			    SCORE_STARTING;
		if (throttle_death(throttle_of(m, child->role),
		    clock_monotonic_ms()))
			log_warn("%ss keep dying; new ones are started with "
			    "pauses, of %d s to %d s", score_role_name(child->role),
			    THROTTLE_PAUSE_LEAST_MS / 1000,
			    THROTTLE_PAUSE_MOST_MS / 1000);
	} else if (child->role == SCORE_WORKER && (well || child->killed)) {
		m->unthrottled += child->kill_at_ms == 0;
	}
	memset(child, 0, sizeof(*child));
	m->scores[slot].pid = 0;
	places_clear(&m->limits->places, slot);
}

static void
reap(struct master *m)
{
	size_t slot;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (find_child(m, pid, &slot) != NULL)
			child_ended(m, slot, status);
}

/* ---- signals ---- */

static void
signal_all(struct master *m, int signal)
{
	size_t i;

	for (i = 0; i < SLOTS; i++)
		if (m->children[i].pid != 0)
			kill(m->children[i].pid, signal);
}

static void
begin_stop(struct master *m, enum stop stop)
{
	bool fast = stop == STOP_FAST;
	size_t i;

	if (stop <= m->stop)
		return;
	log_info(fast ? "stopping" : "stopping gracefully");
	if (m->stop == STOP_NOT)
		process_notify("STOPPING=1");
	m->stop = stop;
	m->board.life->draining = 1;
	listener_retire(&m->pool->listener);
	for (i = 0; i < SLOTS; i++)
		if (m->children[i].pid != 0 &&
		    (fast || m->children[i].role != SCORE_STATUS))
			order_to_leave(&m->children[i], fast ?
			    SIGNAL_WORKER_LEAVE : SIGNAL_WORKER_DRAIN,
			    fast ? FAST_STOP_MS :
			    m->config->process_control_timeout_s * 1000);
}

static void
reopen_log(struct master *m)
{
	log_reopen();
	identity_give_log(&m->pool->identity, m->config->log);
	signal_all(m, SIGNAL_WORKER_REOPEN);
	log_info("log reopened");
}

static void
reload(struct master *m)
{
	struct arena *a = arena_new(CONFIG_ARENA_CHUNK);
	const struct config *config;

	process_notify("RELOADING=1");
	config = reload_again(a, m->pool->config_path, m->pool->workers,
	    m->pool->config);
	if (config == NULL) {
		arena_free(&a);
	} else {
		arena_free(&m->config_arena);
		m->config_arena = a;
		m->config = config;
		m->generation++;
		/* The new configuration may have removed the cause. */
		memset(&m->throttle, 0, sizeof(m->throttle));
		memset(&m->courier_throttle, 0, sizeof(m->courier_throttle));
		memset(&m->status_throttle, 0, sizeof(m->status_throttle));
		m->board.life->reloads++;
		m->board.life->workers = config->workers;
		identity_give_log(&m->pool->identity, config->log);
		log_info("configuration read again; replacing the workers");
	}
	process_notify("READY=1");
}

static void
handle_signal(struct master *m, int number)
{
	switch (number) {
	case SIGQUIT:
		begin_stop(m, STOP_GRACEFUL);
		break;
	case SIGTERM:
	case SIGINT:
		begin_stop(m, STOP_FAST);
		break;
	case SIGUSR1:
		reopen_log(m);
		break;
	case SIGUSR2:
	case SIGHUP:
		if (m->stop == STOP_NOT)
			reload(m);
		break;
	default: /* SIGCHLD, or none: every round checks the children */
		break;
	}
}

/* The status process goes last: until then it tells that the pool stops. */
static void
dismiss_last(struct master *m, const struct census *c)
{
	size_t i;

	for (i = 0; i < SLOTS && c->all == c->status; i++)
		if (m->children[i].pid != 0 && m->children[i].kill_at_ms == 0)
			order_to_leave(&m->children[i], SIGNAL_WORKER_LEAVE,
			    FAST_STOP_MS);
}

/* ---- the loop ---- */

/* Returns a short tick while children start or stop, otherwise a second. */
static int
tick_ms(const struct master *m, const struct census *c)
{
	int64_t wait_ms = throttle_wait_ms(&m->throttle, clock_monotonic_ms());

	if (m->stop != STOP_NOT || c->starting > 0 || c->old > 0)
		return TICK_BUSY_MS;
	if (c->current < m->config->workers && wait_ms < TICK_MS)
		return wait_ms < TICK_BUSY_MS ? TICK_BUSY_MS : (int)wait_ms;
	return TICK_MS;
}

static void
manage_children(struct master *m, struct census *c)
{
	reap(m);
	kill_overdue(m);
	take_census(m, c);
	if (m->stop == STOP_NOT) {
		dismiss_old(m, c);
		dismiss_old_others(m);
		take_census(m, c);
		start_missing(m, c);
		start_couriers(m, c);
		start_status(m, c);
		take_census(m, c);
	} else {
		dismiss_last(m, c);
	}
}

int
master_run(struct pool *pool)
{
	struct master *m = calloc(1, sizeof(*m));
	struct census census;
	size_t i;

	if (m == NULL || !board_init(&m->board, SLOTS, pool->listener.fd) ||
	    (m->limits = limits_new()) == NULL ||
	    (m->suspects = suspects_new()) == NULL)
		log_fatal(STATUS_SYSTEM, "out of memory");
	m->board.places = &m->limits->places;
	m->board.breakers = &m->limits->breakers;
	m->pool = pool;
	m->config = pool->config;
	m->scores = m->board.scores;
	m->board.life->workers = m->config->workers;
	log_info("reeve %s serves %s with %lld workers", PACKAGE_VERSION,
	    pool->listener.name, (long long)m->config->workers);
	do {
		manage_children(m, &census);
		if (m->stop == STOP_NOT || census.all > 0)
			handle_signal(m, signals_wait(tick_ms(m, &census)));
	} while (m->stop == STOP_NOT || census.all > 0);
	for (i = 0; i < STATUS_LISTENERS; i++)
		listener_retire(&pool->status[i]);
	log_info("stopped");
	arena_free(&m->config_arena);
	free(m);
	return 0;
}

int
master_run_alone(struct pool *pool)
{
	struct board board;
	struct worker_place place = {
		.config = pool->config,
		.identity = &pool->identity,
		.listen_fd = pool->listener.fd,
		.board = &board,
		.limits = limits_new(),
	};
	int status;

	if (!board_init(&board, 1, pool->listener.fd) || place.limits == NULL)
		log_fatal(STATUS_SYSTEM, "out of memory");
	board.places = &place.limits->places;
	board.breakers = &place.limits->breakers;
	place.score = &board.scores[0];
	place.score->pid = (int32_t)getpid();
	counters_use(&board.counters[0]);
	log_info("reeve %s serves %s in one process", PACKAGE_VERSION,
	    pool->listener.name);
	status = worker_run(&place);
	listener_retire(&pool->listener);
	log_info("stopped");
	return status;
}
