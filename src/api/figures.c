/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/figures.h"

#include <string.h>

/* clang-format off */
static const struct figure_family families[] = {
	[FIGURE_BUILD] = { "build", "_info", FIGURE_INFO, false,
	    "The program", .labels = { "version" } },
	[FIGURE_START_TIME] = { "start_time_seconds", "", FIGURE_GAUGE, true,
	    "When the pool started, in seconds since 1970", .labels = { NULL } },
	[FIGURE_DRAINING] = { "draining", "", FIGURE_GAUGE, false,
	    "1 while the pool stops", .labels = { NULL } },
	[FIGURE_RELOADS] = { "reloads", "_total", FIGURE_COUNTER, false,
	    "How often the configuration was read again", .labels = { NULL } },
	[FIGURE_WORKERS_CONFIGURED] = { "workers_configured", "", FIGURE_GAUGE, false,
	    "Workers that there are in a pool at rest", .labels = { NULL } },
	[FIGURE_WORKERS] = { "workers", "", FIGURE_GAUGE, false,
	    "Workers by what they do", .labels = { "state" } },
	[FIGURE_WAITING] = { "workers_waiting", "", FIGURE_GAUGE, false,
	    "Busy workers by what they wait for", .labels = { "for" } },
	[FIGURE_PLACES] = { "places", "", FIGURE_GAUGE, false,
	    "How many workers may wait at once", .labels = { "for" } },
	[FIGURE_PLACES_TAKEN] = { "places_taken", "", FIGURE_GAUGE, false,
	    "How many do", .labels = { "for" } },
	[FIGURE_PLACES_REFUSED] = { "places_refused", "_total", FIGURE_COUNTER, false,
	    "Requests that found all places taken", .labels = { NULL } },
	[FIGURE_BREAKERS] = { "breakers_open", "", FIGURE_GAUGE, false,
	    "Receivers that did not answer in time: one attempt at a time is made", .labels = { NULL } },
	[FIGURE_BREAKERS_REFUSED] = { "breakers_refused", "_total", FIGURE_COUNTER, false,
	    "Attempts that were held back meanwhile", .labels = { NULL } },
	[FIGURE_BREAKER_TIMEOUTS] = { "breaker_timeouts", "", FIGURE_GAUGE, false,
	    "Such a receiver, its host, and time-outs in a row", .labels = { "receiver", "host" },
	    .is_named = true },
	[FIGURE_BREAKER_TRIES] = { "breaker_tries", "", FIGURE_GAUGE, false,
	    "1 while an attempt to reach it is under way", .labels = { "receiver" },
	    .is_named = true },
	[FIGURE_PROCESSES] = { "processes", "", FIGURE_GAUGE, false,
	    "Processes of the pool", .labels = { "role" } },
	[FIGURE_STARTS] = { "process_starts", "_total", FIGURE_COUNTER, false,
	    "Processes that were started", .labels = { "role" } },
	[FIGURE_DEATHS] = { "process_deaths", "_total", FIGURE_COUNTER, false,
	    "Processes that died, or were killed by the master", .labels = { "role", "how" } },
	[FIGURE_MEMORY] = { "memory_bytes", "", FIGURE_GAUGE, false,
	    "Resident memory of all processes of a role", .labels = { "role" } },
	[FIGURE_QUEUE] = { "queue_connections", "", FIGURE_GAUGE, false,
	    "Connections that wait for a worker", .labels = { NULL } },
	[FIGURE_BACKLOG] = { "queue_limit_connections", "", FIGURE_GAUGE, false,
	    "How many may wait", .labels = { NULL } },
	[FIGURE_REQUESTS] = { "requests", "_total", FIGURE_COUNTER, false,
	    "Requests that were answered", .labels = { "route", "status" } },
	[FIGURE_DROPPED] = { "requests_dropped", "_total", FIGURE_COUNTER, false,
	    "Requests not begun because their client had gone", .labels = { NULL } },
	[FIGURE_DURATION_BUCKET] = { "request_duration_seconds", "_bucket", FIGURE_HISTOGRAM, false,
	    "Time from the head of a request to its answer", .labels = { "le" } },
	[FIGURE_DURATION_COUNT] = { "request_duration_seconds", "_count", FIGURE_CONTINUED, false,
	    NULL, .labels = { NULL } },
	[FIGURE_DURATION_SUM] = { "request_duration_seconds", "_sum", FIGURE_CONTINUED, true,
	    NULL, .labels = { NULL } },
	[FIGURE_CALLS] = { "database_calls", "_total", FIGURE_COUNTER, false,
	    "Calls of procedures, repeated ones included", .labels = { "procedure" } },
	[FIGURE_CALL_TIME] = { "database_call_seconds", "_total", FIGURE_COUNTER, true,
	    "Time in these calls", .labels = { "procedure" } },
	[FIGURE_HOST_FIT] = { "database_host_fit", "", FIGURE_GAUGE, false,
	    "1 if the host serves, as far as the pool has seen", .labels = { "host" } },
	[FIGURE_HOST_UNFIT] = { "database_host_unfit_seconds", "", FIGURE_GAUGE, true,
	    "How long a host has not served", .labels = { "host", "why" } },
	[FIGURE_DATABASE_UP] = { "database_up", "", FIGURE_GAUGE, false,
	    "1 if the database answered when it was last asked", .labels = { NULL } },
	[FIGURE_DATABASE_AGE] = { "database_asked_seconds", "", FIGURE_GAUGE, true,
	    "How long ago that was", .labels = { NULL } },
	[FIGURE_STORED_AGE] = { "database_figures_seconds", "", FIGURE_GAUGE, true,
	    "How old the figures are that the database gives", .labels = { NULL } },
	[FIGURE_OUTBOX] = { "outbox_messages", "", FIGURE_GAUGE, false,
	    "Messages that wait, counted to 10000", .labels = { "lane" }, .is_bounded = true },
	[FIGURE_OUTBOX_OLDEST] = { "outbox_oldest_seconds", "", FIGURE_GAUGE, true,
	    "Age of the oldest of them", .labels = { "lane" } },
	[FIGURE_OUTBOX_DUE] = { "outbox_due_seconds", "", FIGURE_GAUGE, true,
	    "How long a message has been due without a courier that took it", .labels = { NULL } },
	[FIGURE_OUTBOX_DEAD] = { "outbox_dead_messages", "", FIGURE_GAUGE, false,
	    "Messages that were given up, counted to 10000", .labels = { NULL }, .is_bounded = true },
	[FIGURE_PAYMENTS] = { "payments_pending", "", FIGURE_GAUGE, false,
	    "Payments without a result, counted to 10000", .labels = { NULL }, .is_bounded = true },
	[FIGURE_RUN_DUE] = { "run_due_seconds", "", FIGURE_GAUGE, true,
	    "How long the last run of run-due has been as it is", .labels = { "result" } },
};
/* clang-format on */

_Static_assert(sizeof(families) / sizeof(families[0]) == FIGURE__MAX,
    "each has a row");

const struct figure_family *
figure_family(enum figure figure)
{
	return &families[figure];
}

void
figures_init(struct figures *f, struct arena *a)
{
	*f = (struct figures){ .arena = a };
}

/* Returns room for one more element; *list is an array of this many. */
static void *
grow(struct arena *a, void *list, size_t count, size_t *room, size_t size)
{
	void *larger;

	if (count < *room)
		return list;
	*room = *room == 0 ? 64 : 2 * *room;
	larger = arena_alloc(a, *room * size);
	if (count > 0)
		memcpy(larger, list, count * size);
	return larger;
}

void
figures_add(struct figures *f, enum figure figure, const char *label,
    const char *label2, int64_t value)
{
	f->samples = grow(f->arena, f->samples, f->count, &f->room,
	    sizeof(*f->samples));
	f->samples[f->count++] = (struct figure_sample){ figure,
		{ label, label2 }, value };
}

void
figures_add_process(struct figures *f, const struct figure_process *process)
{
	f->processes = grow(f->arena, f->processes, f->process_count,
	    &f->process_room, sizeof(*f->processes));
	f->processes[f->process_count++] = *process;
}
