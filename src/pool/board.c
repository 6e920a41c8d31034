/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "pool/board.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "api/routes.h"
#include "base/clock.h"
#include "base/gregorian.h"
#include "base/memory.h"
#include "pool/backlog.h"

#define MICROSECONDS INT64_C(1000000)

#define BREAKERS_SHOWN 20 /* by name; all are counted */

bool
board_init(struct board *b, size_t slots, int listen_fd)
{
	*b = (struct board){ .slots = slots, .listen_fd = listen_fd };
	b->scores = scoreboard_new(slots);
	b->counters = counters_new(slots);
	b->life = memory_shared(sizeof(*b->life));
	if (b->scores == NULL || b->counters == NULL || b->life == NULL)
		return false;
	b->life->started = gregorian_now();
	return true;
}

/* ---- the processes now ---- */

/* Resident; -1: it cannot be read. */
static int64_t
memory_of(int64_t pid)
{
	char path[48];
	long long pages = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%lld/statm", (long long)pid);
	file = fopen(path, "re");
	if (file == NULL)
		return -1;
	if (fscanf(file, "%*d %lld", &pages) != 1)
		pages = -1;
	fclose(file);
	return pages < 0 ? -1 : pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* The procedure that a process waits for; NULL: none. */
static const char *
call_of(const struct board *b, struct arena *a, size_t slot)
{
	const struct counters *c = &b->counters[slot];
	int32_t calling = c->calling;

	if (calling < 1 || calling > COUNTERS_CALLS)
		return NULL;
	return c->calls[calling - 1].name[0] == '\0' ? "first call" :
	    arena_strndup(a, c->calls[calling - 1].name, COUNTERS_NAME - 1);
}

static void
gather_processes(const struct board *b, struct figures *f)
{
	int64_t now_ms = clock_monotonic_ms();
	const struct score *s;
	size_t i;

	for (i = 0; i < b->slots; i++) {
		s = &b->scores[i];
		if (s->pid == 0)
			continue;
		figures_add_process(f, &(struct figure_process){
			.pid = s->pid,
			.role = score_role_name(s->role),
			.state = score_state_name(s->state),
			.state_ms = now_ms - s->since_ms,
			.served = (int64_t)s->served,
			.call = call_of(b, f->arena, i),
			.memory_kib = memory_of(s->pid),
		});
	}
}

static bool
is_worker(const struct figure_process *p)
{
	return strcmp(p->role, score_role_name(SCORE_WORKER)) == 0;
}

static void
add_workers(struct figures *f)
{
	int64_t count, waiting = 0;
	const char *state;
	size_t i;
	int each;

	for (each = 0; each < SCORE_STATES; each++) {
		state = score_state_name(each);
		for (count = 0, i = 0; i < f->process_count; i++)
			count += is_worker(&f->processes[i]) &&
			    strcmp(f->processes[i].state, state) == 0;
		figures_add(f, FIGURE_WORKERS, state, NULL, count);
	}
	for (i = 0; i < f->process_count; i++)
		waiting += is_worker(&f->processes[i]) &&
		    f->processes[i].call != NULL;
	figures_add(f, FIGURE_WAITING, "database", NULL, waiting);
}

static void
add_places(const struct board *b, struct figures *f)
{
	struct place_figures p;

	places_count(b->places, b->life->workers, &p);
	figures_add(f, FIGURE_PLACES, "bookkeeper", NULL, p.quarter);
	figures_add(f, FIGURE_PLACES, "one account", NULL, p.quarter);
	figures_add(f, FIGURE_PLACES, "all", NULL, p.half);
	figures_add(f, FIGURE_PLACES_TAKEN, "bookkeeper", NULL, p.bookkeepers);
	figures_add(f, FIGURE_PLACES_TAKEN, "account", NULL, p.accounts);
	figures_add(f, FIGURE_PLACES_REFUSED, NULL, NULL, (int64_t)p.refused);
}

static void
add_breakers(const struct breakers *table, struct figures *f)
{
	struct breaker_row *rows = arena_alloc(f->arena,
	    BREAKERS_SHOWN * sizeof(*rows));
	size_t open = breakers_list(table, rows, BREAKERS_SHOWN), i;
	size_t shown = open < BREAKERS_SHOWN ? open : BREAKERS_SHOWN;

	figures_add(f, FIGURE_BREAKERS, NULL, NULL, (int64_t)open);
	figures_add(f, FIGURE_BREAKERS_REFUSED, NULL, NULL,
	    (int64_t)table->refused);
	for (i = 0; i < shown; i++)
		figures_add(f, FIGURE_BREAKER_TIMEOUTS, rows[i].receiver,
		    rows[i].host, rows[i].timeouts);
	for (i = 0; i < shown; i++)
		figures_add(f, FIGURE_BREAKER_TRIES, rows[i].receiver, NULL,
		    rows[i].tries);
}

static void
add_processes(struct figures *f)
{
	const char *role;
	int64_t count;
	size_t i;
	int each;

	for (each = 0; each < SCORE_ROLES; each++) {
		role = score_role_name(each);
		for (count = 0, i = 0; i < f->process_count; i++)
			count += strcmp(f->processes[i].role, role) == 0;
		figures_add(f, FIGURE_PROCESSES, role, NULL, count);
	}
}

static void
add_memory(struct figures *f)
{
	const char *role;
	int64_t kib;
	size_t i;
	int each;

	for (each = 0; each < SCORE_ROLES; each++) {
		role = score_role_name(each);
		for (kib = 0, i = 0; i < f->process_count; i++)
			if (strcmp(f->processes[i].role, role) == 0 &&
			    f->processes[i].memory_kib > 0)
				kib += f->processes[i].memory_kib;
		figures_add(f, FIGURE_MEMORY, role, NULL, kib * 1024);
	}
}

/* ---- what the master counts ---- */

static void
add_life(const struct life *life, struct figures *f)
{
	figures_add(f, FIGURE_BUILD, PACKAGE_VERSION, NULL, 1);
	figures_add(f, FIGURE_START_TIME, NULL, NULL,
	    (life->started - GREGORIAN_UNIX_EPOCH) * MICROSECONDS);
	figures_add(f, FIGURE_DRAINING, NULL, NULL, life->draining);
	figures_add(f, FIGURE_RELOADS, NULL, NULL, (int64_t)life->reloads);
	figures_add(f, FIGURE_WORKERS_CONFIGURED, NULL, NULL, life->workers);
}

static void
add_restarts(const struct life *life, struct figures *f)
{
	int each;

	for (each = 0; each < SCORE_ROLES; each++)
		figures_add(f, FIGURE_STARTS, score_role_name(each), NULL,
		    (int64_t)life->starts[each]);
	for (each = 0; each < SCORE_ROLES; each++) {
		figures_add(f, FIGURE_DEATHS, score_role_name(each), "died",
		    (int64_t)life->deaths[each]);
		figures_add(f, FIGURE_DEATHS, score_role_name(each), "killed",
		    (int64_t)life->kills[each]);
	}
}

static void
add_queue(const struct board *b, struct figures *f)
{
	struct backlog queue;

	if (!backlog_read(b->listen_fd, &queue))
		return;
	figures_add(f, FIGURE_QUEUE, NULL, NULL, queue.waiting);
	figures_add(f, FIGURE_BACKLOG, NULL, NULL, queue.limit);
}

/* ---- what all have counted ---- */

/* Slots that nobody ever had are not touched: their memory does not exist. */
static bool
was_used(const struct board *b, size_t slot)
{
	return b->scores[slot].since_ms != 0;
}

static void
add_parts(struct counters *sum, const struct counters *part)
{
	size_t i, k;

	for (i = 0; i < COUNTERS_ROUTES; i++)
		for (k = 0; k < COUNTERS_STATUSES; k++)
			sum->answers[i][k] += part->answers[i][k];
	for (i = 0; i < COUNTERS_BOUNDS + 1; i++)
		sum->took[i] += part->took[i];
	sum->took_us += part->took_us;
	sum->dropped += part->dropped;
	for (i = 0; i < COUNTERS_CALLS; i++) {
		sum->calls[i].count += part->calls[i].count;
		sum->calls[i].us += part->calls[i].us;
		if (sum->calls[i].name[0] == '\0')
			memcpy(sum->calls[i].name, part->calls[i].name,
			    COUNTERS_NAME - 1);
	}
}

static const char *
route_label(struct arena *a, size_t index)
{
	const struct route *route = route_at(index);

	return route == NULL ? "none" : arena_printf(a, "%s %s",
	    method_name(route->method), route->path);
}

static void
add_requests(const struct counters *sum, struct figures *f)
{
	static const char *const statuses[COUNTERS_STATUSES] = { "1xx", "2xx",
		"3xx", "4xx", "5xx" };
	const char *label;
	size_t i, k;

	for (i = 0; i <= route_index(NULL); i++) {
		label = NULL;
		for (k = 0; k < COUNTERS_STATUSES; k++) {
			if (sum->answers[i][k] == 0)
				continue;
			if (label == NULL)
				label = route_label(f->arena, i);
			figures_add(f, FIGURE_REQUESTS, label, statuses[k],
			    (int64_t)sum->answers[i][k]);
		}
	}
}

static void
add_durations(const struct counters *sum, struct figures *f)
{
	uint64_t count = 0;
	int64_t ms;
	size_t i;

	for (i = 0; i < COUNTERS_BOUNDS; i++) {
		count += sum->took[i];
		ms = counters_bounds_ms[i];
		figures_add(f, FIGURE_DURATION_BUCKET, ms < 1000 ?
		    arena_printf(f->arena, "0.%03d", (int)ms) :
		    arena_printf(f->arena, "%d.0", (int)(ms / 1000)), NULL,
		    (int64_t)count);
	}
	count += sum->took[COUNTERS_BOUNDS];
	figures_add(f, FIGURE_DURATION_BUCKET, "+Inf", NULL, (int64_t)count);
	figures_add(f, FIGURE_DURATION_COUNT, NULL, NULL, (int64_t)count);
	figures_add(f, FIGURE_DURATION_SUM, NULL, NULL, (int64_t)sum->took_us);
}

static void
add_calls(const struct counters *sum, struct figures *f)
{
	size_t i;

	for (i = 0; i < COUNTERS_CALLS; i++)
		if (sum->calls[i].count > 0)
			figures_add(f, FIGURE_CALLS, sum->calls[i].name, NULL,
			    (int64_t)sum->calls[i].count);
	for (i = 0; i < COUNTERS_CALLS; i++)
		if (sum->calls[i].count > 0)
			figures_add(f, FIGURE_CALL_TIME, sum->calls[i].name,
			    NULL, (int64_t)sum->calls[i].us);
}

void
board_gather(const struct board *b, struct figures *f)
{
	struct counters *sum = arena_alloc(f->arena, sizeof(*sum));
	size_t i;

	for (i = 0; i < b->slots; i++)
		if (was_used(b, i))
			add_parts(sum, &b->counters[i]);
	gather_processes(b, f);
	add_life(b->life, f);
	add_workers(f);
	add_places(b, f);
	add_breakers(b->breakers, f);
	add_processes(f);
	add_restarts(b->life, f);
	add_memory(f);
	add_queue(b, f);
	add_requests(sum, f);
	figures_add(f, FIGURE_DROPPED, NULL, NULL, (int64_t)sum->dropped);
	add_durations(sum, f);
	add_calls(sum, f);
}

uint64_t
board_deliveries(const struct board *b)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < b->slots; i++)
		if (b->scores[i].role == SCORE_COURIER)
			sum += b->scores[i].served;
	return sum;
}
