/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The figures of a pool while it runs: samples of families, whose names, units
 * and labels are the table in figures.c. A figure that is not known has no sample.
 * Pure.
 */
#ifndef REEVE_API_FIGURES_H
#define REEVE_API_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define FIGURE_LABELS 2

/* A value that should be known, and is not. */
#define FIGURE_UNKNOWN INT64_MIN

/* Figures of long lists are counted to this number; one more says that there are
 * more. */
#define FIGURE_COUNTED_TO 10000

enum figure {
	FIGURE_BUILD,
	FIGURE_START_TIME,
	FIGURE_DRAINING,
	FIGURE_RELOADS,
	FIGURE_WORKERS_CONFIGURED,
	FIGURE_WORKERS,
	FIGURE_WAITING,
	FIGURE_PLACES,
	FIGURE_PLACES_TAKEN,
	FIGURE_PLACES_REFUSED,
	FIGURE_BREAKERS,
	FIGURE_BREAKERS_REFUSED,
	FIGURE_BREAKER_TIMEOUTS,
	FIGURE_BREAKER_TRIES,
	FIGURE_PROCESSES,
	FIGURE_STARTS,
	FIGURE_DEATHS,
	FIGURE_MEMORY,
	FIGURE_QUEUE,
	FIGURE_BACKLOG,
	FIGURE_REQUESTS,
	FIGURE_DROPPED,
	FIGURE_DURATION_BUCKET,
	FIGURE_DURATION_COUNT,
	FIGURE_DURATION_SUM,
	FIGURE_CALLS,
	FIGURE_CALL_TIME,
	FIGURE_HOST_FIT,
	FIGURE_HOST_UNFIT,
	FIGURE_DATABASE_UP,
	FIGURE_DATABASE_AGE,
	FIGURE_STORED_AGE,
	FIGURE_OUTBOX,
	FIGURE_OUTBOX_OLDEST,
	FIGURE_OUTBOX_DUE,
	FIGURE_OUTBOX_DEAD,
	FIGURE_PAYMENTS,
	FIGURE_RUN_DUE,
	FIGURE__MAX
};

enum figure_type {
	FIGURE_COUNTER,
	FIGURE_GAUGE,
	FIGURE_INFO,
	FIGURE_HISTOGRAM,
	FIGURE_CONTINUED /* of the histogram above */
};

struct figure_family {
	const char *name;   /* that of OpenMetrics, without "reeve_" */
	const char *suffix; /* of its samples */
	enum figure_type type;
	bool is_time; /* values are microseconds, and shown as seconds */
	const char *help;
	const char *labels[FIGURE_LABELS]; /* their names; NULL: none */
	bool is_bounded; /* values are counted to FIGURE_COUNTED_TO */
	bool is_named; /* labels come from clients: not for OpenMetrics, where
	                  each value of a label is a series that is kept */
};

struct figure_sample {
	enum figure figure;
	const char *labels[FIGURE_LABELS]; /* values; as many as the family has */
	int64_t value;
};

/* One process, for ?full. */
struct figure_process {
	int64_t pid;
	const char *role;
	const char *state;
	int64_t state_ms;   /* how long it has been in it */
	int64_t served;     /* requests or messages */
	const char *call;   /* the procedure that it waits for; NULL: none */
	int64_t memory_kib; /* resident; -1: unknown */
};

struct figures {
	struct arena *arena;
	struct figure_sample *samples; /* in the order of the table */
	size_t count, room;
	struct figure_process *processes;
	size_t process_count, process_room;
};

/* Those who can add the figures of the pool that a process belongs to. */
struct figure_source {
	void (*gather)(const void *state, struct figures *f);
	const void *state;
};

const struct figure_family *figure_family(enum figure figure);

/* Makes none yet; they live on the arena. */
void figures_init(struct figures *f, struct arena *a);

/* Adds a sample; figures come in the order of the table. Labels are lent; NULL
 * for those that the family does not have. */
void figures_add(struct figures *f, enum figure figure, const char *label,
    const char *label2, int64_t value);

void figures_add_process(struct figures *f,
    const struct figure_process *process);

#endif
