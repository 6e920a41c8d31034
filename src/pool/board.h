/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All that the processes of a pool tell of themselves, in shared memory that the
 * master makes before it forks: their scores and counters, a slot each, and what
 * only the master knows. Any of them can make figures of it.
 */
#ifndef REEVE_POOL_BOARD_H
#define REEVE_POOL_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/figures.h"
#include "base/attr.h"
#include "base/breakers.h"
#include "base/counters.h"
#include "base/places.h"
#include "pool/scoreboard.h"

/* Written by the master alone. */
struct life {
	int64_t started; /* Gregorian seconds */
	_Atomic int64_t workers; /* as configured now */
	_Atomic uint64_t reloads;
	_Atomic int32_t draining; /* 1: the pool stops */
	_Atomic uint64_t starts[SCORE_ROLES];
	_Atomic uint64_t deaths[SCORE_ROLES];
	_Atomic uint64_t kills[SCORE_ROLES]; /* by the master */
};

struct board {
	size_t slots;
	int listen_fd;
	struct score *scores;
	struct counters *counters;
	struct life *life;
	/* Set by the master: */
	const struct places *places; /* of workers that wait */
	const struct breakers *breakers; /* of receivers */
};

/* Makes the memory. False: there is none. */
bool board_init(struct board *b, size_t slots, int listen_fd) MUSTCHECK;

/* Adds the figures of the board, from FIGURE_BUILD to FIGURE_CALL_TIME, and its
 * processes. */
void board_gather(const struct board *b, struct figures *f);

/* Returns a number that changes when a courier has ended an attempt. */
uint64_t board_deliveries(const struct board *b);

#endif
